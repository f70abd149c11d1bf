package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/**
 * What families of rules for {@link Simplifier} share: looking at operands and turning an
 * instruction into another one. A rule answers with a value that equals the result of the
 * instruction, with {@link #REWRITTEN}, or with {@link #NONE} if it does not apply.
 */
abstract class RewriteRules {
  static final int NONE = SsaFunction.NONE;

  /** The instruction has become another one, and more rules may apply to it. */
  static final int REWRITTEN = -2;

  final SsaFunction function;
  final Inserter inserter;

  private final UseCounts uses;

  RewriteRules(SsaFunction function, Inserter inserter, UseCounts uses) {
    this.function = function;
    this.inserter = inserter;
    this.uses = uses;
  }

  // ---- looking

  final int operand(int i, int k) {
    return function.operand(i, k);
  }

  final boolean isConstant(int value) {
    return function.definingOp(value, SsaOp.TRAP) == SsaOp.ICONST;
  }

  final long constant(int value) {
    return function.immediate(function.definingInstruction(value));
  }

  final boolean isConstant(int value, long bits) {
    return isConstant(value) && constant(value) == bits;
  }

  /** The instruction behind {@code value} if it is an {@code op}, or NONE. */
  final int defined(int value, SsaOp op) {
    return function.definingOp(value, SsaOp.TRAP) == op
        ? function.definingInstruction(value)
        : NONE;
  }

  /** The instruction behind {@code value} if it is an {@code op} with a constant on the right. */
  final int definedByConstant(int value, SsaOp op) {
    int definer = defined(value, op);
    return definer != NONE && isConstant(operand(definer, 1)) ? definer : NONE;
  }

  /** The constant right operand of an instruction. */
  final long right(int instruction) {
    return constant(operand(instruction, 1));
  }

  /** Whether {@code value} is the result of a comparison, that is 0 or 1. */
  final boolean isTruth(int value) {
    SsaOp op = function.definingOp(value, SsaOp.TRAP);
    return op == SsaOp.ICMP || op == SsaOp.FCMP;
  }

  /**
   * Whether {@code value} has no other user, so that it goes if this one does without it. What it
   * is made of lives longer then, which is a loss where the value stays.
   */
  final boolean isUsedOnce(int value) {
    return uses.of(value) <= 1;
  }

  /** All bits of an integer type. */
  static long ones(SsaType type) {
    return type == SsaType.I32 ? 0xFFFF_FFFFL : -1;
  }

  // ---- rewriting

  final int toConstant(int i, long bits) {
    SsaType type = function.valueType(function.result(i));
    SsaOp op = type.isInteger() || type == SsaType.REF ? SsaOp.ICONST : SsaOp.FCONST;
    function.replaceWith(i, op, type);
    function.setImmediate(i, type == SsaType.I32 ? (int) bits : bits);
    return REWRITTEN;
  }

  final int become(int i, SsaOp op, SsaType type, int... operands) {
    function.replaceWith(i, op, type, operands);
    return REWRITTEN;
  }

  final int becomeCompare(int i, IntCondition condition, SsaType type, int left, int right) {
    function.replaceWith(i, SsaOp.ICMP, type, left, right);
    function.setDetail(i, condition.ordinal());
    return REWRITTEN;
  }

  /** {@code value op c}. */
  final int becomeWith(int i, SsaOp op, SsaType type, int value, long c) {
    return become(i, op, type, value, number(i, type, c));
  }

  /** A constant for use by {@code i}. */
  final int number(int i, SsaType type, long bits) {
    inserter.at(i);
    return inserter.constant(type, bits);
  }
}
