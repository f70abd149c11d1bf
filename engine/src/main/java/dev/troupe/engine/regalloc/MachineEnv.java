package dev.troupe.engine.regalloc;

/**
 * The physical registers that the allocator may use. Registers are numbered 0 to 63 over both
 * classes and sets of them are {@code long} masks (bit n = register n).
 *
 * @param integerOrder allocatable integer registers, most preferred first; put caller-saved ones
 *     before callee-saved ones
 * @param vectorOrder allocatable vector registers, most preferred first
 * @param calleeSaved registers that the function must save before it writes them; using the first
 *     time costs a store and a load per invocation, which the allocator weighs
 * @param scratchInteger an integer register outside {@code integerOrder}, free at every program
 *     point; it breaks cycles of moves and carries slot-to-slot moves
 * @param scratchVector the same for vectors
 */
public record MachineEnv(
    int[] integerOrder,
    int[] vectorOrder,
    long calleeSaved,
    int scratchInteger,
    int scratchVector) {

  /**
   * Checks that the scratch registers are not allocatable and that the two classes are disjoint.
   */
  public MachineEnv {
    integerOrder = integerOrder.clone();
    vectorOrder = vectorOrder.clone();
    long integers = mask(integerOrder);
    long vectors = mask(vectorOrder);
    if ((integers & vectors) != 0) {
      throw new IllegalArgumentException("a register is in both classes");
    }
    long scratch = 1L << scratchInteger | 1L << scratchVector;
    if ((scratch & (integers | vectors)) != 0) {
      throw new IllegalArgumentException("a scratch register is allocatable");
    }
  }

  /**
   * The allocatable registers of {@code registerClass} in order of preference (not to be changed).
   */
  public int[] order(RegisterClass registerClass) {
    return registerClass == RegisterClass.INTEGER ? integerOrder : vectorOrder;
  }

  /** The scratch register of {@code registerClass}. */
  public int scratch(RegisterClass registerClass) {
    return registerClass == RegisterClass.INTEGER ? scratchInteger : scratchVector;
  }

  /** The allocatable registers of {@code registerClass} as a mask. */
  public long allocatable(RegisterClass registerClass) {
    return mask(order(registerClass));
  }

  private static long mask(int[] registers) {
    long mask = 0;
    for (int register : registers) {
      if (register < 0 || register > 63 || (mask & 1L << register) != 0) {
        throw new IllegalArgumentException("register " + register + " out of range or twice");
      }
      mask |= 1L << register;
    }
    return mask;
  }
}
