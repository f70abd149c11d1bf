package dev.troupe.engine.runtime;

import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.ValType;

/**
 * An exception tag of a store: every instance that defines one has its own. Its identity counts.
 */
public final class VmTag implements VmExtern {
  private final VmStore store;
  private final TagType type;
  private final int typeId;
  private final int referenceCount;

  /** A new tag, different from every other one; {@code typeId} is its type's in the engine. */
  public VmTag(VmStore store, int typeId) {
    this.store = store;
    this.type = new TagType(store.engine().types().functionOf(typeId));
    this.typeId = typeId;
    int references = 0;
    for (ValType carried : type.function().params()) {
      references += carried.isReference() ? 1 : 0;
    }
    this.referenceCount = references;
  }

  /** References among the values that its exceptions carry. */
  int referenceCount() {
    return referenceCount;
  }

  /** Engine-wide id of its type. */
  public int typeId() {
    return typeId;
  }

  @Override
  public VmStore store() {
    return store;
  }

  @Override
  public ExternKind kind() {
    return ExternKind.TAG;
  }

  @Override
  public TagType type() {
    return type;
  }
}
