package dev.troupe.actors.call;

import dev.troupe.actors.admission.EffectiveLimits.Limit;
import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.admission.Level;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.port.MemoryGate;
import java.util.OptionalLong;

/** Adds the limit of one call to those of its function and tenant. */
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
    long most = limitBytes.orElse(Long.MAX_VALUE);
    if (bytes > most - lease.bytes()) {
      Limit own = new Limit(Quota.INSTANCE_MEMORY_BYTES, Level.CALL, most);
      lease.refused(Refusal.of(own, lease.bytes() + bytes, null));
      return false;
    }
    return lease.tryGrow(bytes);
  }

  @Override
  public void giveBack(long bytes) {
    lease.giveBack(bytes);
  }
}
