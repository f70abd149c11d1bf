package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.AddressMap;
import dev.troupe.engine.artifact.StackMaps;
import dev.troupe.engine.backend.x64.CompiledFunction;
import dev.troupe.engine.base.IntList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Lays the functions of a module one behind the other, in index order, and resolves the calls
 * between them. Gaps, and the rest of the last page, are filled with {@code int3}.
 */
final class TextLinker {
  /** So that every call reaches every function. */
  private static final long MOST_BYTES = 1L << 30;

  private static final int PAGE_BYTES = 4096;
  private static final byte PADDING = (byte) 0xCC;

  private TextLinker() {}

  /**
   * Links functions.
   *
   * @param firstFunction index of the first of them
   * @throws CompileLimitException when they do not fit into a text of 1 GiB
   */
  static LinkedText link(CompiledFunction[] functions, int firstFunction) {
    int[] starts = new int[functions.length];
    long end = 0;
    int traps = 0;
    for (int i = 0; i < functions.length; i++) {
      long start = end + functions[i].alignment() - 1 & -functions[i].alignment();
      end = start + functions[i].code().length;
      if (end > MOST_BYTES) {
        throw new CompileLimitException("more than " + MOST_BYTES + " bytes of machine code");
      }
      starts[i] = (int) start;
      traps += functions[i].trapOffsets().length;
    }
    byte[] text = new byte[(int) (end + PAGE_BYTES - 1 & -PAGE_BYTES)];
    Arrays.fill(text, PADDING);
    LinkedText linked =
        new LinkedText(
            text,
            starts,
            new int[functions.length],
            new int[functions.length],
            new int[functions.length],
            new int[traps],
            new byte[traps],
            positions(functions, starts),
            stackMaps(functions, starts),
            ExceptionLinker.link(functions, starts),
            new int[functions.length]);
    int trap = 0;
    for (int i = 0; i < functions.length; i++) {
      CompiledFunction function = functions[i];
      place(linked, i, function, firstFunction);
      copyShifted(function.trapOffsets(), starts[i], linked.trapOffsets(), trap);
      int trapCount = function.trapKinds().length;
      System.arraycopy(function.trapKinds(), 0, linked.trapKinds(), trap, trapCount);
      trap += trapCount;
    }
    return linked;
  }

  private static StackMaps stackMaps(CompiledFunction[] functions, int[] starts) {
    IntList offsets = new IntList();
    List<int[]> slots = new ArrayList<>();
    for (int i = 0; i < functions.length; i++) {
      for (int offset : functions[i].safepointOffsets()) {
        offsets.add(starts[i] + offset);
      }
      Collections.addAll(slots, functions[i].safepointSlots());
    }
    return StackMaps.of(offsets.toArray(), slots);
  }

  private static AddressMap positions(CompiledFunction[] functions, int[] starts) {
    PositionLinker positions = new PositionLinker();
    for (int i = 0; i < functions.length; i++) {
      positions.add(functions[i], starts[i]);
    }
    return positions.toMap();
  }

  private static void place(LinkedText linked, int i, CompiledFunction function, int first) {
    int start = linked.functionStarts()[i];
    byte[] code = function.code();
    System.arraycopy(code, 0, linked.text(), start, code.length);
    linked.functionSizes()[i] = code.length;
    linked.frameBytes()[i] = function.frameBytes();
    linked.prologueEnds()[i] = start + function.prologueEnd();
    linked.saves()[i] = function.saves();
    for (int c = 0; c < function.callOffsets().length; c++) {
      int field = start + function.callOffsets()[c];
      int target = linked.functionStarts()[function.callTargets()[c] - first];
      int distance = target - (field + Integer.BYTES);
      for (int k = 0; k < Integer.BYTES; k++) {
        linked.text()[field + k] = (byte) (distance >> 8 * k);
      }
    }
  }

  private static void copyShifted(int[] from, int shift, int[] to, int at) {
    for (int i = 0; i < from.length; i++) {
      to[at + i] = from[i] + shift;
    }
  }
}
