package dev.troupe.engine.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Vectors as longs, for interpreters whose values are longs: equal vectors have one handle. Process
 * wide.
 */
public final class VectorHandles {
  private record Vector(long low, long high) {
    // The halves are often equal or small: the generated hash would put most of them in one place.
    @Override
    public int hashCode() {
      return Long.hashCode((low * 31 + high) * 0x9E37_79B9_7F4A_7C15L >>> 13);
    }
  }

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

  /** Forgets all vectors: no handle from before may be used again, but for that of zero. */
  public static synchronized void clear() {
    HANDLES.clear();
    VECTORS.clear();
    long unusedZero = of(0, 0);
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
