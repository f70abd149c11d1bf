package dev.troupe.actors.admission;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Processor time of a tenant's compilations: a bucket of {@link Quota#COMPILE_BURST} that fills up
 * by {@link Quota#COMPILE_PER_SECOND}. What a compilation costs is known when it is over. So it may
 * begin while the bucket is not empty, an estimate from the tenant's earlier ones is set aside
 * meanwhile, and what it took beyond is owed. Thread-safe.
 */
public final class CompileBudget {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Before anything was compiled: about a megabyte of module a second. */
  private static final double FIRST_NANOS_PER_BYTE = 1_000;

  private static final double SMOOTHING = 0.3;

  private final LongSupplier clock;
  private EffectiveLimits limits;
  private double levelNanos;
  private long asOfNanos;
  private double nanosPerByte = FIRST_NANOS_PER_BYTE;
  private long reservedNanos;
  private long spentNanos;
  private long compilations;

  /** Starts full. */
  public CompileBudget(EffectiveLimits limits) {
    this(limits, System::nanoTime);
  }

  /** {@code clock} is monotonic, in nanoseconds. */
  CompileBudget(EffectiveLimits limits, LongSupplier clock) {
    this.limits = limits;
    this.clock = clock;
    this.asOfNanos = clock.getAsLong();
    this.levelNanos = limits.value(Quota.COMPILE_BURST);
  }

  /** Acts at once; what is owed stays owed. */
  public synchronized void setLimits(EffectiveLimits newLimits) {
    fill();
    boolean wasUnlimited = limits.value(Quota.COMPILE_PER_SECOND) == Limits.NONE;
    limits = newLimits;
    double most = limits.value(Quota.COMPILE_BURST);
    levelNanos = wasUnlimited ? most : Math.min(levelNanos, most);
  }

  /** Most that one module may take, in nanoseconds. */
  public synchronized EffectiveLimits.Limit moduleLimit() {
    return limits.limit(Quota.MODULE_COMPILE_TIME);
  }

  /**
   * Sets something aside for a module of that length.
   *
   * @return what was set aside, for {@link #settle}
   * @throws CompileRefusedException when the bucket is empty
   */
  public synchronized long begin(long moduleBytes) throws CompileRefusedException {
    fill();
    long perSecond = limits.value(Quota.COMPILE_PER_SECOND);
    double free = levelNanos - reservedNanos;
    if (perSecond != Limits.NONE && free <= 0) {
      // What there would be in a second, had nothing been owed.
      long usage = perSecond + (long) Math.min(Long.MAX_VALUE / 2.0, 1 - free);
      Duration retry =
          Duration.ofNanos((long) Math.ceil((1 - free) / perSecond * NANOS_PER_SECOND));
      throw new CompileRefusedException(
          Refusal.of(limits.limit(Quota.COMPILE_PER_SECOND), usage, retry));
    }
    long estimate =
        (long) Math.min(nanosPerByte * moduleBytes, limits.value(Quota.MODULE_COMPILE_TIME));
    reservedNanos += estimate;
    return estimate;
  }

  /** The compilation is over: pays what it took. */
  public synchronized void settle(long reserved, long moduleBytes, long cpuNanos) {
    if (reserved > reservedNanos) {
      throw new IllegalStateException("more was settled than set aside");
    }
    fill();
    reservedNanos -= reserved;
    levelNanos -= cpuNanos;
    spentNanos += cpuNanos;
    compilations++;
    nanosPerByte += SMOOTHING * ((double) cpuNanos / Math.max(1, moduleBytes) - nanosPerByte);
  }

  private void fill() {
    long now = clock.getAsLong();
    long perSecond = limits.value(Quota.COMPILE_PER_SECOND);
    long elapsed = now - asOfNanos;
    if (elapsed > 0) {
      asOfNanos = now;
      levelNanos =
          Math.min(
              limits.value(Quota.COMPILE_BURST),
              levelNanos + elapsed / NANOS_PER_SECOND * perSecond);
    }
  }

  /** Processor time of all compilations so far, in nanoseconds. Never decreases. */
  public synchronized long spentNanos() {
    return spentNanos;
  }

  /** Compilations so far. */
  public synchronized long compilations() {
    return compilations;
  }
}
