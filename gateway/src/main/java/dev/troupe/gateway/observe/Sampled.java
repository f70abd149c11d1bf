package dev.troupe.gateway.observe;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What costs something to look at, looked at only so often, however many ask. One looks at a time;
 * the others wait for what it sees. Thread-safe.
 */
public final class Sampled<T> implements Supplier<T> {
  private final Supplier<T> source;
  private final long ageNanos;
  private final LongSupplier nanoTime;
  private @Nullable T latest;
  private long latestNanos;

  /**
   * Looks at {@code source}.
   *
   * @param age how old may be what is given
   * @param nanoTime a clock
   */
  public Sampled(Supplier<T> source, Duration age, LongSupplier nanoTime) {
    this.source = source;
    this.ageNanos = age.toNanos();
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized T get() {
    T known = latest;
    long now = nanoTime.getAsLong();
    if (known == null || now - latestNanos >= ageNanos) {
      known = source.get();
      latest = known;
      latestNanos = now;
    }
    return known;
  }
}
