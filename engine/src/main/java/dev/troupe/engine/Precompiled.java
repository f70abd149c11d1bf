package dev.troupe.engine;

/** What some bytes are, as far as artifacts go. */
public enum Precompiled {
  /** Not an artifact of this engine. */
  NONE,
  /** The artifact of a core module. */
  MODULE,
  /** The artifact of a component. */
  COMPONENT
}
