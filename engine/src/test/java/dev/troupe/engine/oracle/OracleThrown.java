package dev.troupe.engine.oracle;

/** A guest exception on its way to a handler. */
public final class OracleThrown extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long handle;

  /**
   * @param handle of the {@link OracleException} in its store
   */
  OracleThrown(long handle) {
    super("uncaught exception", null, false, false);
    this.handle = handle;
  }

  long handle() {
    return handle;
  }
}
