package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.CompositeType;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.Subtyping;
import dev.troupe.engine.wasm.TypeGroupKey;
import dev.troupe.engine.wasm.TypeHierarchy;
import dev.troupe.engine.wasm.TypeSection;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/** The types of all modules of a store: equal ones have one number, whatever module they are of. */
public final class OracleTypes implements TypeHierarchy {
  private final Map<TypeGroupKey, Integer> starts = new HashMap<>();
  private final List<Integer> supertypes = new ArrayList<>();
  private final List<CompositeType.Kind> kinds = new ArrayList<>();
  private final Map<WasmModule, int[]> known = new IdentityHashMap<>();

  /** The number of a module's type. */
  public int id(WasmModule module, int type) {
    return known.computeIfAbsent(module, m -> intern(m.types()))[type];
  }

  /** The number of a function type that refers to no other. */
  public int id(FuncType type) {
    TypeSection.Builder alone = new TypeSection.Builder();
    alone.add(type);
    return intern(alone.build())[0];
  }

  /** Groups refer to themselves and to earlier ones, so these are interned before. */
  private int[] intern(TypeSection types) {
    int[] ids = new int[types.size()];
    for (int group = 0; group < types.groupCount(); group++) {
      int first = types.groupStart(group);
      int start =
          starts.computeIfAbsent(
              TypeGroupKey.of(types, group, type -> ids[type]), added -> supertypes.size());
      for (int type = first; type < types.groupEnd(group); type++) {
        ids[type] = start + (type - first);
      }
      for (int type = first + (supertypes.size() - start); type < types.groupEnd(group); type++) {
        SubType declared = types.get(type);
        kinds.add(declared.composite().compositeKind());
        supertypes.add(declared.hasSupertype() ? ids[declared.supertype()] : SubType.NO_SUPERTYPE);
      }
    }
    return ids;
  }

  /** Whether a type is another one or extends it. */
  public boolean isSubtype(int type, int wanted) {
    for (int at = type; at != SubType.NO_SUPERTYPE; at = supertypes.get(at)) {
      if (at == wanted) {
        return true;
      }
    }
    return false;
  }

  /** The same for a heap type of a module. */
  boolean isSubtype(int type, WasmModule module, ConcreteHeapType wanted) {
    return isSubtype(type, id(module, wanted.typeIndex()));
  }

  /** The {@linkplain ValType#code() code} of a value type of a module with the store's numbers. */
  public int code(WasmModule module, int code) {
    return RefType.isReference(code) && RefType.isConcrete(code)
        ? RefType.withIndex(code, id(module, RefType.typeIndex(code)))
        : code;
  }

  /** Whether one value type, as {@link #code} gives it, is below another. */
  public boolean matches(int actual, int wanted) {
    return Subtyping.matches(actual, wanted, this);
  }

  @Override
  public CompositeType.Kind kindOf(int type) {
    return kinds.get(type);
  }

  @Override
  public int supertypeOf(int type) {
    return supertypes.get(type);
  }
}
