package dev.troupe.engine.runtime;

import dev.troupe.engine.wasm.TagType;

/**
 * An exception tag of a store: every instance that defines one has its own. Its identity counts.
 */
public final class VmTag implements VmExtern {
  private final VmStore store;
  private final TagType type;

  /** A new tag, different from every other one. */
  public VmTag(VmStore store, TagType type) {
    this.store = store;
    this.type = type;
  }

  @Override
  public VmStore store() {
    return store;
  }

  @Override
  public TagType type() {
    return type;
  }
}
