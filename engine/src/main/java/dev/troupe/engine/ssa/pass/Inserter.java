package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import java.util.function.IntUnaryOperator;

/**
 * Creates pure instructions in front of another one. Each goes through a filter that may give back
 * an equal value which exists already.
 */
final class Inserter {
  private final SsaFunction function;
  private final IntUnaryOperator filter;
  private final int[] scratch = new int[2];
  private int place = SsaFunction.NONE;

  /**
   * @param filter from a new, linked instruction to the value to use for its result
   */
  Inserter(SsaFunction function, IntUnaryOperator filter) {
    this.function = function;
    this.filter = filter;
  }

  /** Sets the instruction in front of which the following ones go. */
  void at(int instruction) {
    place = instruction;
  }

  private int finish(int instruction) {
    function.setWasmOffset(instruction, function.wasmOffset(place));
    function.addResults(instruction);
    function.insertBefore(instruction, place);
    return filter.applyAsInt(instruction);
  }

  int constant(SsaType type, long bits) {
    int instruction = function.newInstruction(SsaOp.ICONST, type, scratch, 0);
    function.setImmediate(instruction, type == SsaType.I32 ? (int) bits : bits);
    return finish(instruction);
  }

  /** A constant vector. */
  int vector(long low, long high) {
    int instruction = function.newInstruction(SsaOp.VCONST, SsaType.V128, scratch, 0);
    function.setImmediate(instruction, function.internVector(low, high));
    return finish(instruction);
  }

  int unary(SsaOp op, SsaType type, int operand) {
    scratch[0] = operand;
    return finish(function.newInstruction(op, type, scratch, 1));
  }

  int compare(IntCondition condition, SsaType type, int left, int right) {
    scratch[0] = left;
    scratch[1] = right;
    int instruction = function.newInstruction(SsaOp.ICMP, type, scratch, 2);
    function.setDetail(instruction, condition.ordinal());
    return finish(instruction);
  }

  int binary(SsaOp op, SsaType type, int left, int right) {
    scratch[0] = left;
    scratch[1] = right;
    return finish(function.newInstruction(op, type, scratch, 2));
  }
}
