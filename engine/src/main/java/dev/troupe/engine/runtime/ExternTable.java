package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.GcLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Host objects that guests of one store hold as external references. The same object always has the
 * same handle as long as a guest holds it; a collection of the store's heap frees the handles that
 * no reference names any more.
 */
public final class ExternTable {
  /** With so many more objects than after the last collection, another one is worthwhile. */
  private static final int COLLECT_AFTER = 4096;

  private @Nullable Object[] objects = new @Nullable Object[0];

  /** Made with the first object: most stores never see one. */
  private @Nullable Map<Object, Integer> handles;

  private int used;
  private final BitSet free = new BitSet();
  private final BitSet marked = new BitSet();
  private int live;
  private int liveAfterSweep;

  /** The reference to an object. */
  public long referenceTo(Object object) {
    Map<Object, Integer> map = handles;
    if (map == null) {
      map = new IdentityHashMap<>();
      handles = map;
    }
    Integer known = map.get(object);
    if (known != null) {
      return GcLayout.hostReference(known);
    }
    int index = free.nextSetBit(0);
    if (index >= 0) {
      free.clear(index);
    } else {
      index = used++;
      if (index == objects.length) {
        objects = Arrays.copyOf(objects, Math.max(8, index * 2));
      }
    }
    objects[index] = object;
    map.put(object, index + 1);
    live++;
    return GcLayout.hostReference(index + 1L);
  }

  /** The object of a reference, which must be that of a host object. */
  public Object objectOf(long reference) {
    long handle = GcLayout.hostHandle(reference);
    Object object =
        GcLayout.isHost(reference) && handle > 0 && handle <= used
            ? objects[(int) handle - 1]
            : null;
    if (object == null) {
      throw new IllegalStateException("no external reference is 0x" + Long.toHexString(reference));
    }
    return object;
  }

  /** Objects that have handles. */
  public int size() {
    return live;
  }

  /** Whether so many objects have come that looking for those that nobody holds is worthwhile. */
  boolean wantsCollection() {
    return live > 2L * liveAfterSweep + COLLECT_AFTER;
  }

  void startMarking() {
    marked.clear();
  }

  void mark(long handle) {
    marked.set((int) handle - 1);
  }

  /** Frees the handles that have not been marked. */
  void sweep() {
    Map<Object, Integer> map = handles;
    for (int index = 0; map != null && index < used; index++) {
      Object object = objects[index];
      if (object != null && !marked.get(index)) {
        map.remove(object);
        objects[index] = null;
        free.set(index);
        live--;
      }
    }
    liveAfterSweep = live;
  }
}
