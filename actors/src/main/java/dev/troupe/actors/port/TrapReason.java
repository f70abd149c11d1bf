package dev.troupe.actors.port;

/** Why a guest was stopped. The names are those of the public API. */
public enum TrapReason {
  /** An {@code unreachable} instruction. */
  UNREACHABLE,
  /** Too many calls. */
  STACK_OVERFLOW,
  /** An access outside a memory. */
  MEMORY_OUT_OF_BOUNDS,
  /** An access outside a table. */
  TABLE_OUT_OF_BOUNDS,
  /** An indirect call outside a table. */
  UNDEFINED_ELEMENT,
  /** An indirect call of an empty element. */
  INDIRECT_CALL_TO_NULL,
  /** An indirect call of a function of another type. */
  BAD_SIGNATURE,
  /** A quotient that does not fit. */
  INTEGER_OVERFLOW,
  /** A division by zero. */
  INTEGER_DIVISION_BY_ZERO,
  /** A float that no integer represents. */
  BAD_CONVERSION_TO_INTEGER,
  /** {@code ref.as_non_null} of null. */
  NULL_REFERENCE,
  /** An atomic access that is not aligned. */
  HEAP_MISALIGNED,
  /** A wait at a memory that is not shared. */
  ATOMIC_WAIT_NON_SHARED_MEMORY,
  /** Interrupted by the host. */
  INTERRUPT,
  /** The fuel is used up. */
  OUT_OF_FUEL,
  /** The deadline passed while the guest ran. */
  DEADLINE_EXCEEDED,
  /** The limit of processor time was reached. */
  CPU_LIMIT_EXCEEDED,
  /** A memory would have exceeded a limit. */
  MEMORY_LIMIT,
  /** The caller cancelled. */
  CANCELLED,
  /** A host function failed. */
  HOST_ERROR,
  /** A program ended with a status other than 0. */
  EXIT,
  /** The guest threw an exception that it caught nowhere. */
  UNCAUGHT_EXCEPTION,
  /** A cast of a reference to a type that it does not have. */
  CAST_FAILURE,
  /** An access to a collected array past its end. */
  ARRAY_OUT_OF_BOUNDS,
  /** {@code call_ref} of null. */
  NULL_FUNCTION,
  /** {@code i31.get} of null. */
  NULL_I31,
  /** An access to a struct that is null. */
  NULL_STRUCTURE,
  /** An access to an array that is null. */
  NULL_ARRAY,
  /** {@code throw_ref} of null. */
  NULL_EXCEPTION,
  /** More waiters at a shared memory than it takes. */
  TOO_MANY_WAITERS
}
