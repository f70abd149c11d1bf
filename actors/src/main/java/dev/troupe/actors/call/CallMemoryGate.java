package dev.troupe.actors.call;

import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.port.MemoryGate;
import java.util.OptionalLong;

/** Adds the limit of one call to the limits of the tenant. */
final class CallMemoryGate implements MemoryGate {
  private final InstanceLease lease;
  private final OptionalLong limitBytes;

  CallMemoryGate(InstanceLease lease, OptionalLong limitBytes) {
    this.lease = lease;
    this.limitBytes = limitBytes;
  }

  @Override
  public boolean tryGrow(long bytes) {
    // Only one call uses the instance at a time, so that looking first is enough.
    boolean fits = limitBytes.isEmpty() || bytes <= limitBytes.getAsLong() - lease.bytes();
    return fits && lease.tryGrow(bytes);
  }

  @Override
  public void giveBack(long bytes) {
    lease.giveBack(bytes);
  }
}
