package dev.troupe.engine.contract;

/**
 * Why a guest stopped. The ordinal is the byte stored in an artifact's trap table, so constants are
 * only ever appended; changing them needs a new artifact format version.
 *
 * <p>Messages of the kinds that the specification knows are the texts of the official test suite.
 */
public enum TrapKind {
  /** The stack limit was reached. */
  STACK_OVERFLOW("call stack exhausted"),
  /** A linear memory access past the end. */
  MEMORY_OUT_OF_BOUNDS("out of bounds memory access"),
  /** An atomic access that is not naturally aligned. */
  UNALIGNED_ATOMIC("unaligned atomic"),
  /** A table access past the end. */
  TABLE_OUT_OF_BOUNDS("out of bounds table access"),
  /** {@code call_indirect} past the end of its table. */
  UNDEFINED_ELEMENT("undefined element"),
  /** {@code call_indirect} through a null element. */
  UNINITIALIZED_ELEMENT("uninitialized element"),
  /** {@code call_indirect} through an element of another type. */
  INDIRECT_CALL_TYPE_MISMATCH("indirect call type mismatch"),
  /** Signed division overflow, or a float to integer conversion out of range. */
  INTEGER_OVERFLOW("integer overflow"),
  /** Integer division or remainder by zero. */
  INTEGER_DIVIDE_BY_ZERO("integer divide by zero"),
  /** Conversion of NaN to an integer. */
  INVALID_CONVERSION_TO_INTEGER("invalid conversion to integer"),
  /** The {@code unreachable} instruction. */
  UNREACHABLE("unreachable"),
  /** A null reference where a value was needed. */
  NULL_REFERENCE("null reference"),
  /** {@code throw_ref} of a null reference. */
  NULL_EXCEPTION("null exception reference"),
  /** Nothing caught an exception. */
  UNCAUGHT_EXCEPTION("uncaught exception"),
  /** The fuel of the store is used up. */
  OUT_OF_FUEL("all fuel consumed"),
  /** The call's deadline passed. */
  DEADLINE_EXCEEDED("deadline exceeded"),
  /** The call was cancelled. */
  CANCELLED("cancelled"),
  /** A limit of the store refused an allocation, and the store is set to trap on that. */
  LIMIT_EXCEEDED("resource limit exceeded"),
  /** A host function failed; the exception's cause says how. */
  HOST_ERROR("host function failed"),
  /** An import that the linker was told to replace by a trap was called. */
  UNKNOWN_IMPORT("unknown import called"),
  /** {@code memory.atomic.wait} on a memory that nobody else could change. */
  WAIT_ON_UNSHARED_MEMORY("expected shared memory"),
  /** More waiters at one shared memory than it takes. */
  TOO_MANY_WAITERS("too many waiters"),
  /** {@code ref.cast} of a reference of another type. */
  CAST_FAILURE("cast failure"),
  /** {@code call_ref} of null. */
  NULL_FUNCTION("null function reference"),
  /** {@code i31.get} of null. */
  NULL_I31("null i31 reference"),
  /** A null reference where a struct was needed. */
  NULL_STRUCTURE("null structure reference"),
  /** A null reference where an array was needed. */
  NULL_ARRAY("null array reference"),
  /** An access to an array past its end. */
  ARRAY_OUT_OF_BOUNDS("out of bounds array access");

  private static final TrapKind[] VALUES = values();

  private final String message;

  TrapKind(String message) {
    this.message = message;
  }

  /** The text that trap messages start with. */
  public String message() {
    return message;
  }

  /** Number of kinds. */
  public static int count() {
    return VALUES.length;
  }

  /**
   * The kind with this ordinal.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static TrapKind of(int ordinal) {
    if (ordinal < 0 || ordinal >= VALUES.length) {
      throw new IllegalArgumentException("no trap kind " + ordinal);
    }
    return VALUES[ordinal];
  }
}
