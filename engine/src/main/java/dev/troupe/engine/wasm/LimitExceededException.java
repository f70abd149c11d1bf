package dev.troupe.engine.wasm;

/** A module that is larger in some respect than this engine accepts; see {@link WasmLimits}. */
public final class LimitExceededException extends MalformedException {
  private static final long serialVersionUID = 1L;

  /**
   * {@code what} starts with the text of the test scripts where they have one, for example "too
   * many locals".
   */
  public LimitExceededException(String what, long actual, long limit, int offset) {
    super(what + ": " + Long.toUnsignedString(actual) + " exceeds the limit of " + limit, offset);
  }
}
