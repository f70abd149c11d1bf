package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.Arrays;

/**
 * Turns {@code br_table} into branches where few decide: ranges of indexes that lead to one place
 * are told apart by comparisons, and scattered indexes with few places by the bits of a mask. What
 * is left becomes a table of jumps, which costs a clamp against speculation, two loads and a jump
 * that is harder to predict than a branch.
 */
public final class LowerSwitches {
  private static final int NONE = SsaFunction.NONE;

  /** Ranges that comparisons tell apart: two tests on each way at most. */
  private static final int MOST_RANGES = 4;

  /** Places that masks tell apart: two tests on each way at most. */
  private static final int MOST_PLACES = 3;

  private final SsaFunction function;
  private final SsaBuilder builder;

  // Of the switch being looked at. A place is a target with arguments, represented by its first
  // edge; a range of indexes starts where the one before ends, the last one has no end.
  private int index;
  private int last;
  private int placeCount;
  private int rangeCount;
  private final int[] place = new int[MOST_RANGES];
  private final long[] mask = new long[MOST_RANGES];
  private final int[] rangeStart = new int[Long.SIZE];
  private final int[] rangePlace = new int[Long.SIZE];

  private LowerSwitches(SsaFunction function) {
    this.function = function;
    this.builder = new SsaBuilder(function);
  }

  /** Runs the pass. */
  public static void run(SsaFunction function) {
    LowerSwitches pass = null;
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      int terminator = function.terminator(b);
      if (function.op(terminator) == SsaOp.BR_TABLE) {
        pass = pass == null ? new LowerSwitches(function) : pass;
        pass.lower(b, terminator);
      }
    }
  }

  private void lower(int block, int terminator) {
    index = function.operand(terminator, 0);
    last = function.edgeCount(terminator) - 1;
    if (!scan(terminator) || rangeCount == 1) {
      return;
    }
    boolean byRange = rangeCount <= MOST_RANGES;
    if (!byRange && placeCount > MOST_PLACES) {
      return;
    }
    builder.setWasmOffset(function.wasmOffset(terminator));
    function.remove(terminator);
    builder.continueBlock(block);
    if (byRange) {
      compare(0, rangeCount - 1);
    } else {
      testBits();
    }
  }

  /** Finds places and ranges; says whether there are few enough of both. */
  private boolean scan(int terminator) {
    placeCount = 0;
    rangeCount = 0;
    Arrays.fill(mask, 0);
    for (int k = 0; k <= last; k++) {
      int p = placeOf(function.edge(terminator, k));
      if (p == NONE) {
        return false;
      }
      if (rangeCount == 0 || rangePlace[rangeCount - 1] != p) {
        if (rangeCount == (last < Long.SIZE ? Long.SIZE : MOST_RANGES)) {
          return false;
        }
        rangeStart[rangeCount] = k;
        rangePlace[rangeCount++] = p;
      }
      mask[p] |= k < Long.SIZE ? 1L << k : 0;
    }
    return true;
  }

  private int placeOf(int edge) {
    for (int p = 0; p < placeCount; p++) {
      if (function.isSameEdge(edge, place[p])) {
        return p;
      }
    }
    if (placeCount == place.length) {
      return NONE;
    }
    place[placeCount] = edge;
    return placeCount++;
  }

  // ---- ranges

  /** Decides between neighbouring ranges in the current block. */
  private void compare(int first, int end) {
    if (end - first == 2 && rangePlace[first] == rangePlace[end]) {
      // One range between two others that lead to the same place.
      int start = rangeStart[first + 1];
      int distance = builder.binary(SsaOp.IADD, SsaType.I32, index, number(-start));
      int inside = below(distance, rangeStart[end] - start);
      branch(inside, rangePlace[first + 1], rangePlace[first]);
      return;
    }
    int middle = first + end + 1 >>> 1;
    int isLower = below(index, rangeStart[middle]);
    int lower = way(first, middle - 1);
    int upper = way(middle, end);
    branch(isLower, lower, upper);
    continueAt(lower, first, middle - 1);
    continueAt(upper, middle, end);
  }

  private int way(int first, int end) {
    return first == end ? rangePlace[first] : ~newBlock();
  }

  private void continueAt(int way, int first, int end) {
    if (way < 0) {
      builder.continueBlock(~way);
      compare(first, end);
    }
  }

  private int below(int value, int limit) {
    return limit == 1
        ? builder.icmp(IntCondition.EQ, SsaType.I32, value, number(0))
        : builder.icmp(IntCondition.ULT, SsaType.I32, value, number(limit));
  }

  private int number(int value) {
    return builder.iconst(SsaType.I32, value);
  }

  // ---- masks

  /** Decides between two or three places by the bits that stand for their indexes. */
  private void testBits() {
    int other = rangePlace[rangeCount - 1];
    int outside = rangeStart[rangeCount - 1];
    int a = other == 0 ? 1 : 0;
    int b = 3 - other - a;
    if (mask[other] >>> outside << outside == mask[other]) {
      // The default's place has no index below, so there are two others.
      int inside = newBlock();
      branch(below(index, outside), ~inside, other);
      builder.continueBlock(inside);
      branch(bit(mask[a], outside, index), a, b);
      return;
    }
    int clamped = builder.select(SsaType.I32, below(index, last), index, number(last));
    if (placeCount == 3) {
      int next = newBlock();
      branch(bit(mask[a], last, clamped), a, ~next);
      builder.continueBlock(next);
      a = b;
    }
    branch(bit(mask[a], last, clamped), a, other);
  }

  /** Whether the bit of {@code bits} with the number {@code position}, at most {@code most}. */
  private int bit(long bits, int most, int position) {
    SsaType type = most < Integer.SIZE ? SsaType.I32 : SsaType.I64;
    int number =
        type == SsaType.I32 ? position : builder.unary(SsaOp.UEXTEND, SsaType.I32, position);
    int shifted =
        builder.binary(
            SsaOp.USHR,
            type,
            builder.iconst(type, type == SsaType.I32 ? (int) bits : bits),
            number);
    int lowest = builder.binary(SsaOp.IAND, type, shifted, builder.iconst(type, 1));
    return type == SsaType.I32
        ? lowest
        : builder.icmp(IntCondition.NE, type, lowest, builder.iconst(type, 0));
  }

  // ---- branches

  private int newBlock() {
    int block = function.newBlock();
    function.insertBlockAfter(block, builder.block());
    function.setCold(block, function.isCold(builder.block()));
    return block;
  }

  /** Ends the current block. A way is a place, or the complement of a block without parameters. */
  private void branch(int condition, int ifTrue, int ifFalse) {
    int branch = builder.brIf(condition, target(ifTrue), target(ifFalse));
    addArguments(function.edge(branch, 0), ifTrue);
    addArguments(function.edge(branch, 1), ifFalse);
  }

  private int target(int way) {
    return way < 0 ? ~way : function.target(place[way]);
  }

  private void addArguments(int edge, int way) {
    for (int k = 0; way >= 0 && k < function.argumentCount(place[way]); k++) {
      function.addArgument(edge, function.argument(place[way], k));
    }
  }
}
