package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.TrapKind;

/** Instructions that throw exceptions. Those that catch them are {@link ControlInstructions}. */
final class ExceptionInstructions {
  private final TranslationState state;

  ExceptionInstructions(TranslationState state) {
    this.state = state;
  }

  /** {@code throw}. */
  void throwTag(int tag) {
    int count = state.context.module().tags().get(tag).function().paramCount();
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
