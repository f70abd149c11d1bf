package dev.troupe.engine.regalloc;

/** The two register files. Physical registers of both share one number space, 0 to 63. */
public enum RegisterClass {
  /** Integers, addresses, references. */
  INTEGER,
  /** Floating point and vectors. */
  VECTOR
}
