package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;

/** Selections, branches and conditional traps: what is only tested for zero needs no comparison. */
final class ConditionRules extends RewriteRules {
  ConditionRules(SsaFunction function, Inserter inserter, UseCounts uses) {
    super(function, inserter, uses);
  }

  /** An i32 value x such that the condition is {@code x != 0}, if it compares x with zero. */
  private int comparedWithZero(int value, IntCondition condition) {
    int definer = defined(value, SsaOp.ICMP);
    return definer != NONE
            && function.controllingType(definer) == SsaType.I32
            && function.intCondition(definer) == condition
            && isConstant(operand(definer, 1), 0)
        ? operand(definer, 0)
        : NONE;
  }

  /** Rules for the condition of a branch or a {@code trap_if}. */
  int condition(int i) {
    int plain = comparedWithZero(operand(i, 0), IntCondition.NE);
    if (plain == NONE) {
      return NONE;
    }
    function.setOperand(i, 0, plain);
    return REWRITTEN;
  }

  /** Exchanges the edges of a {@code br_if} if it then needs no comparison. */
  void invert(int i) {
    int inverted = comparedWithZero(operand(i, 0), IntCondition.EQ);
    if (inverted != NONE) {
      function.setOperand(i, 0, inverted);
      function.swapEdges(i);
    }
  }

  /** Rules for a {@code select}. */
  int select(int i) {
    SsaType type = function.controllingType(i);
    int condition = operand(i, 0);
    int ifTrue = operand(i, 1);
    int ifFalse = operand(i, 2);
    if (ifTrue == ifFalse) {
      return ifTrue;
    }
    if (isConstant(condition)) {
      return constant(condition) != 0 ? ifTrue : ifFalse;
    }
    int inverted = comparedWithZero(condition, IntCondition.EQ);
    if (inverted != NONE) {
      return become(i, SsaOp.SELECT, type, inverted, ifFalse, ifTrue);
    }
    if (condition(i) != NONE) {
      return REWRITTEN;
    }
    if (type.isInteger() && isConstant(ifTrue) && isConstant(ifFalse)) {
      return truth(i, type, condition, constant(ifTrue), constant(ifFalse));
    }
    return NONE;
  }

  private int truth(int i, SsaType type, int condition, long ifTrue, long ifFalse) {
    if (ifTrue + ifFalse != 1 || (ifTrue & ~1) != 0) {
      return NONE;
    }
    int truth = condition;
    boolean direct = ifTrue == 1;
    if (!direct || !isTruth(condition)) {
      IntCondition test = direct ? IntCondition.NE : IntCondition.EQ;
      int zero = number(i, SsaType.I32, 0);
      if (type == SsaType.I32) {
        return becomeCompare(i, test, type, condition, zero);
      }
      truth = inserter.compare(test, SsaType.I32, condition, zero);
    }
    return type == SsaType.I32 ? truth : become(i, SsaOp.UEXTEND, type, truth);
  }
}
