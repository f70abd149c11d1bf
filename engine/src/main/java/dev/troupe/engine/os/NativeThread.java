package dev.troupe.engine.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The kernel's view of a platform thread. Obtain it once per thread with {@link #current()}; it
 * must not be used after its thread has ended.
 */
public final class NativeThread {
  /** Slices of threads that asked for short ones; the kernel grants 100 us to 100 ms. */
  public static final long SHORT_SLICE_NANOS = 200_000;

  private static final int CLOCK_THREAD_CPUTIME_ID = 3;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  // struct sched_attr, include/uapi/linux/sched/types.h.
  private static final int SCHED_ATTR_BYTES = 56;
  private static final int SCHED_ATTR_POLICY = 4;
  private static final int SCHED_ATTR_RUNTIME = 24;
  private static final int SCHED_OTHER = 0;

  private static final int PROCESS_ID = (int) Libc.check("getpid", Syscall.GETPID, 0, 0, 0);

  private final int id;
  private final MemorySegment timespec = Arena.ofAuto().allocate(16, 8);

  private NativeThread(int id) {
    this.id = id;
  }

  /** The calling thread, which must be a platform thread: a virtual one moves. */
  public static NativeThread current() {
    if (Thread.currentThread().isVirtual()) {
      throw new IllegalStateException("a virtual thread has no kernel identity");
    }
    return new NativeThread((int) Libc.check("gettid", Syscall.GETTID, 0, 0, 0));
  }

  /** The kernel's thread id. */
  public int id() {
    return id;
  }

  /** CPU time of the calling thread in nanoseconds; call it on this object's own thread. */
  public long cpuNanos() {
    long buffer = timespec.address();
    Libc.check("clock_gettime", Syscall.CLOCK_GETTIME, CLOCK_THREAD_CPUTIME_ID, buffer, 0);
    return RawMemory.getLong(buffer) * NANOS_PER_SECOND + RawMemory.getLong(buffer + 8);
  }

  /**
   * Asks the kernel to give the calling thread slices of {@link #SHORT_SLICE_NANOS} instead of its
   * default of some milliseconds. Its share of the processor is the same, but when it wakes up it
   * need not wait until a thread with longer slices has used up its own: for threads that do little
   * at a time and that others wait for. Linux knows it since 6.12 (EEVDF) and allows it to
   * everybody.
   *
   * @return whether the kernel does it; nothing is changed otherwise
   */
  public boolean askForShortSlices() {
    try (Arena arena = Arena.ofConfined()) {
      long attributes = arena.allocate(SCHED_ATTR_BYTES, 8).address();
      if (Libc.syscall(Syscall.SCHED_GETATTR, 0, attributes, SCHED_ATTR_BYTES, 0, 0, 0) < 0
          || RawMemory.getInt(attributes + SCHED_ATTR_POLICY) != SCHED_OTHER) {
        return false;
      }
      RawMemory.putLong(attributes + SCHED_ATTR_RUNTIME, SHORT_SLICE_NANOS);
      if (Libc.syscall(Syscall.SCHED_SETATTR, 0, attributes, 0, 0, 0, 0) < 0) {
        return false;
      }
      // Older kernels take the call and forget the number.
      return Libc.syscall(Syscall.SCHED_GETATTR, 0, attributes, SCHED_ATTR_BYTES, 0, 0, 0) >= 0
          && RawMemory.getLong(attributes + SCHED_ATTR_RUNTIME) == SHORT_SLICE_NANOS;
    }
  }

  /** Sends a signal to this thread; a thread that has ended is ignored. */
  public void signal(int signal) {
    long result = Libc.syscall(Syscall.TGKILL, PROCESS_ID, id, signal, 0, 0, 0);
    if (result < 0 && result != -Errno.ESRCH) {
      throw new OsException("tgkill", (int) -result);
    }
  }
}
