package dev.troupe.pooling;

import dev.troupe.engine.runtime.LinearMemory;
import dev.troupe.engine.runtime.MemoryAllocator;
import dev.troupe.engine.runtime.MemoryRequest;

/** A small pool of memories, which {@code ./troupe fuzz} finds as a service on its class path. */
public final class FuzzedMemoryPool implements MemoryAllocator {
  static final PoolConfig CONFIG = PoolConfig.DEFAULT.withSlots(16, 4);

  private final MemoryPool pool = new MemoryPool(CONFIG);

  /** For the service loader. */
  public FuzzedMemoryPool() {}

  @Override
  public LinearMemory allocate(MemoryRequest request) {
    return pool.allocate(request);
  }

  @Override
  public void purge(long moduleKey) {
    pool.purge(moduleKey);
  }

  @Override
  public void close() {
    pool.close();
  }
}
