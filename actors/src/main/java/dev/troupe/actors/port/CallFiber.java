package dev.troupe.actors.port;

import java.util.OptionalLong;

/** A call in progress. Used by one thread at a time. */
public interface CallFiber {

  /**
   * Runs the guest on the calling worker until it ends, waits or is interrupted.
   *
   * @param workerIndex the worker of the scheduler that runs the slice
   */
  FiberState resume(int workerIndex);

  /**
   * Stops a call that has not ended, for good.
   *
   * @return the trap that the caller is told, with the backtrace of where the guest stood
   */
  GuestTrap stop(TrapReason reason, String message);

  /** What the guest said besides its answer; complete when the call is over. */
  default GuestLog log() {
    return GuestLog.EMPTY;
  }

  /** Fuel used so far; empty where fuel is not metered. */
  OptionalLong fuelUsed();
}
