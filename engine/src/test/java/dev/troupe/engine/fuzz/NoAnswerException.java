package dev.troupe.engine.fuzz;

import org.jspecify.annotations.Nullable;

/** A foreign engine broke on a case: that says nothing of ours. */
final class NoAnswerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NoAnswerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
