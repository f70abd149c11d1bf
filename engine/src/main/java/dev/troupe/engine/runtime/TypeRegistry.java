package dev.troupe.engine.runtime;

import dev.troupe.engine.wasm.FuncType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Engine-wide ids of function types: equal types have equal ids, so that an indirect call compares
 * two integers whatever modules caller and callee come from. Ids start at 1 (0 means none) and are
 * never reused: their number is bounded by the distinct types that tenants have shown the engine.
 */
public final class TypeRegistry {
  private final Map<FuncType, Integer> ids = new HashMap<>();
  private final List<FuncType> types = new ArrayList<>();

  /** The id of a type, given on first sight. */
  public synchronized int idOf(FuncType type) {
    Integer known = ids.get(type);
    if (known != null) {
      return known;
    }
    types.add(type);
    ids.put(type, types.size());
    return types.size();
  }

  /** The type with this id. */
  public synchronized FuncType typeOf(int id) {
    return types.get(id - 1);
  }

  /** Number of distinct types. */
  public synchronized int size() {
    return types.size();
  }
}
