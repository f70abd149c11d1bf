package dev.troupe.engine.runtime.stub;

/**
 * Signals cannot be used in this process, or no longer. The message is one sentence for the user;
 * an engine with {@code traps=explicit} and {@code preemption=epoch} needs no signals.
 */
public final class SignalHandlerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SignalHandlerException(String message) {
    super(message);
  }
}
