package dev.troupe.pooling;

import dev.troupe.engine.runtime.GuestStack;
import dev.troupe.engine.runtime.StackAllocator;

/** A small pool of stacks, which {@code ./troupe fuzz} finds as a service on its class path. */
public final class FuzzedStackPool implements StackAllocator {
  private final StackPool pool = new StackPool(FuzzedMemoryPool.CONFIG);

  /** For the service loader. */
  public FuzzedStackPool() {}

  @Override
  public GuestStack allocate() {
    return pool.allocate();
  }

  @Override
  public void close() {
    pool.close();
  }
}
