package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.runtime.VmException;

/**
 * Implemented by Java exceptions that stand for an exception of guests: what a host function throws
 * of these, its caller may catch.
 */
public interface ExceptionSignal {
  /** The exception. */
  VmException exception();
}
