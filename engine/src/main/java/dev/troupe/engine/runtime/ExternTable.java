package dev.troupe.engine.runtime;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Host objects that guests of one store hold as external references. A handle stays valid until the
 * store is closed; the same object always has the same handle. 0 is null.
 */
public final class ExternTable {
  private final List<Object> objects = new ArrayList<>();
  private final Map<Object, Long> handles = new IdentityHashMap<>();

  /** The handle of an object. */
  public long handleOf(Object object) {
    Long known = handles.get(object);
    if (known != null) {
      return known;
    }
    objects.add(object);
    long handle = objects.size();
    handles.put(object, handle);
    return handle;
  }

  /** The object with this handle, which must not be 0. */
  public Object objectOf(long handle) {
    if (handle <= 0 || handle > objects.size()) {
      throw new IllegalStateException("no external reference has handle " + handle);
    }
    return objects.get((int) (handle - 1));
  }
}
