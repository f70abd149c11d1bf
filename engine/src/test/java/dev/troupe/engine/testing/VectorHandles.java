package dev.troupe.engine.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Vectors as longs, for interpreters whose values are longs: equal vectors have one handle. Process
 * wide and never cleared.
 */
public final class VectorHandles {
  private record Vector(long low, long high) {}

  private static final Map<Vector, Long> HANDLES = new HashMap<>();
  private static final List<Vector> VECTORS = new ArrayList<>();

  static {
    // A local that nobody has written is 0.
    long zero = of(0, 0);
    if (zero != 0) {
      throw new AssertionError("the handle of zero is " + zero);
    }
  }

  private VectorHandles() {}

  /** The handle of a vector; 0 of the one that is zero. */
  public static synchronized long of(long low, long high) {
    return HANDLES.computeIfAbsent(
        new Vector(low, high),
        vector -> {
          VECTORS.add(vector);
          return (long) VECTORS.size() - 1;
        });
  }

  /** The low half. */
  public static synchronized long low(long handle) {
    return VECTORS.get((int) handle).low;
  }

  /** The high half. */
  public static synchronized long high(long handle) {
    return VECTORS.get((int) handle).high;
  }
}
