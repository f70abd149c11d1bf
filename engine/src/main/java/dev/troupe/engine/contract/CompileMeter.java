package dev.troupe.engine.contract;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the processor time of a compilation over all its threads, and says when it is too much.
 * Looked at between functions. Thread-safe.
 */
public final class CompileMeter {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private final long limitNanos;
  private final AtomicLong spentNanos = new AtomicLong();

  private CompileMeter(long limitNanos) {
    this.limitNanos = limitNanos;
  }

  /** Allows so many nanoseconds; {@link Long#MAX_VALUE} for any. */
  public static CompileMeter withLimit(long limitNanos) {
    return new CompileMeter(limitNanos);
  }

  /** Only measures. */
  public static CompileMeter unlimited() {
    return new CompileMeter(Long.MAX_VALUE);
  }

  /** Most that is allowed, in nanoseconds. */
  public long limitNanos() {
    return limitNanos;
  }

  /** Processor time so far, in nanoseconds, of the laps that were taken. */
  public long spentNanos() {
    return spentNanos.get();
  }

  /** Whether more was spent than is allowed. */
  public boolean isExceeded() {
    return spentNanos.get() > limitNanos;
  }

  /** Starts to measure the calling thread. */
  public Stopwatch start() {
    return new Stopwatch();
  }

  /** Measures one thread, lap by lap. */
  public final class Stopwatch implements AutoCloseable {
    private long lastNanos = now();

    private Stopwatch() {}

    private static long now() {
      return Math.max(0, THREADS.getCurrentThreadCpuTime());
    }

    /** Counts what the thread has spent since the last lap. */
    public void lap() {
      long nowNanos = now();
      spentNanos.addAndGet(Math.max(0, nowNanos - lastNanos));
      lastNanos = nowNanos;
    }

    /** Counts the last lap. */
    @Override
    public void close() {
      lap();
    }
  }
}
