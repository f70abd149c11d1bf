package dev.troupe.engine.contract;

/**
 * Roles of the x86-64 registers in guest code. Ids are hardware numbers: 0 to 15 for rax, rcx, rdx,
 * rbx, rsp, rbp, rsi, rdi, r8 to r15, and 16 to 31 for xmm0 to xmm15.
 */
public final class Registers {
  public static final int RAX = 0;
  public static final int RCX = 1;
  public static final int RDX = 2;
  public static final int RBX = 3;
  public static final int RSP = 4;
  public static final int RBP = 5;
  public static final int RSI = 6;
  public static final int RDI = 7;
  public static final int R8 = 8;
  public static final int R9 = 9;
  public static final int R10 = 10;
  public static final int R11 = 11;
  public static final int R12 = 12;
  public static final int R13 = 13;
  public static final int R14 = 14;
  public static final int R15 = 15;

  /** Id of xmm0; the others follow. */
  public static final int XMM0 = 16;

  /** Id of xmm15, the last register. */
  public static final int XMM15 = XMM0 + 15;

  /** The pinned register: address of the running function's instance context. */
  public static final int INSTANCE = R15;

  /**
   * Scratch register of prologues, of calls through memory and of stubs: no parameter is in it, and
   * no call keeps it.
   */
  public static final int SCRATCH = R11;

  /** Vector scratch register of stubs: no parameter is in it, and no call keeps it. */
  public static final int VECTOR_SCRATCH = XMM15;

  /** Bit i is set when general register i keeps its value across a call. */
  public static final int CALLEE_SAVED = 1 << RBX | 1 << RBP | 1 << R12 | 1 << R13 | 1 << R14;

  private Registers() {}
}
