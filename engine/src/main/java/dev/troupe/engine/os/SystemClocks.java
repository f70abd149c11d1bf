package dev.troupe.engine.os;

/** The kernel's clocks, by their numbers (include/uapi/linux/time.h). */
public final class SystemClocks {
  public static final int REALTIME = 0;
  public static final int MONOTONIC = 1;
  public static final int PROCESS_CPU = 2;
  public static final int THREAD_CPU = 3;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private SystemClocks() {}

  /** A clock's time in nanoseconds; {@code scratch} is memory of 16 bytes. */
  public static long nanos(int clock, long scratch) {
    Libc.check("clock_gettime", Syscall.CLOCK_GETTIME, clock, scratch, 0);
    return timespec(scratch);
  }

  /** A clock's resolution in nanoseconds; {@code scratch} is memory of 16 bytes. */
  public static long resolutionNanos(int clock, long scratch) {
    Libc.check("clock_getres", Syscall.CLOCK_GETRES, clock, scratch, 0);
    return timespec(scratch);
  }

  private static long timespec(long address) {
    return RawMemory.getLong(address) * NANOS_PER_SECOND + RawMemory.getLong(address + 8);
  }
}
