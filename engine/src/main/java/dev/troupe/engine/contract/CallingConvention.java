package dev.troupe.engine.contract;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.List;

/**
 * Where guest functions find parameters and leave results. Registers first, the rest in one stack
 * area that the caller owns and that holds stack parameters on the way in and stack results on the
 * way out.
 *
 * <pre>
 *   caller's frame   | ...                  |
 *                    | stack area byte 8    |
 *   rsp at the call  | stack area byte 0    | 16-aligned
 *   rsp on entry     | return address       |
 * </pre>
 *
 * <p>The upper half of a general register that holds an i32 is undefined, and so are the upper
 * lanes of a vector register that holds a float.
 */
public final class CallingConvention {
  private static final int[] INTEGER_PARAMS = {
    Registers.RDI, Registers.RSI, Registers.RDX, Registers.RCX,
    Registers.R8, Registers.R9, Registers.RAX, Registers.R10
  };
  private static final int[] INTEGER_RESULTS = {
    Registers.RAX, Registers.RDX, Registers.RCX, Registers.RSI, Registers.RDI, Registers.R8
  };
  private static final int VECTOR_REGISTERS = 8;

  private final int[] params;
  private final int[] results;
  private final int paramStackBytes;
  private final int resultStackBytes;

  private CallingConvention(
      int[] params, int[] results, int paramStackBytes, int resultStackBytes) {
    this.params = params;
    this.results = results;
    this.paramStackBytes = paramStackBytes;
    this.resultStackBytes = resultStackBytes;
  }

  /** General registers of parameters, in the order in which they are taken. */
  public static int[] integerParams() {
    return INTEGER_PARAMS.clone();
  }

  /** General registers of results, in the order in which they are taken. */
  public static int[] integerResults() {
    return INTEGER_RESULTS.clone();
  }

  /** The locations for calls of this type. */
  public static CallingConvention of(FuncType type) {
    int[] params = new int[type.paramCount()];
    int[] results = new int[type.resultCount()];
    int paramBytes = assign(type.params(), INTEGER_PARAMS, params);
    int resultBytes = assign(type.results(), INTEGER_RESULTS, results);
    return new CallingConvention(
        params, results, (paramBytes + 15) & -16, (resultBytes + 15) & -16);
  }

  /** Location of a parameter: a register id, or {@link #isStack a place in the stack area}. */
  public int param(int index) {
    return params[index];
  }

  /** Location of a result: a register id, or {@link #isStack a place in the stack area}. */
  public int result(int index) {
    return results[index];
  }

  /** Size of the stack area, bytes, a multiple of 16. */
  public int stackBytes() {
    return Math.max(paramStackBytes, resultStackBytes);
  }

  /** Part of the stack area that parameters take, bytes, a multiple of 16. */
  public int paramStackBytes() {
    return paramStackBytes;
  }

  /** Part of the stack area that results take, bytes, a multiple of 16. */
  public int resultStackBytes() {
    return resultStackBytes;
  }

  /** Whether a location is in the stack area and not a register. */
  public static boolean isStack(int location) {
    return location < 0;
  }

  /** Byte offset in the stack area of a location that {@link #isStack}. */
  public static int stackOffset(int location) {
    return ~location;
  }

  private static int assign(List<ValType> types, int[] integerRegisters, int[] locations) {
    int integers = 0;
    int vectors = 0;
    int offset = 0;
    for (int i = 0; i < locations.length; i++) {
      ValType type = types.get(i);
      if (isInteger(type) && integers < integerRegisters.length) {
        locations[i] = integerRegisters[integers++];
      } else if (!isInteger(type) && vectors < VECTOR_REGISTERS) {
        locations[i] = Registers.XMM0 + vectors++;
      } else {
        int bytes = type == VecType.V128 ? 16 : 8;
        offset = (offset + bytes - 1) & -bytes;
        locations[i] = ~offset;
        offset += bytes;
      }
    }
    return offset;
  }

  /** Whether values of this type travel in general registers. */
  public static boolean isInteger(ValType type) {
    return type == NumType.I32 || type == NumType.I64 || type.isReference();
  }
}
