package dev.troupe.engine.contract;

import dev.troupe.engine.wasm.FuncType;

/**
 * Where a frame that catches an exception finds it: in its area for callees, which is free then.
 * What unwinds the stack writes it there and continues the frame at the handler.
 *
 * <pre>
 *   rsp      reference to the exception, if the handler wants it
 *   rsp + 8  (unused)
 *   rsp + 16 what the exception carries, 16 bytes a value
 * </pre>
 *
 * <p>A frame that throws leaves what the exception carries in the same places.
 */
public final class CaughtException {
  /** Offset of the reference from rsp. */
  public static final int REFERENCE = 0;

  private static final int VALUES = 16;
  private static final int VALUE_BYTES = 16;

  private CaughtException() {}

  /** Offset of a value that the exception carries from rsp. */
  public static int value(int index) {
    return VALUES + index * VALUE_BYTES;
  }

  /** Bytes of the area for exceptions of a type. */
  public static int areaBytes(FuncType type) {
    return value(type.paramCount());
  }
}
