package dev.troupe.engine.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The kernel's view of a platform thread. Obtain it once per thread with {@link #current()}; it
 * must not be used after its thread has ended.
 */
public final class NativeThread {
  private static final int CLOCK_THREAD_CPUTIME_ID = 3;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
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

  /** Sends a signal to this thread; a thread that has ended is ignored. */
  public void signal(int signal) {
    long result = Libc.syscall(Syscall.TGKILL, PROCESS_ID, id, signal, 0, 0, 0);
    if (result < 0 && result != -Errno.ESRCH) {
      throw new OsException("tgkill", (int) -result);
    }
  }
}
