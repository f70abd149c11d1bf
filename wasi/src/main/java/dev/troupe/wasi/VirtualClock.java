package dev.troupe.wasi;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A clock that stands still until it is moved or a guest waits for it, so that every run sees the
 * same times. Thread-safe.
 */
public final class VirtualClock implements WasiClock {
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final long startNanos;
  private final AtomicLong elapsedNanos = new AtomicLong();

  private VirtualClock(long startNanos) {
    this.startNanos = startNanos;
  }

  /**
   * A clock that shows this time; its monotonic clock and processor times show 0.
   *
   * @throws IllegalArgumentException before 1970 or after 2262
   */
  public static VirtualClock at(Instant time) {
    try {
      long seconds = Math.multiplyExact(time.getEpochSecond(), NANOS_PER_SECOND);
      long nanos = Math.addExact(seconds, time.getNano());
      if (nanos >= 0) {
        return new VirtualClock(nanos);
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("no clock shows " + time, e);
    }
    throw new IllegalArgumentException("no clock shows " + time);
  }

  /** Moves all its clocks forward. */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("time goes forward");
    }
    boolean unused = pass(time.toNanos());
  }

  @Override
  public long nanos(int id) {
    long elapsed = elapsedNanos.get();
    return id == REALTIME ? startNanos + elapsed : elapsed;
  }

  @Override
  public long resolutionNanos(int id) {
    return 1;
  }

  @Override
  public boolean pass(long nanos) {
    long unused = elapsedNanos.addAndGet(nanos);
    return true;
  }
}
