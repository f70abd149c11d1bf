package dev.troupe.actors.engine;

import dev.troupe.actors.port.BadCallException;
import dev.troupe.actors.port.CallFiber;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.FunctionInstance;
import dev.troupe.engine.Func;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Store;
import org.jspecify.annotations.Nullable;

/** An instance with a store of its own. */
final class EngineInstance implements FunctionInstance {
  private final EngineModule module;
  private final Store<Void> store;
  private final Instance instance;
  private final boolean warmSlot;
  private @Nullable Func start;
  private @Nullable EngineFiber last;
  private boolean closed;

  EngineInstance(
      EngineModule module, Store<Void> store, InstancePre.Prepared prepared, boolean warmSlot) {
    this.module = module;
    this.store = store;
    this.instance = prepared.instance();
    this.start = prepared.start();
    this.warmSlot = warmSlot;
  }

  @Override
  public CallFiber start(CallRequest request) throws BadCallException {
    module.description().check(request);
    Func startFunction = start;
    start = null;
    EngineFiber fiber = new EngineFiber(module, store, instance, startFunction, request);
    last = fiber;
    return fiber;
  }

  @Override
  public boolean inWarmSlot() {
    return warmSlot;
  }

  @Override
  public boolean reusable() {
    return !store.isPoisoned() && (last == null || last.returned());
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
      } finally {
        module.instanceClosed();
      }
    }
  }
}
