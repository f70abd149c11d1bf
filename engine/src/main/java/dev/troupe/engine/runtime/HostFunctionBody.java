package dev.troupe.engine.runtime;

import org.jspecify.annotations.Nullable;

/** The host's code behind a host function. */
public interface HostFunctionBody {
  /** Where to run it. */
  HostFunctionKind kind();

  /**
   * Runs it. Arguments are in the call's slots, and results go there.
   *
   * @return null when the results are in place; otherwise what the call waits for (only of kind
   *     {@link HostFunctionKind#WAITING})
   * @throws Throwable anything: becomes a trap of the calling guest
   */
  @Nullable PendingCall invoke(HostSlots slots) throws Throwable;
}
