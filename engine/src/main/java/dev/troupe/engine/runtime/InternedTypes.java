package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.TypeDescriptor;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;

/** The types of one module as types of the engine, until {@link #release}. Immutable. */
public final class InternedTypes {
  private final TypeRegistry registry;
  private final TypeRegistry.Group[] groups;
  private final int[] indexes;

  InternedTypes(TypeRegistry registry, TypeRegistry.Group[] groups, int[] indexes) {
    this.registry = registry;
    this.groups = groups;
    this.indexes = indexes;
  }

  /** Engine-wide index of a type of the module. */
  public int index(int type) {
    return indexes[type];
  }

  /** What compiled code knows the type by: the offset of its {@link TypeDescriptor}. */
  public int id(int type) {
    return TypeRegistry.idOf(indexes[type]);
  }

  /** The same value type with an engine-wide index instead of the module's. */
  public ValType canonical(ValType type) {
    int code = type.code();
    return RefType.isReference(code) && RefType.isConcrete(code)
        ? ValType.ofCode(RefType.withIndex(code, indexes[RefType.typeIndex(code)]))
        : type;
  }

  /** Lets go of the types: those that nobody else uses cease to exist. */
  void release() {
    registry.release(groups);
  }
}
