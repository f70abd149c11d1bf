package dev.troupe.engine.contract;

/**
 * Where a frame keeps what belongs to its caller, as one byte per function. Who unwinds the stack
 * gives the callee-saved registers and the instance pointer back from there.
 *
 * <pre>
 *   | return address                  | frameBytes
 *   | (8 bytes of padding)            | if {@link #PADDED}
 *   | instance pointer of the frame   | if {@link #HAS_INSTANCE}
 *   | callee-saved registers in use   | the highest register number first
 * </pre>
 */
public final class SavedRegisters {
  /** The callee-saved registers; bit i of the byte says that register i of these is saved. */
  private static final int[] REGISTERS = {
    Registers.RBX, Registers.RBP, Registers.R12, Registers.R13, Registers.R14
  };

  /** Set when the frame keeps its instance pointer: its calls may change the register. */
  public static final int HAS_INSTANCE = 1 << 5;

  /** Set when eight bytes below the return address are unused. */
  public static final int PADDED = 1 << 6;

  /** All bits. */
  public static final int MOST = 0x7F;

  private SavedRegisters() {}

  /** The byte for a mask of general registers. */
  public static int pack(long saved, boolean hasInstance, boolean padded) {
    int bits = (hasInstance ? HAS_INSTANCE : 0) | (padded ? PADDED : 0);
    for (int i = 0; i < REGISTERS.length; i++) {
      bits |= (int) (saved >> REGISTERS[i] & 1) << i;
    }
    return bits;
  }

  /** Number of callee-saved registers. */
  public static int count() {
    return REGISTERS.length;
  }

  /** Bytes that the frame needs at least. */
  public static int leastFrameBytes(int saves) {
    int registers = Integer.bitCount(saves & HAS_INSTANCE - 1);
    int others = Integer.bitCount(saves & (HAS_INSTANCE | PADDED));
    return (registers + others) * Long.BYTES;
  }

  /** Offset of the instance pointer from rsp; the frame has one. */
  public static int instanceOffset(int saves, int frameBytes) {
    return end(saves, frameBytes) - Long.BYTES;
  }

  /** Offset of callee-saved register i from rsp, or -1 when the frame does not save it. */
  public static int offset(int saves, int frameBytes, int i) {
    if ((saves >> i & 1) == 0) {
      return -1;
    }
    int fromEnd = Integer.bitCount((saves & HAS_INSTANCE - 1) >> i);
    int instance = (saves & HAS_INSTANCE) != 0 ? Long.BYTES : 0;
    return end(saves, frameBytes) - instance - fromEnd * Long.BYTES;
  }

  private static int end(int saves, int frameBytes) {
    return frameBytes - ((saves & PADDED) != 0 ? Long.BYTES : 0);
  }
}
