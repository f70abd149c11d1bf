package dev.troupe.engine.ssa;

/** What a module says about a branch: how likely it takes its first edge. */
public enum Likelihood {
  /** Nothing. */
  UNKNOWN,
  LIKELY,
  UNLIKELY;

  /** The same of the other edge. */
  public Likelihood inverted() {
    return switch (this) {
      case UNKNOWN -> UNKNOWN;
      case LIKELY -> UNLIKELY;
      case UNLIKELY -> LIKELY;
    };
  }
}
