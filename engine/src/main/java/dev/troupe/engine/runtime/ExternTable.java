package dev.troupe.engine.runtime;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Host objects that guests of one store hold as external references. A handle stays valid until the
 * store is closed; the same object always has the same handle. 0 is null.
 */
public final class ExternTable {
  private final List<Object> objects = new ArrayList<>();

  /** Made with the first object: most stores never see one. */
  private @Nullable Map<Object, Long> handles;

  /** The handle of an object. */
  public long handleOf(Object object) {
    Map<Object, Long> map = handles;
    if (map == null) {
      map = new IdentityHashMap<>();
      handles = map;
    }
    Long known = map.get(object);
    if (known != null) {
      return known;
    }
    objects.add(object);
    long handle = objects.size();
    map.put(object, handle);
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
