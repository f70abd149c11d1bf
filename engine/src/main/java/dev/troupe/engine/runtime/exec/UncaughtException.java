package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.runtime.VmException;

/** The cause of a trap of kind UNCAUGHT_EXCEPTION. */
public final class UncaughtException extends RuntimeException implements ExceptionSignal {
  private static final long serialVersionUID = 1L;

  private final transient VmException exception;

  UncaughtException(VmException exception) {
    super(null, null, false, false);
    this.exception = exception;
  }

  @Override
  public VmException exception() {
    return exception;
  }
}
