package dev.troupe.engine.text;

import dev.troupe.engine.wasm.MalformedException;

/**
 * Text that is not a well-formed module or script. The message starts with the specification's own
 * words for the error and ends with the position.
 */
public final class WatException extends MalformedException {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final int line;
  private final int column;

  /**
   * An error at a position.
   *
   * @param message what is wrong, in the specification's words first
   * @param line from 1
   * @param column in characters, from 1
   */
  public WatException(String message, int line, int column) {
    super(message + " at " + line + ":" + column);
    this.reason = message;
    this.line = line;
    this.column = column;
  }

  /** The message without the position. */
  public String reason() {
    return reason;
  }

  /** The line of the offending token, from 1. */
  public int line() {
    return line;
  }

  /** The column of the offending token, in characters from 1. */
  public int column() {
    return column;
  }
}
