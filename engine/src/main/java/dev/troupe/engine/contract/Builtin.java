package dev.troupe.engine.contract;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The routines that compiled code may call, one row each: the process-wide table of stub addresses
 * at {@link InstanceLayout#BUILTINS} has them in this order, 8 bytes each. Their signatures use the
 * guest's own {@link CallingConvention}; references travel as {@code i64}.
 *
 * <p>Those with an exit code leave to the host with their arguments in the value area; the others
 * are machine code only.
 */
public enum Builtin {
  /** (memory index, pages) to the previous pages or -1. */
  MEMORY_GROW(ExitCode.MEMORY_GROW, "ij", "j"),
  /** (table index, initial reference, elements) to the previous length or -1. */
  TABLE_GROW(ExitCode.TABLE_GROW, "ijj", "j"),
  /** (table index, element segment, destination, source, length). */
  TABLE_INIT(ExitCode.TABLE_INIT, "iijjj", ""),
  /** (destination table, source table, destination, source, length). */
  TABLE_COPY(ExitCode.TABLE_COPY, "iijjj", ""),
  /** (table index, destination, reference, length). */
  TABLE_FILL(ExitCode.TABLE_FILL, "ijjj", ""),
  /** (memory index, data segment, destination, source, length). */
  MEMORY_INIT(ExitCode.MEMORY_INIT, "iijjj", ""),
  /** (data segment). */
  DATA_DROP(ExitCode.DATA_DROP, "i", ""),
  /** (element segment). */
  ELEM_DROP(ExitCode.ELEM_DROP, "i", ""),
  /** (bytes): makes room for an object so large in the collected heap. */
  GC_ROOM(ExitCode.GC_ROOM, "j", ""),
  /** (type of the module, data segment, source, length) to the array. */
  ARRAY_NEW_DATA(ExitCode.ARRAY_NEW_DATA, "iijj", "j"),
  /** (type of the module, element segment, source, length) to the array. */
  ARRAY_NEW_ELEM(ExitCode.ARRAY_NEW_ELEM, "iijj", "j"),
  /** (array, index, data segment, source, length): checked against the array. */
  ARRAY_INIT_DATA(ExitCode.ARRAY_INIT_DATA, "jjijj", ""),
  /** (array, index, element segment, source, length): checked against the array. */
  ARRAY_INIT_ELEM(ExitCode.ARRAY_INIT_ELEM, "jjijj", ""),
  /** (array, index, low half, high half, length): checked against the array. */
  ARRAY_FILL_VECTORS(ExitCode.ARRAY_FILL_VECTORS, "jjjjj", ""),
  /** No arguments: leave because the fuel is used up; returns when the host refuelled. */
  FUEL_EXIT(ExitCode.FUEL_EXHAUSTED, "", ""),
  /** No arguments: leave because the preemption flag is set; returns when resumed. */
  EPOCH_EXIT(ExitCode.EPOCH, "", ""),
  /** (trap kind): never returns; the return address tells where. */
  TRAP(ExitCode.TRAP, "i", ""),
  /** (destination address, source address, bytes): checked raw addresses; may overlap. */
  MEMORY_COPY(null, "jjj", ""),
  /** (destination address, byte value, bytes): checked raw address. */
  MEMORY_FILL(null, "jij", ""),
  /**
   * (destination address, 64 bits, bytes): checked raw address; repeats the bits, of which the
   * bytes are a multiple of a period.
   */
  PATTERN_FILL(null, "jjj", ""),
  /** Jumped to with a convention of its own: see {@link TailFrame}. */
  TAIL_FRAME(null, "", ""),
  /**
   * (exception tag): never returns to where it was called. What the exception carries is where
   * {@link CaughtException} says.
   */
  THROW(ExitCode.THROW, "i", ""),
  /** (reference to an exception, not null): as {@link #THROW}. */
  THROW_REF(ExitCode.THROW_REF, "j", ""),
  /**
   * (memory index, address, expected, timeout in nanoseconds or negative) to 0 notified, 1 not
   * equal or 2 timed out.
   */
  MEMORY_WAIT32(ExitCode.MEMORY_WAIT32, "ijij", "i"),
  /** As {@link #MEMORY_WAIT32} for eight bytes. */
  MEMORY_WAIT64(ExitCode.MEMORY_WAIT64, "ijjj", "i"),
  /** (memory index, address, most to wake) to the number of those woken. */
  MEMORY_NOTIFY(ExitCode.MEMORY_NOTIFY, "iji", "i");

  private final @Nullable ExitCode exitCode;
  private final FuncType type;

  Builtin(@Nullable ExitCode exitCode, String params, String results) {
    this.exitCode = exitCode;
    this.type = FuncType.of(types(params), types(results));
  }

  /** The exit that this routine makes, or null for one that is machine code only. */
  public @Nullable ExitCode exitCode() {
    return exitCode;
  }

  /** Parameters and results in terms of the guest's calling convention. */
  public FuncType type() {
    return type;
  }

  /** Offset of the stub's address in the builtin table, bytes. */
  public int tableOffset() {
    return ordinal() * Long.BYTES;
  }

  private static List<ValType> types(String letters) {
    List<ValType> types = new ArrayList<>();
    for (int i = 0; i < letters.length(); i++) {
      types.add(letters.charAt(i) == 'i' ? NumType.I32 : NumType.I64);
    }
    return types;
  }
}
