package dev.troupe.engine.os;

import java.lang.foreign.Arena;

/** Signal dispositions of the process. */
public final class Signals {
  public static final int SIGHUP = 1;
  public static final int SIGINT = 2;
  public static final int SIGILL = 4;
  public static final int SIGBUS = 7;
  public static final int SIGFPE = 8;
  public static final int SIGSEGV = 11;
  public static final int SIGTERM = 15;
  public static final int SIGURG = 23;

  public static final int SA_SIGINFO = 4;
  public static final int SA_ONSTACK = 0x08000000;
  public static final int SA_RESTART = 0x10000000;
  public static final int SA_NODEFER = 0x40000000;

  private static final int ACTION_BYTES = 152;
  private static final int MASK_OFFSET = 8;
  private static final int FLAGS_OFFSET = 136;

  private Signals() {}

  /**
   * What happens on a signal.
   *
   * @param handler address of the handler, 0 for the default action, 1 for none
   * @param flags the SA_ flags
   * @param mask signals 1 to 64 blocked while the handler runs: bit {@code n - 1} is signal {@code
   *     n}
   */
  public record Action(long handler, int flags, long mask) {
    /** The default action. */
    public static final long DEFAULT = 0;

    /** The signal is dropped. */
    public static final long IGNORE = 1;
  }

  /** The present action. */
  public static Action action(int signal) {
    try (Arena arena = Arena.ofConfined()) {
      long buffer = arena.allocate(ACTION_BYTES, 8).address();
      Libc.sigaction(signal, 0, buffer);
      return read(buffer);
    }
  }

  /** Replaces the action and returns the one before. */
  public static Action replace(int signal, Action action) {
    try (Arena arena = Arena.ofConfined()) {
      long buffers = arena.allocate(2L * ACTION_BYTES, 8).address();
      RawMemory.putLong(buffers, action.handler());
      RawMemory.putLong(buffers + MASK_OFFSET, action.mask());
      RawMemory.putInt(buffers + FLAGS_OFFSET, action.flags());
      long before = buffers + ACTION_BYTES;
      Libc.sigaction(signal, buffers, before);
      return read(before);
    }
  }

  /** The mask bit of a signal. */
  public static long maskOf(int signal) {
    return 1L << (signal - 1);
  }

  private static Action read(long address) {
    return new Action(
        RawMemory.getLong(address),
        RawMemory.getInt(address + FLAGS_OFFSET),
        RawMemory.getLong(address + MASK_OFFSET));
  }
}
