package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.function.IntPredicate;

/**
 * Finds the two halves of a product of two 64-bit integers where a program computes them from four
 * products of 32-bit halves, and lets the processor multiply. WebAssembly has no such instruction,
 * so compilers call a helper ({@code __multi3}) or write it out.
 *
 * <p>With a = a1 * 2^32 + a0, b likewise, {@code lo(x)} the low and {@code hi(x)} the high 32 bits
 * of x, and sums taken apart whatever their order, these are the ways that occur:
 *
 * <pre>
 * three sums:  m = hi(a0 b0) + lo(a0 b1) + lo(a1 b0)     high = a1 b1 + hi(a0 b1) + hi(a1 b0) + hi(m)
 * two sums:    t = a1 b0 + hi(a0 b0), m = lo(t) + a0 b1  high = a1 b1 + hi(t) + hi(m)
 * carries:     s = a1 b0 + a0 b1, low = a0 b0 + s 2^32   high = a1 b1 + hi(s)
 *                                                               + (s &lt; a1 b0) 2^32 + (low &lt; a0 b0)
 * low half:    a0 b0 + s 2^32, or lo(a0 b0) + m 2^32
 * </pre>
 *
 * In the first two no sum but that of the high half can overflow; in the third the comparisons give
 * the carries of s and low. So each is exact for all a and b, and the match is by structure: every
 * term must be there, and no other.
 */
public final class WideMultiply {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_TERMS = 12;
  private static final int HALF_BITS = 32;
  private static final long LOW_MASK = 0xFFFF_FFFFL;

  private final SsaFunction function;
  private final Inserter inserter;

  /** The factors that the match is about. */
  private int left = NONE;

  private int right = NONE;

  private WideMultiply(SsaFunction function) {
    this.function = function;
    this.inserter = new Inserter(function, function::result);
  }

  /** Runs the pass. What the replaced sums were made of is left for dead-code. */
  public static void run(SsaFunction function) {
    WideMultiply pass = new WideMultiply(function);
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != NONE; i = function.next(i)) {
        SsaOp op = function.op(i);
        if ((op == SsaOp.IADD || op == SsaOp.IOR) && function.controllingType(i) == SsaType.I64) {
          pass.sum(i, op);
        }
      }
    }
  }

  private void sum(int i, SsaOp op) {
    Terms terms = op == SsaOp.IADD ? terms(function.result(i)) : operands(i);
    boolean high = op == SsaOp.IADD && takeHigh(terms);
    if (!high && !takeLow(terms)) {
      return;
    }
    if (op == SsaOp.IOR && terms.count != 0) {
      throw new IllegalStateException("an or has two operands");
    }
    SsaOp product = high ? SsaOp.UMULHI : SsaOp.IMUL;
    if (terms.count == 0) {
      function.replaceWith(i, product, SsaType.I64, left, right);
      return;
    }
    inserter.at(i);
    int sum = inserter.binary(product, SsaType.I64, left, right);
    for (int k = 0; k < terms.count - 1; k++) {
      sum = inserter.binary(SsaOp.IADD, SsaType.I64, sum, terms.value[k]);
    }
    function.replaceWith(i, SsaOp.IADD, SsaType.I64, sum, terms.value[terms.count - 1]);
  }

  // ---- sums

  /** Addends; those that were recognized are taken out. */
  private static final class Terms {
    final int[] value = new int[MOST_TERMS];
    int count;

    void remove(int k) {
      value[k] = value[--count];
    }

    /** Takes one term that {@code test} accepts; gives it, or NONE. */
    int take(IntPredicate test) {
      for (int k = 0; k < count; k++) {
        if (test.test(value[k])) {
          int taken = value[k];
          remove(k);
          return taken;
        }
      }
      return NONE;
    }
  }

  /** The addends of {@code value}; when there are too many, some of them are sums. */
  private Terms terms(int value) {
    Terms terms = new Terms();
    terms.value[terms.count++] = value;
    int k = 0;
    while (k < terms.count) {
      if (terms.count < MOST_TERMS && is(terms.value[k], SsaOp.IADD)) {
        int sum = terms.value[k];
        terms.value[k] = operand(sum, 0);
        terms.value[terms.count++] = operand(sum, 1);
      } else {
        k++;
      }
    }
    return terms;
  }

  private Terms operands(int instruction) {
    Terms terms = new Terms();
    terms.value[terms.count++] = function.operand(instruction, 0);
    terms.value[terms.count++] = function.operand(instruction, 1);
    return terms;
  }

  // ---- atoms

  private boolean is(int value, SsaOp op) {
    return function.definingOp(value, SsaOp.TRAP) == op && function.valueType(value) == SsaType.I64;
  }

  private int operand(int value, int position) {
    return function.operand(function.definingInstruction(value), position);
  }

  private boolean isConstant(int value, long bits) {
    return is(value, SsaOp.ICONST)
        && function.immediate(function.definingInstruction(value)) == bits;
  }

  /** The x of {@code x >>> 32}, or NONE. */
  private int highOf(int value) {
    boolean shift = is(value, SsaOp.USHR) && isConstant(operand(value, 1), HALF_BITS);
    return shift ? operand(value, 0) : NONE;
  }

  /** The x of {@code x << 32}, or NONE. */
  private int shiftedOf(int value) {
    boolean shift = is(value, SsaOp.SHL) && isConstant(operand(value, 1), HALF_BITS);
    return shift ? operand(value, 0) : NONE;
  }

  /** The x of {@code x & 0xFFFF_FFFF}, or NONE. */
  private int lowOf(int value) {
    if (is(value, SsaOp.IAND)) {
      if (isConstant(operand(value, 1), LOW_MASK)) {
        return operand(value, 0);
      }
      return isConstant(operand(value, 0), LOW_MASK) ? operand(value, 1) : NONE;
    }
    if (is(value, SsaOp.UEXTEND)) {
      int narrow = operand(value, 0);
      boolean wrap = function.definingOp(narrow, SsaOp.TRAP) == SsaOp.WRAP;
      return wrap ? operand(narrow, 0) : NONE;
    }
    return NONE;
  }

  private int half(int value, boolean high) {
    return high ? highOf(value) : lowOf(value);
  }

  /** Whether {@code value} is the product of these halves of {@link #left} and {@link #right}. */
  private boolean isProduct(int value, boolean highLeft, boolean highRight) {
    if (!is(value, SsaOp.IMUL)) {
      return false;
    }
    int x = operand(value, 0);
    int y = operand(value, 1);
    return half(x, highLeft) == left && half(y, highRight) == right
        || half(y, highLeft) == left && half(x, highRight) == right;
  }

  /** Makes the factors of a product of two halves the ones that the match is about. */
  private boolean setFactors(int value, boolean high) {
    if (!is(value, SsaOp.IMUL)) {
      return false;
    }
    left = half(operand(value, 0), high);
    right = half(operand(value, 1), high);
    return left != NONE && right != NONE;
  }

  private boolean isCross(int value, boolean first) {
    return isProduct(value, first, !first);
  }

  private boolean isLowProduct(int value) {
    return isProduct(value, false, false);
  }

  private boolean isHighOfLowProduct(int value) {
    int x = highOf(value);
    return x != NONE && isLowProduct(x);
  }

  private boolean isLowOfCross(int value, boolean first) {
    int x = lowOf(value);
    return x != NONE && isCross(x, first);
  }

  private boolean isHighOfCross(int value, boolean first) {
    int x = highOf(value);
    return x != NONE && isCross(x, first);
  }

  // ---- intermediate sums

  /** a1 b0 + a0 b1. */
  private boolean isCrossSum(int value) {
    Terms t = terms(value);
    return t.count == 2
        && t.take(v -> isCross(v, true)) != NONE
        && t.take(v -> isCross(v, false)) != NONE;
  }

  /** hi(a0 b0) + lo(a0 b1) + lo(a1 b0). */
  private boolean isMiddleOfThree(int value) {
    Terms t = terms(value);
    return t.count == 3
        && t.take(this::isHighOfLowProduct) != NONE
        && t.take(v -> isLowOfCross(v, true)) != NONE
        && t.take(v -> isLowOfCross(v, false)) != NONE;
  }

  /** One cross product + hi(a0 b0). */
  private boolean isFirstOfTwo(int value, boolean first) {
    Terms t = terms(value);
    return t.count == 2
        && t.take(this::isHighOfLowProduct) != NONE
        && t.take(v -> isCross(v, first)) != NONE;
  }

  /** lo(first of two) + the other cross product. */
  private boolean isSecondOfTwo(int value, int firstSum, boolean first) {
    Terms t = terms(value);
    return t.count == 2
        && t.take(v -> lowOf(v) == firstSum) != NONE
        && t.take(v -> isCross(v, !first)) != NONE;
  }

  // ---- the halves

  /** Takes the terms of the high half out of {@code terms}, if they are all there. */
  private boolean takeHigh(Terms terms) {
    if (terms.count < 3) {
      return false;
    }
    for (int k = 0; k < terms.count; k++) {
      if (setFactors(terms.value[k], true)) {
        int product = terms.value[k];
        terms.remove(k);
        if (takeThree(terms)
            || takeTwo(terms, true)
            || takeTwo(terms, false)
            || takeCarries(terms)) {
          return true;
        }
        terms.value[terms.count++] = terms.value[k];
        terms.value[k] = product;
      }
    }
    return false;
  }

  private static void restore(Terms terms, int... taken) {
    for (int value : taken) {
      if (value != NONE) {
        terms.value[terms.count++] = value;
      }
    }
  }

  private boolean takeThree(Terms terms) {
    int one = terms.take(v -> isHighOfCross(v, true));
    int other = one == NONE ? NONE : terms.take(v -> isHighOfCross(v, false));
    int sum = other == NONE ? NONE : terms.take(v -> isHighOf(v, this::isMiddleOfThree));
    if (sum == NONE) {
      restore(terms, one, other);
    }
    return sum != NONE;
  }

  private boolean isHighOf(int value, IntPredicate test) {
    int x = highOf(value);
    return x != NONE && test.test(x);
  }

  private boolean takeTwo(Terms terms, boolean first) {
    int one = terms.take(v -> isHighOf(v, x -> isFirstOfTwo(x, first)));
    if (one == NONE) {
      return false;
    }
    int firstSum = highOf(one);
    int two = terms.take(v -> isHighOf(v, x -> isSecondOfTwo(x, firstSum, first)));
    if (two == NONE) {
      restore(terms, one);
    }
    return two != NONE;
  }

  private boolean takeCarries(Terms terms) {
    int high = terms.take(v -> isHighOf(v, this::isCrossSum));
    if (high == NONE) {
      return false;
    }
    int sum = highOf(high);
    int carry = terms.take(v -> isCarryOfCrossSum(shiftedOf(v), sum));
    int last = carry == NONE ? NONE : terms.take(v -> isCarryOfLow(v, sum));
    if (last == NONE) {
      restore(terms, high, carry);
    }
    return last != NONE;
  }

  /** The instruction of {@code extended x < y}, the smaller side first, or NONE. */
  private int lessThan(int value) {
    if (value == NONE || !is(value, SsaOp.UEXTEND)) {
      return NONE;
    }
    int condition = operand(value, 0);
    if (function.definingOp(condition, SsaOp.TRAP) != SsaOp.ICMP) {
      return NONE;
    }
    int compare = function.definingInstruction(condition);
    IntCondition test = function.intCondition(compare);
    boolean wide = function.controllingType(compare) == SsaType.I64;
    return wide && (test == IntCondition.ULT || test == IntCondition.UGT) ? compare : NONE;
  }

  private int smaller(int compare) {
    return function.operand(compare, function.intCondition(compare) == IntCondition.ULT ? 0 : 1);
  }

  private int larger(int compare) {
    return function.operand(compare, function.intCondition(compare) == IntCondition.ULT ? 1 : 0);
  }

  private boolean isCarryOfCrossSum(int value, int sum) {
    int compare = lessThan(value);
    return compare != NONE
        && smaller(compare) == sum
        && (isCross(larger(compare), true) || isCross(larger(compare), false));
  }

  /** Whether {@code value} is {@code low < a0 b0} or {@code low < s 2^32}. */
  private boolean isCarryOfLow(int value, int sum) {
    int compare = lessThan(value);
    return compare != NONE
        && isLowHalf(smaller(compare), sum)
        && (isLowProduct(larger(compare)) || shiftedOf(larger(compare)) == sum);
  }

  /** The low half as the third form has it, or as this pass has made it. */
  private boolean isLowHalf(int value, int sum) {
    if (is(value, SsaOp.IMUL)) {
      int x = operand(value, 0);
      int y = operand(value, 1);
      return x == left && y == right || x == right && y == left;
    }
    Terms t = terms(value);
    return t.count == 2
        && t.take(v -> shiftedOf(v) == sum) != NONE
        && t.take(this::isLowProduct) != NONE;
  }

  /** Takes the terms of the low half out of {@code terms}, if they are all there. */
  private boolean takeLow(Terms terms) {
    for (int k = 0; k < terms.count; k++) {
      int product = terms.value[k];
      int masked = lowOf(product);
      if (!setFactors(masked == NONE ? product : masked, false)) {
        continue;
      }
      boolean isMasked = masked != NONE;
      terms.remove(k);
      int shifted =
          terms.take(v -> {
            int x = shiftedOf(v);
            return x != NONE && (isMasked ? isMiddle(x) : isCrossSum(x));
          });
      if (shifted != NONE) {
        return true;
      }
      terms.value[terms.count++] = terms.value[k];
      terms.value[k] = product;
    }
    return false;
  }

  /** A sum that is hi(a0 b0) + a0 b1 + a1 b0 in its low 32 bits. */
  private boolean isMiddle(int value) {
    if (isMiddleOfThree(value)) {
      return true;
    }
    Terms t = terms(value);
    int low = t.count == 2 ? t.take(v -> lowOf(v) != NONE) : NONE;
    if (low == NONE) {
      return false;
    }
    int firstSum = lowOf(low);
    return isFirstOfTwo(firstSum, true) && isSecondOfTwo(value, firstSum, true)
        || isFirstOfTwo(firstSum, false) && isSecondOfTwo(value, firstSum, false);
  }
}
