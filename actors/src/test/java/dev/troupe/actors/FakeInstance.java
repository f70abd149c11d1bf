package dev.troupe.actors;

import dev.troupe.actors.port.BadCallException;
import dev.troupe.actors.port.CallFiber;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.FunctionInstance;
import dev.troupe.actors.port.MemoryGate;
import dev.troupe.actors.port.ModuleDescription;

/** An instance that counts its calls. */
final class FakeInstance implements FunctionInstance {
  final FakeRuntime runtime;
  final MemoryGate memory;
  final boolean memoryGranted;
  private final ModuleDescription description;
  int calls;
  boolean resting;
  boolean broken;
  private boolean closed;

  FakeInstance(
      FakeRuntime runtime, ModuleDescription description, MemoryGate memory, boolean granted) {
    this.runtime = runtime;
    this.description = description;
    this.memory = memory;
    this.memoryGranted = granted;
  }

  @Override
  public CallFiber start(CallRequest request) throws BadCallException {
    description.check(request);
    calls++;
    resting = false;
    return new FakeFiber(this, request);
  }

  @Override
  public boolean inWarmSlot() {
    return false;
  }

  @Override
  public boolean reusable() {
    return !broken;
  }

  @Override
  public void rest() {
    resting = true;
  }

  @Override
  public void close() {
    if (closed) {
      throw new IllegalStateException("closed twice");
    }
    closed = true;
    runtime.live.decrementAndGet();
    runtime.slotFreed();
  }
}
