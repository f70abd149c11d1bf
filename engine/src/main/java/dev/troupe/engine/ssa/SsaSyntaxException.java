package dev.troupe.engine.ssa;

/** The text given to {@link SsaParser} is not the text of a function. */
public final class SsaSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SsaSyntaxException(int line, String message) {
    super("line " + line + ": " + message);
  }
}
