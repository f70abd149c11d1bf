package dev.troupe.actors.admission;

import java.util.function.LongSupplier;

/**
 * Instances and memory in use by a tenant, and memory over time. Thread-safe: guests grow their
 * memories on the workers while other threads admit calls. One short lock keeps the three together:
 * what is granted never exceeds the limits, and the integral sees every change once.
 */
public final class TenantBudget {
  private final LongSupplier clock;
  private final TimeIntegral memory;
  private int instances;
  private volatile EffectiveLimits limits;
  private volatile Runnable released = () -> {};

  /** Starts with nothing in use. */
  public TenantBudget(EffectiveLimits limits) {
    this(limits, System::nanoTime);
  }

  /** {@code clock} is monotonic, in nanoseconds. */
  TenantBudget(EffectiveLimits limits, LongSupplier clock) {
    this.limits = limits;
    this.clock = clock;
    this.memory = new TimeIntegral(clock.getAsLong());
  }

  /** Acts on the next request; what is in use beyond a lower limit stays until it is released. */
  public void setLimits(EffectiveLimits newLimits) {
    limits = newLimits;
  }

  /** The limits in force. */
  public EffectiveLimits limits() {
    return limits;
  }

  /** {@code action} is run, on any thread, after an instance or memory was given back. */
  public void whenReleased(Runnable action) {
    released = action;
  }

  /** Memory in use, in bytes. */
  public synchronized long memoryBytes() {
    return memory.amount();
  }

  /** Memory in use over time, since the beginning: bytes times seconds. Never decreases. */
  public synchronized long memoryByteSeconds() {
    return memory.seconds(clock.getAsLong());
  }

  /** Live instances. */
  public synchronized int instances() {
    return instances;
  }

  /** Whether more is in use than a lowered quota allows. */
  public synchronized boolean isOverdrawn() {
    EffectiveLimits now = limits;
    return instances > now.value(Quota.INSTANCES)
        || memory.amount() > now.value(Quota.MEMORY_BYTES);
  }

  /** Counts an instance with that much memory; false, and nothing is counted, without room. */
  synchronized boolean tryAddInstance(long initialMemoryBytes) {
    if (instances >= limits.value(Quota.INSTANCES) || !tryReserve(initialMemoryBytes)) {
      return false;
    }
    instances++;
    return true;
  }

  synchronized boolean tryReserve(long bytes) {
    long used = memory.amount();
    if (bytes > limits.value(Quota.MEMORY_BYTES) - used) {
      return false;
    }
    if (bytes > 0) {
      memory.set(used + bytes, clock.getAsLong());
    }
    return true;
  }

  void releaseBytes(long bytes) {
    giveBack(bytes, 0);
    if (bytes > 0) {
      released.run();
    }
  }

  void releaseInstance(long bytes) {
    giveBack(bytes, 1);
    released.run();
  }

  private synchronized void giveBack(long bytes, int ended) {
    long left = memory.amount() - bytes;
    if (left < 0 || instances < ended) {
      throw new IllegalStateException(
          "more was released than taken: " + left + " bytes, " + instances + " instances left");
    }
    if (bytes > 0) {
      memory.set(left, clock.getAsLong());
    }
    instances -= ended;
  }
}
