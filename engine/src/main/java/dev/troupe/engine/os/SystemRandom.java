package dev.troupe.engine.os;

/** The kernel's random bytes. */
public final class SystemRandom {
  /** A part of this size is not interrupted for long. */
  private static final long PART_BYTES = 1 << 20;

  private SystemRandom() {}

  /** Fills memory with random bytes fit for keys: 0, or a negative error number. */
  public static long fill(long address, long bytes) {
    for (long done = 0; done < bytes; ) {
      long part = Math.min(PART_BYTES, bytes - done);
      long result = Libc.syscall(Syscall.GETRANDOM, address + done, part, 0, 0, 0, 0);
      if (result < 0 && result != -Errno.EINTR) {
        return result;
      }
      done += Math.max(0, result);
    }
    return 0;
  }
}
