package dev.troupe.engine.runtime;

import dev.troupe.engine.os.RawMemory;

/** What the collector does to a reference that it is shown: it tells where the object is now. */
@FunctionalInterface
public interface ReferenceMap {
  /** The reference as it is from now on; those that are no objects of the heap stay. */
  long moved(long reference);

  /** Replaces the reference in a native cell. */
  default void update(long cell) {
    long before = RawMemory.getLong(cell);
    long after = moved(before);
    if (after != before) {
      RawMemory.putLong(cell, after);
    }
  }
}
