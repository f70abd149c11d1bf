package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.TrapKind;

/** Instructions that throw exceptions. Those that catch them are {@link ControlInstructions}. */
final class ExceptionInstructions {
  private final TranslationState state;
  private final ControlInstructions control;

  ExceptionInstructions(TranslationState state, ControlInstructions control) {
    this.state = state;
    this.control = control;
  }

  /** {@code throw}: a branch where this function catches it. */
  void throwTag(int tag) {
    int count = state.context.module().tags().get(tag).function().paramCount();
    if (control.throwTo(tag, count)) {
      return;
    }
    int[] carried = state.stack.pop(count);
    thrown(state.builder.throwTag(tag, state.handlers.handlers(), carried));
  }

  /** {@code rethrow} of a reference that is not null. */
  void rethrow(int reference) {
    thrown(state.builder.throwReference(reference, state.handlers.handlers()));
  }

  /** {@code throw_ref}. */
  void throwReference() {
    int reference = state.stack.pop();
    state.trapIfNull(reference, TrapKind.NULL_EXCEPTION);
    thrown(state.builder.throwReference(reference, state.handlers.handlers()));
  }

  private void thrown(int terminator) {
    state.handlers.addEdges(state, terminator);
    state.terminated(terminator);
  }
}
