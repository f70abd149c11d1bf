package dev.troupe.engine.contract;

/**
 * Tail calls that cannot simply jump. A function is called with a stack area of the size that its
 * own type needs, and a caller within the module expects its instance pointer back; so a tail call
 * of a function that needs a larger area, or that belongs to another instance, puts a frame between
 * the caller and the callee. It ends in one of a few routines, which give the instance pointer and
 * the stack results back to where the caller expects them. A tail call that finds such a routine as
 * its return address uses the frame that is there, or replaces it by a larger one: the stack does
 * not grow, however long the chain.
 *
 * <pre>
 *              | stack area of the caller      |
 *   Y          | its return address            | 8 modulo 16
 *   Y -  8     | (unused)                      |
 *   Y - 16     | bytes of stack results        |
 *   Y - 24     | instance pointer of the caller|
 *   ...        | stack area for the callee     | {@link #areaBytes} of a class
 *   on entry   | address of the class's routine|
 * </pre>
 *
 * <p>{@link Builtin#TAIL_FRAME} makes it. It is called, with the frame of the function that leaves
 * still there, its callee-saved registers restored, the callee's register parameters in place and
 * its stack parameters at the bottom of the frame, and goes on to the callee.
 */
public final class TailFrame {
  /** Size classes of areas. */
  public static final int CLASSES = 4;

  /** Distance between the routines of two classes, bytes. */
  public static final int ROUTINE_BYTES = 128;

  /** The least area, bytes; every class is four times as large as the one before. */
  public static final int LEAST_AREA_BYTES = 256;

  /** Bytes between the area and the return address. */
  public static final int HEADER_BYTES = 24;

  /** Offset of the caller's instance pointer from the end of the area. */
  public static final int INSTANCE = 0;

  /** Offset of the number of bytes of stack results from the end of the area. */
  public static final int RESULT_BYTES = 8;

  /** General register with the address of the callee's code. */
  public static final int CODE = Registers.SCRATCH;

  /** Vector register with the callee's instance pointer. */
  public static final int INSTANCE_HOLDER = Registers.XMM0 + 14;

  /** Vector register with what rax must be for the callee. */
  public static final int RAX_HOLDER = Registers.XMM0 + 13;

  /** Vector register with {@link #sizes}. */
  public static final int SIZES_HOLDER = Registers.XMM0 + 12;

  private TailFrame() {}

  /** Stack area of a class, bytes. */
  public static int areaBytes(int sizeClass) {
    return LEAST_AREA_BYTES << 2 * sizeClass;
  }

  /**
   * What the routine must know.
   *
   * @param frameBytes of the function that leaves: from its stack pointer to its return address
   * @param paramBytes of the callee's stack parameters, a multiple of 16
   * @param resultBytes of the callee's stack results, a multiple of 16
   */
  public static long sizes(int frameBytes, int paramBytes, int resultBytes) {
    if (Math.max(paramBytes, resultBytes) > areaBytes(CLASSES - 1)) {
      throw new IllegalStateException("stack area of " + paramBytes + ", " + resultBytes);
    }
    return (long) resultBytes << 48 | (long) paramBytes << 32 | frameBytes;
  }
}
