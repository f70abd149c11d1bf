package dev.troupe.engine.runtime;

/**
 * The address space of one linear memory, owned by one store. Not thread-safe. The base never
 * moves, and everything between the length and the end of reservation and guard faults.
 */
public interface LinearMemory extends AutoCloseable {
  /** Address of byte 0. */
  long base();

  /** Accessible bytes. */
  long byteLength();

  /** Most bytes that {@link #grow} can reach. */
  long maximumBytes();

  /** Whether the requested image is in place; otherwise the caller copies it. */
  boolean imageApplied();

  /**
   * Makes more bytes accessible; they read as zero.
   *
   * @param newByteLength the new length: at least the present one, at most the requested maximum
   * @return false when refused; nothing has changed then
   */
  boolean grow(long newByteLength);

  /** Gives the memory back. Neither guest nor host may touch it afterwards. Called once. */
  @Override
  void close();
}
