package dev.troupe.engine.os;

import java.lang.foreign.Arena;

/**
 * A kernel timer that sends a signal to one thread. Arming is safe from any thread; the timer must
 * be closed before its thread ends, since the kernel may reuse the thread's id.
 */
public final class KernelTimer implements AutoCloseable {
  private static final int CLOCK_MONOTONIC = 1;
  private static final int SIGEV_THREAD_ID = 4;
  private static final int SIGEVENT_BYTES = 64;
  private static final int ITIMERSPEC_BYTES = 32;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /**
   * Signals that follow each other faster than a thread handles one leave it no time for anything
   * else, not even for disarming the timer.
   */
  public static final long MIN_INTERVAL_NANOS = 20_000;

  private final Arena arena = Arena.ofShared();
  private final long spec = arena.allocate(ITIMERSPEC_BYTES, 8).address();
  private final int id;
  private boolean closed;

  private KernelTimer(int id) {
    this.id = id;
  }

  /** A disarmed timer that will send {@code signal} to {@code threadId}. */
  public static KernelTimer create(int signal, int threadId) {
    try (Arena arena = Arena.ofConfined()) {
      long event = arena.allocate(SIGEVENT_BYTES, 8).address();
      long timerId = arena.allocate(8, 8).address();
      RawMemory.putInt(event + 8, signal);
      RawMemory.putInt(event + 12, SIGEV_THREAD_ID);
      RawMemory.putInt(event + 16, threadId);
      Libc.check("timer_create", Syscall.TIMER_CREATE, CLOCK_MONOTONIC, event, timerId);
      return new KernelTimer(RawMemory.getInt(timerId));
    }
  }

  /**
   * Sends the signal after {@code firstNanos} and then every {@code intervalNanos}, but never more
   * often than every {@link #MIN_INTERVAL_NANOS}; an interval of 0 means once.
   */
  public void arm(long firstNanos, long intervalNanos) {
    set(
        Math.max(1, firstNanos),
        intervalNanos == 0 ? 0 : Math.max(MIN_INTERVAL_NANOS, intervalNanos));
  }

  /** Sends no more signals; one may still be pending. */
  public void disarm() {
    set(0, 0);
  }

  private synchronized void set(long firstNanos, long intervalNanos) {
    if (closed) {
      return;
    }
    RawMemory.putLong(spec, intervalNanos / NANOS_PER_SECOND);
    RawMemory.putLong(spec + 8, intervalNanos % NANOS_PER_SECOND);
    RawMemory.putLong(spec + 16, firstNanos / NANOS_PER_SECOND);
    RawMemory.putLong(spec + 24, firstNanos % NANOS_PER_SECOND);
    Libc.check("timer_settime", Syscall.TIMER_SETTIME, id, 0, spec, 0, 0, 0);
  }

  /** Deletes the timer; later calls do nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Libc.check("timer_delete", Syscall.TIMER_DELETE, id, 0, 0);
      arena.close();
    }
  }
}
