package dev.troupe.engine.wasm;

/** What an {@code if} or {@code br_if} will probably do; the ordinal is the byte that says so. */
public enum BranchHint {
  /** The condition is probably zero. */
  UNLIKELY,
  /** The condition is probably not zero. */
  LIKELY
}
