package dev.troupe.engine.runtime;

/** Where fibers' stacks come from: a port. Implementations are thread-safe. */
public interface StackAllocator extends AutoCloseable {
  /**
   * A stack with an inaccessible guard below. Its contents are arbitrary: guest code never reads
   * what it has not written.
   *
   * @throws AllocationException when there is none to give
   */
  GuestStack allocate();

  /** Releases what the allocator itself holds. All stacks have been closed. */
  @Override
  void close();
}
