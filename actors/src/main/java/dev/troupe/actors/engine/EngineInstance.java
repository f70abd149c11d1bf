package dev.troupe.actors.engine;

import dev.troupe.actors.port.BadCallException;
import dev.troupe.actors.port.CallFiber;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.Claimant;
import dev.troupe.actors.port.FunctionInstance;
import dev.troupe.actors.port.MemoryGate;
import dev.troupe.actors.port.ModuleDescription;
import dev.troupe.engine.Func;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Store;
import org.jspecify.annotations.Nullable;

/** An instance with a store of its own. */
final class EngineInstance implements FunctionInstance {
  private final EngineModule module;
  private final Store<GuestSlot> store;
  private final Instance instance;
  private final MemoryGate memory;
  private final Claimant claimant;
  private final boolean warmSlot;
  private @Nullable Func start;
  private @Nullable EngineFiber last;
  private boolean closed;

  EngineInstance(
      EngineModule module,
      Store<GuestSlot> store,
      InstancePre.Prepared prepared,
      MemoryGate memory,
      Claimant claimant,
      boolean warmSlot) {
    this.module = module;
    this.store = store;
    this.instance = prepared.instance();
    this.start = prepared.start();
    this.memory = memory;
    this.claimant = claimant;
    this.warmSlot = warmSlot;
  }

  @Override
  public CallFiber start(CallRequest request) throws BadCallException {
    ModuleDescription description = module.description();
    description.check(request);
    if (description.wasi()) {
      store
          .data()
          .put(
              module
                  .worlds()
                  .open(request.program(), request.input(), request.responseBytes(), memory));
    }
    Func startFunction = start;
    start = null;
    EngineFiber fiber = new EngineFiber(module, store, instance, startFunction, request, claimant);
    last = fiber;
    return fiber;
  }

  @Override
  public boolean inWarmSlot() {
    return warmSlot;
  }

  @Override
  public boolean reusable() {
    // A program ends with its call: what it keeps for itself is no other call's.
    return !module.description().wasi() && !store.isPoisoned() && (last == null || last.returned());
  }

  @Override
  public void rest() {
    last = null;
    store.trim();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        store.close();
        GuestWorld world = store.data().worldOrNull();
        if (world != null) {
          world.close();
        }
      } finally {
        module.instanceClosed();
      }
    }
  }
}
