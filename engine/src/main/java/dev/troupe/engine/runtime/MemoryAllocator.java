package dev.troupe.engine.runtime;

/** Where linear memories come from: a port. Implementations are thread-safe. */
public interface MemoryAllocator extends AutoCloseable {
  /**
   * A memory with {@code request.initialBytes()} accessible bytes that are zero, apart from the
   * image if {@link LinearMemory#imageApplied()}.
   *
   * @throws AllocationException when there is none to give
   */
  LinearMemory allocate(MemoryRequest request);

  /** A module was unloaded: nothing may refer to its image any more. */
  void purge(long moduleKey);

  /** Releases what the allocator itself holds. All memories have been closed. */
  @Override
  void close();
}
