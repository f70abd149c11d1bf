package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.Arrays;

/**
 * What is known where one edge arrives: which conditions held on the way, as far as blocks with one
 * predecessor lead back, and what the parameters of those blocks are.
 *
 * <p>The block that the edge leads to begins a new round, if it is the header of a loop: its values
 * are not those of the same name that were tested on the way. So they are evaluated apart, from
 * what the edge brings. On the way itself no block appears twice, and no header but at its start.
 */
final class PathFacts {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_DEPTH = 4;

  private final SsaFunction function;
  private final BlockCopier copier;
  private int target;
  // The edges of the way, the last one first, and the original of the block that each leads to.
  private final IntList wayEdge = new IntList();
  private final IntList wayBlock = new IntList();
  // Comparisons that held; the right side is a value, or NONE for the constant beside it.
  private final IntList factLeft = new IntList();
  private final IntList factCondition = new IntList();
  private final IntList factRight = new IntList();
  private long[] factConstant = new long[16];
  // What the facts say of one value: as a signed and as an unsigned number.
  private long least;
  private long most;
  private long leastUnsigned;
  private long mostUnsigned;
  private long result;

  PathFacts(SsaFunction function, BlockCopier copier) {
    this.function = function;
    this.copier = copier;
  }

  /** Begins anew, for what arrives at the original block {@code block}. */
  void clear(int block) {
    target = block;
    wayEdge.clear();
    wayBlock.clear();
    factLeft.clear();
    factCondition.clear();
    factRight.clear();
  }

  /** Adds an edge in front of the way; it leads to {@code block} or a copy of that. */
  void addEdge(int edge, int block) {
    wayEdge.add(edge);
    wayBlock.add(block);
  }

  /** Says that the way is complete. */
  void complete() {
    for (int k = 0; k < wayEdge.size(); k++) {
      addConditions(wayEdge.get(k));
    }
  }

  /** The edge that {@code terminator} of the target takes, as a position, or NONE. */
  int outcome(int terminator) {
    int condition = function.operand(terminator, 0);
    if (function.op(terminator) == SsaOp.BR_IF) {
      return compare(IntCondition.NE, settle(condition), 0, 0) ? (result != 0 ? 0 : 1) : NONE;
    }
    int last = function.edgeCount(terminator) - 1;
    int index = settle(condition);
    if (constant(index, 0)) {
      return (int) Math.min(result & 0xFFFF_FFFFL, last);
    }
    return compare(IntCondition.UGE, index, last, 0) && result != 0 ? last : NONE;
  }

  // ---- facts

  private void addConditions(int edge) {
    int terminator = function.sourceTerminator(edge);
    int position = edge - function.edge(terminator, 0);
    SsaOp op = function.op(terminator);
    if (op == SsaOp.BR_IF) {
      int value = settleOnWay(function.operand(terminator, 0));
      addCondition(value, position == 0, 0);
    } else if (op == SsaOp.BR_TABLE) {
      int index = settleOnWay(function.operand(terminator, 0));
      int last = function.edgeCount(terminator) - 1;
      add(index, position < last ? IntCondition.EQ : IntCondition.UGE, NONE, position);
    }
  }

  private void addCondition(int value, boolean holds, int depth) {
    add(value, holds ? IntCondition.NE : IntCondition.EQ, NONE, 0);
    int i = function.definingInstruction(value);
    if (i == NONE || depth > 2) {
      return;
    }
    SsaOp op = function.op(i);
    if (op == SsaOp.ICMP && function.controllingType(i).isInteger()) {
      int left = settleOnWay(function.operand(i, 0));
      int right = settleOnWay(function.operand(i, 1));
      IntCondition condition = function.intCondition(i);
      add(left, holds ? condition : condition.inverse(), right, 0);
    } else if (op == SsaOp.IAND && holds || op == SsaOp.IOR && !holds) {
      addCondition(settleOnWay(function.operand(i, 0)), holds, depth + 1);
      addCondition(settleOnWay(function.operand(i, 1)), holds, depth + 1);
    }
  }

  private void add(int left, IntCondition condition, int right, long constant) {
    boolean isConstant = right != NONE && isConstant(right);
    long bits = isConstant ? function.immediate(function.definingInstruction(right)) : constant;
    int slot = factLeft.size();
    if (slot == factConstant.length) {
      factConstant = Arrays.copyOf(factConstant, slot * 2);
    }
    factLeft.add(left);
    factCondition.add(condition.ordinal());
    factRight.add(isConstant ? NONE : right);
    factConstant[slot] = bits;
  }

  // ---- values

  private boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  /** What the target's {@code value} is: a value of the way, or ~ of one that the target makes. */
  private int settle(int value) {
    if (function.definingBlock(value) != target) {
      return settleOnWay(value);
    }
    if (!function.isParameter(value)) {
      return isConstant(value) ? value : ~value;
    }
    int argument = function.argument(wayEdge.get(0), function.definingPosition(value));
    return settleFrom(copier.original(argument), 1);
  }

  private int settleOnWay(int value) {
    return settleFrom(copier.original(value), 1);
  }

  /** Follows parameters back; blocks of the way before {@code from} come later in time. */
  private int settleFrom(int original, int from) {
    int value = original;
    int k = from;
    while (k < wayBlock.size() && function.isParameter(value)) {
      if (function.definingBlock(value) == wayBlock.get(k)) {
        int argument = function.argument(wayEdge.get(k), function.definingPosition(value));
        value = copier.original(argument);
      }
      k++;
    }
    return value;
  }

  private boolean is(long bits) {
    result = bits;
    return true;
  }

  /** An operand of an instruction that makes the settled value {@code of}. */
  private int operand(int of, int i, int position) {
    int value = function.operand(i, position);
    return of < 0 ? settle(value) : settleOnWay(value);
  }

  /** Whether a settled value is constant; then {@link #result} is it, sign-extended. */
  private boolean constant(int settled, int depth) {
    int value = settled < 0 ? ~settled : settled;
    if (!function.valueType(value).isInteger()) {
      return false;
    }
    if (isConstant(value)) {
      return is(function.immediate(function.definingInstruction(value)));
    }
    if (settled >= 0) {
      bound(value);
      if (least == most) {
        return is(least);
      }
    }
    int i = function.definingInstruction(value);
    return i != NONE && depth < MOST_DEPTH && evaluate(settled, i, depth + 1);
  }

  private boolean evaluate(int of, int i, int depth) {
    return switch (function.op(i)) {
      case ICMP -> comparison(of, i, depth);
      case SELECT -> {
        if (!compare(IntCondition.NE, operand(of, i, 0), 0, depth)) {
          yield false;
        }
        yield constant(operand(of, i, result != 0 ? 1 : 2), depth);
      }
      case WRAP, EXTEND32_S -> constant(operand(of, i, 0), depth) && is((int) result);
      case SEXTEND -> constant(operand(of, i, 0), depth);
      case UEXTEND -> constant(operand(of, i, 0), depth) && is(result & 0xFFFF_FFFFL);
      case EXTEND8_S -> constant(operand(of, i, 0), depth) && is((byte) result);
      case EXTEND16_S -> constant(operand(of, i, 0), depth) && is((short) result);
      case IADD, ISUB, IAND, IOR, IXOR -> arithmetic(of, i, depth);
      default -> false;
    };
  }

  private boolean arithmetic(int of, int i, int depth) {
    SsaOp op = function.op(i);
    boolean hasLeft = constant(operand(of, i, 0), depth);
    long left = result;
    if (!hasLeft && op != SsaOp.IAND) {
      return false;
    }
    boolean hasRight = constant(operand(of, i, 1), depth);
    long right = result;
    if (op == SsaOp.IAND && (hasLeft && left == 0 || hasRight && right == 0)) {
      return is(0);
    }
    if (!hasLeft || !hasRight) {
      return false;
    }
    long bits =
        switch (op) {
          case IADD -> left + right;
          case ISUB -> left - right;
          case IAND -> left & right;
          case IOR -> left | right;
          default -> left ^ right;
        };
    return is(function.controllingType(i) == SsaType.I32 ? (int) bits : bits);
  }

  // ---- comparisons

  private boolean comparison(int of, int i, int depth) {
    if (!function.controllingType(i).isInteger()) {
      return false;
    }
    IntCondition condition = function.intCondition(i);
    int left = operand(of, i, 0);
    int right = operand(of, i, 1);
    if (constant(right, depth)) {
      return compare(condition, left, result, depth);
    }
    if (constant(left, depth)) {
      return compare(condition.swapped(), right, result, depth);
    }
    return left >= 0
        && right >= 0
        && (relation(condition, left, right) || relation(condition.swapped(), right, left));
  }

  /**
   * Whether it is known if a settled value compares so with a constant; {@link #result} is 1 or 0.
   */
  private boolean compare(IntCondition condition, int settled, long constant, int depth) {
    if (constant(settled, depth)) {
      return is(condition.test(result, constant) ? 1 : 0);
    }
    if (settled < 0 || !function.valueType(settled).isInteger()) {
      return false;
    }
    bound(settled);
    return switch (condition) {
      case EQ -> !contains(constant) && is(0);
      case NE -> !contains(constant) && is(1);
      case SLT -> decide(most < constant, least >= constant);
      case SGE -> decide(least >= constant, most < constant);
      case SGT -> decide(least > constant, most <= constant);
      case SLE -> decide(most <= constant, least > constant);
      case ULT -> decide(below(mostUnsigned, constant), !below(leastUnsigned, constant));
      case UGE -> decide(!below(leastUnsigned, constant), below(mostUnsigned, constant));
      case UGT -> decide(below(constant, leastUnsigned), !below(constant, mostUnsigned));
      case ULE -> decide(!below(constant, mostUnsigned), below(constant, leastUnsigned));
    };
  }

  private boolean decide(boolean always, boolean never) {
    result = always ? 1 : 0;
    return always || never;
  }

  private static boolean below(long left, long right) {
    return Long.compareUnsigned(left, right) < 0;
  }

  private boolean contains(long constant) {
    return least <= constant
        && constant <= most
        && !below(constant, leastUnsigned)
        && !below(mostUnsigned, constant);
  }

  /** Computes the bounds of a value of the way. Constants are sign-extended, also unsigned ones. */
  private void bound(int value) {
    SsaOp op = function.definingOp(value, SsaOp.TRAP);
    boolean isTruth = op == SsaOp.ICMP || op == SsaOp.FCMP;
    boolean narrow = function.valueType(value) == SsaType.I32;
    least = isTruth ? 0 : narrow ? Integer.MIN_VALUE : Long.MIN_VALUE;
    most = isTruth ? 1 : narrow ? Integer.MAX_VALUE : Long.MAX_VALUE;
    leastUnsigned = 0;
    mostUnsigned = isTruth ? 1 : -1;
    for (int k = 0; k < factLeft.size(); k++) {
      if (factLeft.get(k) == value && factRight.get(k) == NONE) {
        narrow(CONDITIONS[factCondition.get(k)], factConstant[k]);
      }
    }
    if (least >= 0) {
      leastUnsigned = below(leastUnsigned, least) ? least : leastUnsigned;
      mostUnsigned = below(most, mostUnsigned) ? most : mostUnsigned;
    }
    if (mostUnsigned >= 0) {
      least = Math.max(least, leastUnsigned);
      most = Math.min(most, mostUnsigned);
    }
  }

  private static final IntCondition[] CONDITIONS = IntCondition.values();

  private void narrow(IntCondition condition, long constant) {
    switch (condition) {
      case EQ -> {
        least = constant;
        most = constant;
        leastUnsigned = constant;
        mostUnsigned = constant;
      }
      case NE -> {
        least += least == constant ? 1 : 0;
        most -= most == constant ? 1 : 0;
        leastUnsigned += leastUnsigned == constant ? 1 : 0;
      }
      case SLT -> most = constant == Long.MIN_VALUE ? most : Math.min(most, constant - 1);
      case SLE -> most = Math.min(most, constant);
      case SGT -> least = constant == Long.MAX_VALUE ? least : Math.max(least, constant + 1);
      case SGE -> least = Math.max(least, constant);
      case ULT ->
          mostUnsigned =
              constant != 0 && below(constant - 1, mostUnsigned) ? constant - 1 : mostUnsigned;
      case ULE -> mostUnsigned = below(constant, mostUnsigned) ? constant : mostUnsigned;
      case UGT ->
          leastUnsigned =
              constant != -1 && below(leastUnsigned, constant + 1) ? constant + 1 : leastUnsigned;
      case UGE -> leastUnsigned = below(leastUnsigned, constant) ? constant : leastUnsigned;
    }
  }

  /** Whether a comparison of two values that held on the way decides this one. */
  private boolean relation(IntCondition condition, int left, int right) {
    for (int k = 0; k < factLeft.size(); k++) {
      if (factLeft.get(k) == left && factRight.get(k) == right) {
        IntCondition held = CONDITIONS[factCondition.get(k)];
        int outcomes = outcomes(held);
        int asked = outcomes(condition);
        boolean alike =
            isEquality(held) || isEquality(condition) || isUnsigned(held) == isUnsigned(condition);
        if (alike && (outcomes & ~asked) == 0) {
          return is(1);
        }
        if (alike && (outcomes & asked) == 0) {
          return is(0);
        }
      }
    }
    return false;
  }

  private static boolean isEquality(IntCondition condition) {
    return condition == IntCondition.EQ || condition == IntCondition.NE;
  }

  private static boolean isUnsigned(IntCondition condition) {
    return condition.ordinal() >= IntCondition.ULT.ordinal();
  }

  /** Less, equal, greater as bits. */
  private static int outcomes(IntCondition condition) {
    return switch (condition) {
      case EQ -> 0b010;
      case NE -> 0b101;
      case SLT, ULT -> 0b001;
      case SGE, UGE -> 0b110;
      case SGT, UGT -> 0b100;
      case SLE, ULE -> 0b011;
    };
  }
}
