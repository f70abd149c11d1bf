package dev.troupe.engine.backend.x64;

import dev.troupe.engine.regalloc.References;

/** In a function too many references live across too many calls to be told in a stack map. */
public final class TooManyReferencesException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TooManyReferencesException(References.TooManyException cause) {
    super(cause.getMessage(), cause);
  }
}
