package dev.troupe.actors.admission;

import dev.troupe.actors.port.MemoryGate;
import org.jspecify.annotations.Nullable;

/**
 * What one instance holds of its tenant's budget. Its initial memory is reserved when it is
 * admitted, so that an admitted call finds it; for more it asks as it goes. {@link #release} gives
 * everything back.
 */
public final class InstanceLease implements MemoryGate {
  private final TenantBudget budget;
  private final FunctionAccount account;
  private final long initialBytes;

  /** Reserved and not yet asked for. */
  private long prepaidBytes;

  private long bytes;
  private boolean released;
  private volatile @Nullable Refusal lastRefusal;

  private InstanceLease(TenantBudget budget, FunctionAccount account, long initialBytes) {
    this.budget = budget;
    this.account = account;
    this.initialBytes = initialBytes;
    this.prepaidBytes = initialBytes;
  }

  /** A lease of an instance with that much memory, or null when the budget has no room. */
  public static @Nullable InstanceLease tryOpen(
      TenantBudget budget, FunctionAccount account, long initialMemoryBytes) {
    return budget.tryAddInstance(initialMemoryBytes)
        ? new InstanceLease(budget, account, initialMemoryBytes)
        : null;
  }

  /** The limit that refused the last request that was refused; null when none was. */
  public @Nullable Refusal lastRefusal() {
    return lastRefusal;
  }

  /** Remembers a limit that binds this instance besides those of function and tenant. */
  public void refused(Refusal refusal) {
    lastRefusal = refusal;
  }

  /** Whether the instance, and all of the tenant, keep the limits that are in force now. */
  public boolean isWithinLimits() {
    return bytes() <= account.limits().value(Quota.INSTANCE_MEMORY_BYTES) && !budget.isOverdrawn();
  }

  @Override
  public synchronized boolean tryGrow(long moreBytes) {
    if (moreBytes < 0) {
      throw new IllegalArgumentException("moreBytes " + moreBytes + " is negative");
    }
    long unpaidBytes = Math.max(0, moreBytes - prepaidBytes);
    if (released) {
      return false;
    }
    EffectiveLimits limits = account.limits();
    if (moreBytes > limits.value(Quota.INSTANCE_MEMORY_BYTES) - bytes) {
      lastRefusal =
          Refusal.of(limits.limit(Quota.INSTANCE_MEMORY_BYTES), sum(bytes, moreBytes), null);
      return false;
    }
    if (unpaidBytes > 0 && !budget.tryReserve(unpaidBytes)) {
      lastRefusal =
          Refusal.of(
              budget.limits().limit(Quota.MEMORY_BYTES),
              sum(budget.memoryBytes(), unpaidBytes),
              null);
      return false;
    }
    prepaidBytes -= moreBytes - unpaidBytes;
    bytes += moreBytes;
    return true;
  }

  private static long sum(long used, long more) {
    return more > Long.MAX_VALUE - used ? Long.MAX_VALUE : used + more;
  }

  @Override
  public void giveBack(long unneededBytes) {
    long freedBytes;
    synchronized (this) {
      if (unneededBytes < 0 || unneededBytes > bytes) {
        throw new IllegalStateException(unneededBytes + " bytes given back of " + bytes);
      }
      if (released) {
        return;
      }
      bytes -= unneededBytes;
      // An instance that found no place yet asks for its initial memory again.
      long keptBytes = Math.clamp(initialBytes - bytes - prepaidBytes, 0, unneededBytes);
      prepaidBytes += keptBytes;
      freedBytes = unneededBytes - keptBytes;
    }
    budget.releaseBytes(freedBytes);
  }

  /** Memory held, in bytes. Memories never shrink, so this is also the most they held. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Gives everything back. Idempotent. */
  public void release() {
    long held;
    synchronized (this) {
      if (released) {
        return;
      }
      released = true;
      held = bytes + prepaidBytes;
    }
    budget.releaseInstance(held);
  }
}
