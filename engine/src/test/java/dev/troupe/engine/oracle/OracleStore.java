package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.HeapType;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the instances of a test share. A reference is a number: 0 is null, a small integer has a bit
 * of its own, functions, objects and exceptions count from 1, and callers number what belongs to
 * the host, from {@link #HOST}.
 */
public final class OracleStore {
  /** The least reference to something of the host. */
  public static final long HOST = 1L << 40;

  private static final long SMALL_INTEGER = 1L << 60;
  private static final int SMALL_MASK = 0x7FFF_FFFF;

  /** A guest that runs longer is a defect of the test. */
  private static final long INSTRUCTIONS = 2_000_000_000L;

  /** What has a handle; the first is 1. */
  private final List<Object> referents = new ArrayList<>();

  private final Map<OracleFunction, Long> handles = new IdentityHashMap<>();
  private final OracleTypes types = new OracleTypes();
  private long instructionsLeft = INSTRUCTIONS;
  private long fuelUsed;

  /** The types of all modules. */
  public OracleTypes types() {
    return types;
  }

  /** The handle of a function; never 0. */
  public long handle(OracleFunction function) {
    return handles.computeIfAbsent(function, this::add);
  }

  /** The function with this handle. */
  public OracleFunction function(long handle) {
    return (OracleFunction) referent(handle);
  }

  long add(Object object) {
    referents.add(object);
    return referents.size();
  }

  OracleObject object(long handle) {
    return (OracleObject) referent(handle);
  }

  OracleException exception(long handle) {
    return (OracleException) referent(handle);
  }

  private Object referent(long handle) {
    return referents.get((int) handle - 1);
  }

  /** The reference to an integer of 31 bits. */
  static long small(int value) {
    return SMALL_INTEGER | value & SMALL_MASK;
  }

  static boolean isSmall(long handle) {
    return (handle & SMALL_INTEGER) != 0;
  }

  static int smallValue(long handle, boolean signed) {
    int bits = (int) handle & SMALL_MASK;
    return signed ? bits << 1 >> 1 : bits;
  }

  /** Whether a reference is to something of the host. */
  public static boolean isHost(long handle) {
    return handle >= HOST && !isSmall(handle);
  }

  /** Whether a reference that is not null is of a type of a module. */
  boolean is(long handle, HeapType wanted, WasmModule module) {
    boolean isHost = isHost(handle);
    Object referent = isHost || isSmall(handle) ? "" : referent(handle);
    return switch (wanted) {
      case AbstractHeapType kind ->
          switch (kind) {
            case ANY, FUNC, EXTERN, EXN -> true;
            case EQ -> !isHost;
            case I31 -> isSmall(handle);
            case STRUCT -> referent instanceof OracleObject object && object.isStruct();
            case ARRAY -> referent instanceof OracleObject object && !object.isStruct();
            case NONE, NO_FUNC, NO_EXTERN, NO_EXN -> false;
          };
      case ConcreteHeapType concrete ->
          switch (referent) {
            case OracleObject object -> types.isSubtype(object.typeId(), module, concrete);
            case OracleFunction function ->
                types.isSubtype(function.typeId(types), module, concrete);
            default -> false;
          };
    };
  }

  /** What kind of thing a reference is: {@code i31}, {@code struct}, {@code array}, or "". */
  public String kind(long handle) {
    if (isSmall(handle)) {
      return "i31";
    }
    return !isHost(handle) && referent(handle) instanceof OracleObject object
        ? object.isStruct() ? "struct" : "array"
        : "";
  }

  /** Counts one instruction. */
  void count(WasmOp op) {
    fuelUsed += op.fuelCost();
    if (--instructionsLeft < 0) {
      throw new IllegalStateException("the guest runs too long for the oracle");
    }
  }

  /** Fuel that the instructions executed so far cost. */
  public long fuelUsed() {
    return fuelUsed;
  }
}
