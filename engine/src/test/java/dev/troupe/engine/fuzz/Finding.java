package dev.troupe.engine.fuzz;

/**
 * A difference between two engines.
 *
 * @param subject the engine that does something else than the reference
 * @param line where they differ: 0 is the instantiation, 1 the first call, the last the state at
 *     the end; -1 when it broke
 * @param what both lines
 */
record Finding(String subject, int line, String what) {
  @Override
  public String toString() {
    return subject + ", line " + line + ": " + what;
  }
}
