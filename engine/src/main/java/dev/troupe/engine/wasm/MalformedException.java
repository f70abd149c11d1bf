package dev.troupe.engine.wasm;

import org.jspecify.annotations.Nullable;

/** Bytes or characters that are not a module at all. */
public class MalformedException extends WasmException {
  private static final long serialVersionUID = 1L;

  private final @Nullable WasmFeature missing;

  /** An error whose position, if any, is part of the message. */
  public MalformedException(String message) {
    super(message);
    this.missing = null;
  }

  /** An error at a byte offset, which is appended to the message. */
  public MalformedException(String reason, int offset) {
    super(reason, offset);
    this.missing = null;
  }

  /**
   * The same for bytes that the specification does not know and {@code missing} would give a
   * meaning, which the message says, too.
   */
  public MalformedException(String reason, WasmFeature missing, int offset) {
    super(reason + ", " + missing.text() + " feature not enabled", offset);
    this.missing = missing;
  }

  @Override
  public @Nullable WasmFeature missingFeature() {
    return missing;
  }
}
