package dev.troupe.actors.admission;

import dev.troupe.actors.port.MemoryGate;

/**
 * What one instance holds of its tenant's budget. It counts as an instance from its creation and
 * asks for memory as it goes; {@link #release} gives everything back.
 */
public final class InstanceLease implements MemoryGate {
  private final TenantBudget budget;
  private long bytes;
  private boolean released;

  /** Counts an instance. The caller has made sure that there is room. */
  public InstanceLease(TenantBudget budget) {
    this.budget = budget;
    budget.addInstance();
  }

  @Override
  public synchronized boolean tryGrow(long moreBytes) {
    if (moreBytes < 0) {
      throw new IllegalArgumentException("moreBytes " + moreBytes + " is negative");
    }
    if (released
        || moreBytes > budget.instanceMemoryLimitBytes() - bytes
        || !budget.tryReserve(moreBytes)) {
      return false;
    }
    bytes += moreBytes;
    return true;
  }

  @Override
  public synchronized void giveBack(long unneededBytes) {
    if (unneededBytes < 0 || unneededBytes > bytes) {
      throw new IllegalStateException(unneededBytes + " bytes given back of " + bytes);
    }
    if (!released) {
      bytes -= unneededBytes;
      budget.releaseBytes(unneededBytes);
    }
  }

  /** Memory held, in bytes. Memories never shrink, so this is also the most they held. */
  public synchronized long bytes() {
    return bytes;
  }

  /** Gives everything back. Idempotent. */
  public synchronized void release() {
    if (!released) {
      released = true;
      budget.releaseInstance(bytes);
    }
  }
}
