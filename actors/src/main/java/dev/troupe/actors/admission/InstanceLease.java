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
  private final long initialBytes;

  /** Reserved and not yet asked for. */
  private long prepaidBytes;

  private long bytes;
  private boolean released;

  private InstanceLease(TenantBudget budget, long initialBytes) {
    this.budget = budget;
    this.initialBytes = initialBytes;
    this.prepaidBytes = initialBytes;
  }

  /** A lease of an instance with that much memory, or null when the budget has no room. */
  public static @Nullable InstanceLease tryOpen(TenantBudget budget, long initialMemoryBytes) {
    return budget.tryAddInstance(initialMemoryBytes)
        ? new InstanceLease(budget, initialMemoryBytes)
        : null;
  }

  @Override
  public synchronized boolean tryGrow(long moreBytes) {
    if (moreBytes < 0) {
      throw new IllegalArgumentException("moreBytes " + moreBytes + " is negative");
    }
    long unpaidBytes = Math.max(0, moreBytes - prepaidBytes);
    if (released
        || moreBytes > budget.instanceMemoryLimitBytes() - bytes
        || (unpaidBytes > 0 && !budget.tryReserve(unpaidBytes))) {
      return false;
    }
    prepaidBytes -= moreBytes - unpaidBytes;
    bytes += moreBytes;
    return true;
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
