package dev.troupe.actors.engine;

import dev.troupe.actors.port.CallFiber;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.FiberState;
import dev.troupe.actors.port.FunctionInstance;
import dev.troupe.actors.port.GuestTrap;
import dev.troupe.actors.port.TrapReason;
import java.util.OptionalLong;

/**
 * An instance that could not be made, through the guest's fault: its call traps with the reason.
 */
final class TrappedInstance implements FunctionInstance, CallFiber {
  private final GuestTrap trap;

  TrappedInstance(GuestTrap trap) {
    this.trap = trap;
  }

  @Override
  public CallFiber start(CallRequest request) {
    return this;
  }

  @Override
  public FiberState resume(int workerIndex) {
    return new FiberState.Trapped(trap);
  }

  @Override
  public GuestTrap stop(TrapReason reason, String message) {
    return trap;
  }

  @Override
  public OptionalLong fuelUsed() {
    return OptionalLong.empty();
  }

  @Override
  public boolean inWarmSlot() {
    return false;
  }

  @Override
  public boolean reusable() {
    return false;
  }

  @Override
  public void rest() {
    // It has nothing.
  }

  @Override
  public void close() {
    // There is nothing to release: the store was closed when the instance failed.
  }
}
