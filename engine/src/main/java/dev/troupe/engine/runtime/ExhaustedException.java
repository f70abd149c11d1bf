package dev.troupe.engine.runtime;

/** Every place of an allocator is in use: worth another try when one becomes free. */
public final class ExhaustedException extends AllocationException {
  private static final long serialVersionUID = 1L;

  /** What there are only so many of. */
  public enum Kind {
    /** Linear memories. */
    MEMORY,
    /** Stacks of fibers. */
    STACK,
    /** Heaps of structs and arrays. */
    COLLECTED_HEAP
  }

  private final Kind kind;

  /** Says what there is none of. */
  public ExhaustedException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** What there is none of. */
  public Kind kind() {
    return kind;
  }
}
