package dev.troupe.wasi;

/** A guest called {@code proc_exit}: thrown through it, and the reason of the trap that follows. */
public final class WasiExitException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int code;

  WasiExitException(int code) {
    super("the guest exited with status " + Integer.toUnsignedString(code), null, false, false);
    this.code = code;
  }

  /** The status; 0 is success. */
  public int code() {
    return code;
  }
}
