package dev.troupe.engine.contract;

/**
 * Offsets in the store context: the native structure that a store's guest code, the stubs and the
 * exit loop share. One per store, 64-byte aligned; every instance context points to it.
 *
 * <pre>
 *   0 stackLimit      lowest rsp that a function may reach
 *   8 fuel            remaining fuel, signed
 *  16 preemptFlag     address of the u32 that the worker's preempter sets
 *  24 values          address of the value area: 16 bytes a value
 *  32 carrierRsp      rsp of the thread that entered, while the guest runs
 *  40 guestRsp        rsp of the fiber, while it is left
 *  48 resumePc        where enter continues
 *  56 exitPc          guest pc of a trap, a preemption or the return address of a call out
 *  64 faultAddress    what a memory fault touched
 *  72 calleeInstance  instance of the function to start; after a call out, the pinned register:
 *                     the host function's context, or the instance that called a builtin
 *  80 calleeCode      entry of the function to start, guest convention
 *  88 exitCode u32
 *  92 exitArg  u32
 *  96 carrierMxcsr u32
 * 100 guestMxcsr   u32
 * 104 exitRsp         stack pointer of the guest's frame at exitPc
 * 112 calleeMoves     which value goes where, for functions that are entered by the generic stub
 * 120 (reserved)
 * 128 gcTop         where the next object of the collected heap begins
 * 136 gcEnd         the end of what may be allocated without asking
 * </pre>
 */
public final class StoreContext {
  /** Lowest stack pointer that guest code may reach, u64. */
  public static final int STACK_LIMIT = 0;

  /** Remaining fuel, i64; negative means exhausted. */
  public static final int FUEL = STACK_LIMIT + Long.BYTES;

  /** Address of a u32: nonzero asks the guest to leave, u64. Never null. */
  public static final int PREEMPT_FLAG = FUEL + Long.BYTES;

  /** Address of the value area, u64. */
  public static final int VALUES = PREEMPT_FLAG + Long.BYTES;

  /** Stack pointer of the carrier thread while the guest runs, u64. */
  public static final int CARRIER_RSP = VALUES + Long.BYTES;

  /** Stack pointer of the fiber while it is left, u64. */
  public static final int GUEST_RSP = CARRIER_RSP + Long.BYTES;

  /** Address at which {@code enter} continues, u64. */
  public static final int RESUME_PC = GUEST_RSP + Long.BYTES;

  /** Guest pc of the exit, u64. */
  public static final int EXIT_PC = RESUME_PC + Long.BYTES;

  /** Faulting address of a memory fault, u64. */
  public static final int FAULT_ADDRESS = EXIT_PC + Long.BYTES;

  /** Instance context of the callee, u64. */
  public static final int CALLEE_INSTANCE = FAULT_ADDRESS + Long.BYTES;

  /** Code address of the callee, u64. */
  public static final int CALLEE_CODE = CALLEE_INSTANCE + Long.BYTES;

  /** Ordinal of the {@link ExitCode}, u32. */
  public static final int EXIT_CODE = CALLEE_CODE + Long.BYTES;

  /** Argument of the exit, u32. */
  public static final int EXIT_ARG = EXIT_CODE + Integer.BYTES;

  /** MXCSR of the carrier thread, u32. */
  public static final int CARRIER_MXCSR = EXIT_ARG + Integer.BYTES;

  /** MXCSR of the guest, u32. */
  public static final int GUEST_MXCSR = CARRIER_MXCSR + Integer.BYTES;

  /**
   * Stack pointer of the guest's frame at {@link #EXIT_PC}, u64: after a call out it is the value
   * that the caller sees once the call has returned. Where unwinding starts.
   */
  public static final int EXIT_RSP = GUEST_MXCSR + Integer.BYTES;

  /** Address of the table that tells the generic entry stub what to do, u64. */
  public static final int CALLEE_MOVES = EXIT_RSP + Long.BYTES;

  private static final int RESERVED_BYTES = Long.BYTES;

  /** Address of the next object of the collected heap, u64; see {@link GcLayout}. */
  public static final int GC_TOP = CALLEE_MOVES + Long.BYTES + RESERVED_BYTES;

  /** Address up to which objects may be made without asking the host, i64. */
  public static final int GC_END = GC_TOP + Long.BYTES;

  /** Size of the structure, bytes. */
  public static final int SIZE_BYTES = GC_END + Long.BYTES;

  /** Bytes of one slot of the value area: room for a v128. */
  public static final int VALUE_BYTES = 16;

  /** The MXCSR that guest code runs with: all exceptions masked, round to nearest. */
  public static final int DEFAULT_MXCSR = 0x1F80;

  private StoreContext() {}
}
