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
 */
public record MachineEnv(int[] integerOrder, int[] vectorOrder, long calleeSaved) {

  /** Checks that the two classes are disjoint. */
  public MachineEnv {
    integerOrder = integerOrder.clone();
    vectorOrder = vectorOrder.clone();
    long integers = mask(integerOrder);
    long vectors = mask(vectorOrder);
    if ((integers & vectors) != 0) {
      throw new IllegalArgumentException("a register is in both classes");
    }
  }

  /**
   * The allocatable registers of {@code registerClass} in order of preference (not to be changed).
   */
  public int[] order(RegisterClass registerClass) {
    return registerClass == RegisterClass.INTEGER ? integerOrder : vectorOrder;
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
