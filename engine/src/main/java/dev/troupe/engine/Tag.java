package dev.troupe.engine;

import dev.troupe.engine.runtime.VmTag;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.ValType;
import java.util.List;

/**
 * An exception tag: what tells one kind of guest exception from another. Two tags are the same if
 * they come from the same definition, whatever their types are.
 */
public final class Tag implements Extern {
  private final Store<?> store;
  private final VmTag internal;

  Tag(Store<?> store, VmTag internal) {
    this.store = store;
    this.internal = internal;
  }

  /** A tag made by the host, to be imported: exceptions with it carry values of these types. */
  public static Tag create(Store<?> store, List<ValType> types) {
    FuncType type = new FuncType(types, List.of());
    int typeId = store.internal().engine().types().idOfHost(type);
    return new Tag(store, new VmTag(store.internal(), typeId));
  }

  @Override
  public TagType type() {
    return internal.type();
  }

  Store<?> store() {
    return store;
  }

  @Override
  public VmTag internal() {
    return internal;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // identity is what a tag is
  public boolean equals(Object other) {
    return other instanceof Tag tag && tag.internal == internal;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(internal);
  }

  @Override
  public String toString() {
    return internal.type().toString();
  }
}
