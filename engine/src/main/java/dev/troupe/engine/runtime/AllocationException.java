package dev.troupe.engine.runtime;

/**
 * An allocator has nothing left to give, now or ever, or a limit of the store forbids the request.
 * The message names the resource and the limit.
 */
public sealed class AllocationException extends RuntimeException permits ExhaustedException {
  private static final long serialVersionUID = 1L;

  /** An exception with a sentence for the user. */
  public AllocationException(String message) {
    super(message);
  }

  /** An exception with a sentence for the user and what the system said. */
  public AllocationException(String message, Throwable cause) {
    super(message, cause);
  }
}
