package dev.troupe.actors.admission;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Instances and memory in use by a tenant. Thread-safe: guests grow their memories on the workers
 * while other threads admit calls.
 */
public final class TenantBudget {
  private final AtomicLong memoryBytes = new AtomicLong();
  private final AtomicInteger instances = new AtomicInteger();
  private volatile Runnable released = () -> {};
  private volatile long memoryLimitBytes;
  private volatile int instanceLimit;
  private volatile long instanceMemoryLimitBytes;

  /** Starts with nothing in use. */
  public TenantBudget(TenantQuotas quotas) {
    setQuotas(quotas);
  }

  /** Acts on the next request; what is in use beyond a lower limit stays until it is released. */
  public void setQuotas(TenantQuotas quotas) {
    memoryLimitBytes = quotas.memoryBytes();
    instanceLimit = quotas.instances();
    instanceMemoryLimitBytes = quotas.instanceMemoryBytes();
  }

  /** {@code action} is run, on any thread, after an instance or memory was given back. */
  public void whenReleased(Runnable action) {
    released = action;
  }

  /** Memory in use, in bytes. */
  public long memoryBytes() {
    return memoryBytes.get();
  }

  /** Live instances. */
  public int instances() {
    return instances.get();
  }

  /** Whether more is in use than a lowered quota allows. */
  public boolean isOverdrawn() {
    return instances.get() > instanceLimit || memoryBytes.get() > memoryLimitBytes;
  }

  long instanceMemoryLimitBytes() {
    return instanceMemoryLimitBytes;
  }

  /** Counts an instance with that much memory; false, and nothing is counted, without room. */
  boolean tryAddInstance(long initialMemoryBytes) {
    if (!tryCountInstance()) {
      return false;
    }
    if (tryReserve(initialMemoryBytes)) {
      return true;
    }
    instances.decrementAndGet();
    return false;
  }

  private boolean tryCountInstance() {
    while (true) {
      int used = instances.get();
      if (used >= instanceLimit) {
        return false;
      }
      if (instances.compareAndSet(used, used + 1)) {
        return true;
      }
    }
  }

  void releaseBytes(long bytes) {
    giveBackBytes(bytes);
    if (bytes > 0) {
      released.run();
    }
  }

  private void giveBackBytes(long bytes) {
    long left = memoryBytes.addAndGet(-bytes);
    if (left < 0) {
      throw new IllegalStateException("more bytes were released than reserved: " + left);
    }
  }

  void releaseInstance(long bytes) {
    giveBackBytes(bytes);
    int left = instances.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("more instances were released than made: " + left);
    }
    released.run();
  }

  boolean tryReserve(long bytes) {
    while (true) {
      long used = memoryBytes.get();
      if (bytes > memoryLimitBytes - used) {
        return false;
      }
      if (memoryBytes.compareAndSet(used, used + bytes)) {
        return true;
      }
    }
  }
}
