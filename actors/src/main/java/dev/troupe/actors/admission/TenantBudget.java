package dev.troupe.actors.admission;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Instances and memory in use by a tenant. Thread-safe: guests grow their memories on the workers
 * while the tenant's actor admits calls.
 */
public final class TenantBudget {
  private final AtomicLong memoryBytes = new AtomicLong();
  private final AtomicInteger instances = new AtomicInteger();
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

  /** Memory in use, in bytes. */
  public long memoryBytes() {
    return memoryBytes.get();
  }

  /** Live instances. */
  public int instances() {
    return instances.get();
  }

  /** Whether an instance with that much memory could be had now. */
  public boolean hasRoomFor(long initialMemoryBytes) {
    return instances.get() < instanceLimit
        && initialMemoryBytes <= memoryLimitBytes - memoryBytes.get();
  }

  long instanceMemoryLimitBytes() {
    return instanceMemoryLimitBytes;
  }

  void addInstance() {
    instances.incrementAndGet();
  }

  void releaseBytes(long bytes) {
    long left = memoryBytes.addAndGet(-bytes);
    if (left < 0) {
      throw new IllegalStateException("more bytes were released than reserved: " + left);
    }
  }

  void releaseInstance(long bytes) {
    releaseBytes(bytes);
    int left = instances.decrementAndGet();
    if (left < 0) {
      throw new IllegalStateException("more instances were released than made: " + left);
    }
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
