package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TailFrame;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.os.NativeFile;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.SystemInfo;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.stub.CpuFeatures;
import dev.troupe.engine.runtime.stub.GuestRegion;
import dev.troupe.engine.runtime.stub.HandlerInstaller;
import dev.troupe.engine.runtime.stub.SignatureStubs;
import dev.troupe.engine.runtime.stub.StubCode;
import dev.troupe.engine.runtime.stub.StubGenerator;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiFunction;

/**
 * The generated code that connects host and guest, mapped executable: one set per process, never
 * unmapped. Signatures get stubs of their own when they are first used, as long as they are short
 * and there are not too many; all others share the generic ones, which a table tells what to do. So
 * nobody's signatures take anything from anybody but a few nanoseconds. Thread-safe.
 */
public final class GuestCode {
  /** Signatures that get stubs of their own, for entering and for host functions each. */
  static final int MOST_SIGNATURES = 512;

  /** Parameters and results of such a signature. */
  static final int MOST_VALUES = 32;

  /** Room for all of that: a value takes some ten bytes of code. */
  private static final long CAPACITY_BYTES = 2L << 20;

  private static final int ALIGNMENT = 64;

  private static final class Holder {
    static final GuestCode INSTANCE = new GuestCode();
  }

  private final CpuFeatures cpu = CpuFeatures.probe();
  private final NativeFile file = NativeFile.inMemory("troupe-stubs");
  private final long base;
  private final long builtinTable;
  private final long enter;
  private final long tailReturns;
  private final long land;
  private final long genericEntry;
  private final long genericTrampoline;
  private final ConcurrentMap<FuncType, Long> preambles = new ConcurrentHashMap<>();
  private final ConcurrentMap<FuncType, Long> trampolines = new ConcurrentHashMap<>();
  private long used;

  private GuestCode() {
    SystemInfo.requireSupportedPlatform();
    file.truncate(CAPACITY_BYTES);
    // Shared: what is written to the file through a short-lived writable view appears here.
    base = VirtualMemory.mapShared(file, 0, CAPACITY_BYTES, Protection.READ_EXECUTE);
    StubCode stubs = StubGenerator.generate(cpu);
    long stubBase = append(stubs.code());
    enter = stubBase + stubs.enterOffset();
    tailReturns = stubBase + stubs.tailReturnsOffset();
    land = stubBase + stubs.landOffset();
    genericEntry = stubBase + stubs.genericEntryOffset();
    genericTrampoline = stubBase + stubs.genericTrampolineOffset();
    builtinTable = VirtualMemory.allocate(VirtualMemory.PAGE_BYTES);
    for (Builtin builtin : Builtin.values()) {
      RawMemory.putLong(
          builtinTable + builtin.tableOffset(), stubBase + stubs.builtinOffset(builtin));
    }
    CodeRegion region = CodeRegion.instance();
    HandlerInstaller.register(
        new GuestRegion(region.base(), region.end(), region.granuleTable(), stubBase, stubs));
  }

  /** The process's set, generated on first use. */
  public static GuestCode instance() {
    return Holder.INSTANCE;
  }

  /**
   * Installs the signal handlers that guests compiled with these tunables need.
   *
   * @throws dev.troupe.engine.runtime.stub.SignalHandlerException when that is not possible, or
   *     when somebody has replaced handlers that were installed before
   */
  public void installHandlers(Tunables tunables) {
    if (tunables.traps() == TrapMode.SIGNALS) {
      HandlerInstaller.installFaultHandlers();
    }
    if (tunables.preemption() == PreemptionMode.SIGNALS) {
      HandlerInstaller.installPreemptionHandler();
    }
    HandlerInstaller.requireInstalled();
  }

  /** Address of the table of builtin stubs. */
  public long builtinTable() {
    return builtinTable;
  }

  /** The fixed entry {@code int enter(long storeContext)}. */
  public long enter() {
    return enter;
  }

  /** Where a fiber continues at a handler of an exception: see {@link StubCode#landOffset}. */
  public long land() {
    return land;
  }

  /**
   * The distance from the stack pointer of a function's caller to its own return address, if that
   * caller is a {@link TailFrame}; else -1.
   *
   * @param pc the return address
   */
  public int tailFrameBytes(long pc) {
    long offset = pc - tailReturns;
    boolean isOne = offset >= 0 && offset < TailFrame.CLASSES * TailFrame.ROUTINE_BYTES;
    return isOne
        ? TailFrame.areaBytes((int) offset / TailFrame.ROUTINE_BYTES) + TailFrame.HEADER_BYTES
        : -1;
  }

  /**
   * Where a fresh fiber starts for functions of this type. When that is the {@linkplain #isGeneric
   * generic} stub, {@link dev.troupe.engine.contract.StoreContext#CALLEE_MOVES} tells it what to
   * do.
   */
  public long entryPreamble(FuncType type) {
    return stub(type, preambles, SignatureStubs::entryPreamble, genericEntry);
  }

  /**
   * The code that a guest calls for a host function of this type. When that is the {@linkplain
   * #isGeneric generic} stub, {@link dev.troupe.engine.contract.InstanceLayout#MOVES} tells it what
   * to do.
   */
  long hostTrampoline(FuncType type) {
    return stub(type, trampolines, SignatureStubs::hostTrampoline, genericTrampoline);
  }

  /** Whether a stub is one that a table tells what to do. */
  public boolean isGeneric(long stub) {
    return stub == genericEntry || stub == genericTrampoline;
  }

  private long stub(
      FuncType type,
      ConcurrentMap<FuncType, Long> known,
      BiFunction<FuncType, CpuFeatures, byte[]> generator,
      long generic) {
    if (type.paramCount() + type.resultCount() > MOST_VALUES) {
      return generic;
    }
    FuncType carried = carried(type);
    Long own = known.get(carried);
    if (own != null) {
      return own;
    }
    if (known.size() >= MOST_SIGNATURES) {
      // As it will be for ever: nobody waits for anybody.
      return generic;
    }
    synchronized (known) {
      return known.size() >= MOST_SIGNATURES
          ? generic
          : known.computeIfAbsent(carried, t -> append(generator.apply(t, cpu)));
    }
  }

  /**
   * How values of a type are passed: all references alike. Types with declared ones come and go.
   */
  static FuncType carried(FuncType type) {
    return hasReference(type.params()) || hasReference(type.results())
        ? new FuncType(carried(type.params()), carried(type.results()))
        : type;
  }

  private static boolean hasReference(List<ValType> types) {
    for (int i = 0; i < types.size(); i++) {
      if (types.get(i) instanceof RefType) {
        return true;
      }
    }
    return false;
  }

  private static List<ValType> carried(List<ValType> types) {
    List<ValType> carried = new ArrayList<>(types.size());
    for (ValType type : types) {
      carried.add(type instanceof RefType ? RefType.EXTERNREF : type);
    }
    return carried;
  }

  /** Bytes of code that there are. */
  public synchronized long usedBytes() {
    return used;
  }

  /** Adds code behind what is there: its address. No page is ever writable and executable. */
  private synchronized long append(byte[] code) {
    long offset = used;
    long end = offset + code.length;
    if (end > CAPACITY_BYTES) {
      throw new IllegalStateException("stubs are larger than they can be");
    }
    used = (end + ALIGNMENT - 1) & -ALIGNMENT;
    file.write(offset, code);
    return base + offset;
  }
}
