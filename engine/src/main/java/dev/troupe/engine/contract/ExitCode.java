package dev.troupe.engine.contract;

/**
 * Why guest code left to the host: what {@code enter} returns. The host's exit loop is one switch
 * over these; afterwards it resumes the fiber or drops it.
 */
public enum ExitCode {
  /** The function returned; results are in the value area. */
  DONE,
  /**
   * A trap. {@link StoreContext#EXIT_ARG} is the {@link TrapKind} ordinal, or -1 when the module's
   * trap table tells by {@link StoreContext#EXIT_PC}. The fiber cannot be resumed.
   */
  TRAP,
  /** An imported host function was called; {@link StoreContext#CALLEE_INSTANCE} names it. */
  HOST_CALL,
  /** {@link Builtin#MEMORY_GROW}. */
  MEMORY_GROW,
  /** {@link Builtin#TABLE_GROW}. */
  TABLE_GROW,
  /** {@link Builtin#TABLE_INIT}. */
  TABLE_INIT,
  /** {@link Builtin#TABLE_COPY}. */
  TABLE_COPY,
  /** {@link Builtin#TABLE_FILL}. */
  TABLE_FILL,
  /** {@link Builtin#MEMORY_INIT}. */
  MEMORY_INIT,
  /** {@link Builtin#DATA_DROP}. */
  DATA_DROP,
  /** {@link Builtin#ELEM_DROP}. */
  ELEM_DROP,
  /** {@link Builtin#GC_ROOM}. */
  GC_ROOM,
  /** {@link Builtin#ARRAY_NEW_DATA}. */
  ARRAY_NEW_DATA,
  /** {@link Builtin#ARRAY_NEW_ELEM}. */
  ARRAY_NEW_ELEM,
  /** {@link Builtin#ARRAY_INIT_DATA}. */
  ARRAY_INIT_DATA,
  /** {@link Builtin#ARRAY_INIT_ELEM}. */
  ARRAY_INIT_ELEM,
  /** {@link Builtin#ARRAY_FILL_VECTORS}. */
  ARRAY_FILL_VECTORS,
  /** {@link StoreContext#FUEL} went negative; the host refuels and resumes, or traps. */
  FUEL_EXHAUSTED,
  /** Cooperative yield: the preemption flag was seen by an epoch check or a bulk operation. */
  EPOCH,
  /** {@link Builtin#THROW}: what the exception carries is in the frame. */
  THROW,
  /** {@link Builtin#THROW_REF}. */
  THROW_REF,
  /** The preemption signal arrived; every register is saved on the fiber's stack. */
  PREEMPTED,
  /** {@link Builtin#MEMORY_WAIT32}; the fiber may have to wait. */
  MEMORY_WAIT32,
  /** {@link Builtin#MEMORY_WAIT64}; the fiber may have to wait. */
  MEMORY_WAIT64,
  /** {@link Builtin#MEMORY_NOTIFY}. */
  MEMORY_NOTIFY;

  private static final ExitCode[] VALUES = values();

  /**
   * The exit code with this ordinal.
   *
   * @throws IllegalStateException when there is none: a stub stored something else
   */
  public static ExitCode of(int ordinal) {
    if (ordinal < 0 || ordinal >= VALUES.length) {
      throw new IllegalStateException("guest left with unknown exit code " + ordinal);
    }
    return VALUES[ordinal];
  }
}
