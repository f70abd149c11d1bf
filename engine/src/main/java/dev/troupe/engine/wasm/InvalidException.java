package dev.troupe.engine.wasm;

/** A module that is well formed but breaks a validation rule (chapter 3 of the specification). */
public class InvalidException extends WasmException {
  private static final long serialVersionUID = 1L;

  /** An error whose position, if any, is part of the message. */
  public InvalidException(String message) {
    super(message);
  }

  /** An error at a byte offset, which is appended to the message. */
  public InvalidException(String reason, int offset) {
    super(reason, offset);
  }
}
