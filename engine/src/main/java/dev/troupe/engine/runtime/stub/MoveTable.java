package dev.troupe.engine.runtime.stub;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.contract.CallingConvention;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.Arrays;
import java.util.List;

/**
 * Which value of a signature goes where, as numbers for the {@link GenericStubs}: a native
 * structure of u32, all of them byte offsets or counts. Offsets of values are in the value area.
 *
 * <pre>
 *   0 stackBytes      size of the stack area
 *   4 params          a bank
 *  84 results         a bank
 * 164 stack moves     of parameters, then of results: {value, place in the stack area}, 8 bytes each
 *
 * a bank of 80 bytes:
 *   0 integers        values in general registers
 *   4 vectors         values in vector registers
 *   8 stackMoves      number of stack moves
 *  12 firstMove       offset of the first of them in this structure
 *  16 values that are in general registers, 8 times
 *  48 values that are in vector registers, 8 times
 * </pre>
 *
 * <p>A register without a value of its own has that of the first register of its kind: loading it
 * is harmless, and what is stored for it is overwritten, because the first register is stored last.
 */
public final class MoveTable {
  static final int STACK_BYTES = 0;
  static final int PARAMS = 4;
  static final int INTEGERS = 0;
  static final int VECTORS = 4;
  static final int STACK_MOVES = 8;
  static final int FIRST_MOVE = 12;
  static final int INTEGER_VALUES = 16;
  static final int VECTOR_VALUES = 48;
  private static final int REGISTERS = 8;
  private static final int BANK_BYTES = VECTOR_VALUES + REGISTERS * Integer.BYTES;
  static final int RESULTS = PARAMS + BANK_BYTES;
  private static final int MOVES = RESULTS + BANK_BYTES;

  /** Bytes of a stack move. */
  static final int MOVE_BYTES = 2 * Integer.BYTES;

  private MoveTable() {}

  /** The structure for a signature. */
  public static int[] of(FuncType type) {
    CallingConvention convention = CallingConvention.of(type);
    int[] fixed = new int[MOVES / Integer.BYTES];
    fixed[STACK_BYTES / Integer.BYTES] = convention.stackBytes();
    IntList moves = new IntList(16);
    int[] params = new int[type.paramCount()];
    Arrays.setAll(params, convention::param);
    bank(fixed, PARAMS, type.params(), params, moves);
    int[] results = new int[type.resultCount()];
    Arrays.setAll(results, convention::result);
    bank(fixed, RESULTS, type.results(), results, moves);
    int[] table = Arrays.copyOf(fixed, fixed.length + moves.size());
    System.arraycopy(moves.toArray(), 0, table, fixed.length, moves.size());
    return table;
  }

  private static void bank(
      int[] fixed, int start, List<ValType> types, int[] locations, IntList moves) {
    int[] integers = new int[REGISTERS];
    int[] vectors = new int[REGISTERS];
    int integerCount = 0;
    int vectorCount = 0;
    int firstMove = moves.size();
    for (int i = 0; i < locations.length; i++) {
      int value = i * StoreContext.VALUE_BYTES;
      if (CallingConvention.isStack(locations[i])) {
        int place = CallingConvention.stackOffset(locations[i]);
        int bytes = types.get(i) == VecType.V128 ? 2 * Long.BYTES : Long.BYTES;
        for (int at = 0; at < bytes; at += Long.BYTES) {
          moves.add(value + at);
          moves.add(place + at);
        }
      } else if (locations[i] < Registers.XMM0) {
        integers[integerCount++] = value;
      } else {
        vectors[vectorCount++] = value;
      }
    }
    Arrays.fill(integers, integerCount, REGISTERS, integers[0]);
    Arrays.fill(vectors, vectorCount, REGISTERS, vectors[0]);
    int at = start / Integer.BYTES;
    fixed[at + INTEGERS / Integer.BYTES] = integerCount;
    fixed[at + VECTORS / Integer.BYTES] = vectorCount;
    fixed[at + STACK_MOVES / Integer.BYTES] = (moves.size() - firstMove) / 2;
    fixed[at + FIRST_MOVE / Integer.BYTES] = MOVES + firstMove * Integer.BYTES;
    System.arraycopy(integers, 0, fixed, at + INTEGER_VALUES / Integer.BYTES, REGISTERS);
    System.arraycopy(vectors, 0, fixed, at + VECTOR_VALUES / Integer.BYTES, REGISTERS);
  }
}
