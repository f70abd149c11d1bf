package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.Likelihood;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmOp;

/** References: null checks, casts and the branches on them, small integers (section 4.6.4). */
final class ReferenceInstructions {
  private static final int TARGET_NULLABLE = 2;

  private final TranslationState state;
  private final ValueStack stack;
  private final ControlInstructions control;
  private final TypeTests tests;

  ReferenceInstructions(TranslationState state, ControlInstructions control) {
    this.state = state;
    this.stack = state.stack;
    this.control = control;
    this.tests = new TypeTests(state);
  }

  /** Translates an instruction; false when it is none of these. */
  boolean translate(WasmOp op, InstructionReader reader) {
    switch (op) {
      case REF_AS_NON_NULL -> state.trapIfNull(stack.peek(), TrapKind.NULL_REFERENCE);
      case REF_EQ -> {
        int right = stack.pop();
        stack.push(state.builder.icmp(IntCondition.EQ, SsaType.REF, stack.pop(), right));
      }
      case BR_ON_NULL -> branchOnNull(reader.index());
      case BR_ON_NON_NULL -> branchOnNonNull(reader.index());
      case REF_TEST, REF_TEST_NULL ->
          stack.push(tests.test(stack.pop(), reader.heapType(), op == WasmOp.REF_TEST_NULL));
      case REF_CAST, REF_CAST_NULL ->
          tests.cast(stack.peek(), reader.heapType(), op == WasmOp.REF_CAST_NULL);
      case BR_ON_CAST -> branchOnCast(reader, false);
      case BR_ON_CAST_FAIL -> branchOnCast(reader, true);
      case REF_I31 -> makeI31();
      case I31_GET_S -> stack.push(i31(SsaOp.SSHR));
      case I31_GET_U -> stack.push(i31(SsaOp.USHR));
      // Both hierarchies have one representation.
      case ANY_CONVERT_EXTERN, EXTERN_CONVERT_ANY -> {}
      default -> {
        return false;
      }
    }
    return true;
  }

  private void branchOnNull(int depth) {
    int reference = stack.pop();
    stack.push(state.isNull(reference));
    control.brIf(depth, Likelihood.UNKNOWN);
    stack.push(reference);
  }

  private void branchOnNonNull(int depth) {
    stack.push(state.not(state.isNull(stack.peek())));
    control.brIf(depth, Likelihood.UNKNOWN);
    stack.pop();
  }

  private void branchOnCast(InstructionReader reader, boolean onFailure) {
    boolean nullable = (reader.index2() & TARGET_NULLABLE) != 0;
    int matches = tests.test(stack.peek(), reader.heapType2(), nullable);
    stack.push(onFailure ? state.not(matches) : matches);
    control.brIf(reader.index(), Likelihood.UNKNOWN);
  }

  private void makeI31() {
    int value = stack.pop();
    int shifted = state.builder.binary(SsaOp.SHL, SsaType.I32, value, state.i32(1));
    int tagged = state.builder.binary(SsaOp.IOR, SsaType.I32, shifted, state.i32(1));
    stack.push(state.builder.unary(SsaOp.BITS_TO_REF, SsaType.REF, state.widen(tagged)));
  }

  private int i31(SsaOp shift) {
    int reference = stack.pop();
    state.trapIfNull(reference, TrapKind.NULL_I31);
    return state.builder.binary(shift, SsaType.I32, state.lowBits(reference), state.i32(1));
  }
}
