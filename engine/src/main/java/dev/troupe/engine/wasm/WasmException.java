package dev.troupe.engine.wasm;

import org.jspecify.annotations.Nullable;

/**
 * A module is bad. The subclass says in which phase that was found. Messages start with the text
 * that the official test scripts expect and end with the position.
 */
public abstract class WasmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** {@link #offset()} of an error that has no position in a binary. */
  public static final int NO_OFFSET = -1;

  private final int offset;

  protected WasmException(String message) {
    super(message);
    this.offset = NO_OFFSET;
  }

  protected WasmException(String reason, int offset) {
    super(reason + " (at offset 0x" + Integer.toHexString(offset) + ")");
    this.offset = offset;
  }

  /** Byte offset of the error in the binary, or {@link #NO_OFFSET}. */
  public int offset() {
    return offset;
  }

  /** The feature with which the module would get further, where one is off; else null. */
  public @Nullable WasmFeature missingFeature() {
    return null;
  }
}
