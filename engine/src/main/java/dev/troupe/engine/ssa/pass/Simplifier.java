package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;

/**
 * Local rewriting of one instruction: folding, identities, canonical forms. The rules are in
 * families by operation. Integer identities only: none of the floating-point ones keeps NaN bits
 * and the sign of zero.
 */
final class Simplifier {
  private static final int NONE = SsaFunction.NONE;
  private static final int REWRITTEN = RewriteRules.REWRITTEN;
  private static final int MOST_ROUNDS = 8;

  private final SsaFunction function;
  private final ConstantFolding folding;
  private final ArithmeticRules arithmetic;
  private final ShiftRules shifts;
  private final ByteOrderRules byteOrder;
  private final CompareRules comparisons;
  private final ConditionRules conditions;
  private final ConversionRules conversions;
  private final VectorRules vectors;
  private final RangeRules rangeRules;

  Simplifier(SsaFunction function, Inserter inserter, UnsignedRanges ranges) {
    UseCounts uses = UseCounts.of(function);
    this.function = function;
    this.folding = new ConstantFolding(function);
    this.arithmetic = new ArithmeticRules(function, inserter, uses);
    this.shifts = new ShiftRules(function, inserter, uses);
    this.byteOrder = new ByteOrderRules(function, inserter, uses);
    this.comparisons = new CompareRules(function, inserter, uses);
    this.conditions = new ConditionRules(function, inserter, uses);
    this.conversions = new ConversionRules(function, inserter, uses);
    this.vectors = new VectorRules(function, inserter, uses);
    this.rangeRules = new RangeRules(function, inserter, uses, ranges);
  }

  /**
   * Rewrites {@code instruction} in place as far as possible.
   *
   * @return a value that equals its result, or {@link SsaFunction#NONE}
   */
  int simplify(int instruction) {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      int value = once(instruction);
      if (value != REWRITTEN) {
        return value;
      }
    }
    return NONE;
  }

  private int once(int i) {
    if (folding.fold(i)) {
      toConstant(i, folding.result());
      return NONE;
    }
    SsaOp op = function.op(i);
    int simpler = byShape(i, op);
    return simpler == NONE ? rangeRules.apply(i, op) : simpler;
  }

  /** Exchanges the edges of a {@code br_if} if it then needs no comparison. */
  void invert(int branch) {
    conditions.invert(branch);
  }

  private int byShape(int i, SsaOp op) {
    return switch (op) {
      case IADD, IOR, IXOR -> {
        int simpler = arithmetic.arithmetic(i, op);
        if (simpler == NONE) {
          simpler = shifts.rotate(i, op);
        }
        yield simpler == NONE ? byteOrder.apply(i, op) : simpler;
      }
      case IAND -> {
        int simpler = arithmetic.arithmetic(i, op);
        yield simpler == NONE ? byteOrder.apply(i, op) : simpler;
      }
      case ISUB, IMUL -> arithmetic.arithmetic(i, op);
      case SHL, SSHR, USHR, ROTL, ROTR -> {
        int simpler = shifts.shift(i, op);
        yield simpler == NONE ? byteOrder.apply(i, op) : simpler;
      }
      case SDIV, UDIV, SREM, UREM -> {
        int simpler = rangeRules.apply(i, op);
        yield simpler == NONE ? arithmetic.divide(i, op) : simpler;
      }
      case ICMP -> comparisons.compare(i);
      case SELECT -> conditions.select(i);
      case WRAP, UEXTEND -> {
        int simpler = op == SsaOp.WRAP ? conversions.convert(i, op) : NONE;
        yield simpler == NONE ? byteOrder.apply(i, op) : simpler;
      }
      case BSWAP -> {
        int simpler = conversions.reverse(i);
        yield simpler == NONE ? byteOrder.apply(i, op) : simpler;
      }
      case EXTEND8_S, EXTEND16_S, EXTEND32_S -> conversions.convert(i, op);
      case BITCAST, FNEG, FABS -> conversions.floatBits(i, op);
      case STORE -> conversions.store(i);
      case SPLAT, EXTRACT, VSHUFFLE, VUNARY, VBINARY, VTERNARY, VSHIFT -> vectors.apply(i, op);
      case TRAP_IF, BR_IF -> conditions.condition(i);
      default -> NONE;
    };
  }

  private void toConstant(int i, long bits) {
    SsaType type = function.valueType(function.result(i));
    SsaOp op = type.isInteger() || type == SsaType.REF ? SsaOp.ICONST : SsaOp.FCONST;
    function.replaceWith(i, op, type);
    function.setImmediate(i, type == SsaType.I32 ? (int) bits : bits);
  }
}
