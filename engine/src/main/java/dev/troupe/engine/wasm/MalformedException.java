package dev.troupe.engine.wasm;

/** Bytes or characters that are not a module at all. */
public class MalformedException extends WasmException {
  private static final long serialVersionUID = 1L;

  /** An error whose position, if any, is part of the message. */
  public MalformedException(String message) {
    super(message);
  }

  /** An error at a byte offset, which is appended to the message. */
  public MalformedException(String reason, int offset) {
    super(reason, offset);
  }
}
