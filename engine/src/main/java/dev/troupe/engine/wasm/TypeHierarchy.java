package dev.troupe.engine.wasm;

/**
 * The declared types that references of some kind may name, by canonical index: equal types have
 * equal indexes. A module has one, and so has an engine.
 */
public interface TypeHierarchy {
  /** What the type with this canonical index is. */
  CompositeType.Kind kindOf(int type);

  /** Canonical index of its declared supertype, or {@link SubType#NO_SUPERTYPE}. */
  int supertypeOf(int type);
}
