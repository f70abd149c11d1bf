package dev.troupe.engine.runtime;

/** Every place of an allocator is in use: worth another try when one becomes free. */
public final class ExhaustedException extends AllocationException {
  private static final long serialVersionUID = 1L;

  /** Says what there is none of. */
  public ExhaustedException(String message) {
    super(message);
  }
}
