package dev.troupe.engine.fuzz;

import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import java.util.SplittableRandom;

/** Random arguments, often at the edges; NaNs only canonical ones. */
public final class FuzzArguments {
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    31,
    32,
    63,
    64,
    255,
    65_535,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final double[] FLOAT_EDGES = {
    0.0, -0.0, 1, -1.5, 2147483648.0, -9.3e18, 1e39, Double.NaN, Double.POSITIVE_INFINITY, 5e-324
  };

  private FuzzArguments() {}

  /** A value as the oracle has them. */
  public static long random(ValType type, SplittableRandom random) {
    boolean edge = random.nextBoolean();
    long integer = edge ? EDGES[random.nextInt(EDGES.length)] : random.nextLong();
    double real =
        edge
            ? FLOAT_EDGES[random.nextInt(FLOAT_EDGES.length)]
            : (random.nextDouble() - 0.5) * Math.pow(2, random.nextInt(-20, 70));
    if (type == VecType.V128) {
      return VectorHandles.of(integer, Double.doubleToLongBits(real));
    }
    return switch ((NumType) type) {
      case I32 -> (int) integer;
      case I64 -> integer;
      case F32 -> Float.floatToIntBits((float) real);
      case F64 -> Double.doubleToLongBits(real);
    };
  }
}
