package dev.troupe.engine.runtime;

/** Somebody who holds references. */
public interface GcRoots {
  /** Whether all references can be told now. */
  default boolean areKnown() {
    return true;
  }

  /** Shows every reference to the collector and replaces it by what it answers. */
  void update(ReferenceMap map);
}
