package dev.troupe.load.schedule;

import java.util.SplittableRandom;

/**
 * An open model: calls arrive by the clock, whatever happens to the earlier ones.
 *
 * @param profile how many a second
 * @param poisson whether gaps are random (exponential) instead of equal
 * @param seed of the random gaps
 */
public record Arrivals(RateProfile profile, boolean poisson, long seed) {
  /** No arrival. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Arrivals at a constant rate. */
  public static Arrivals constant(double callsPerSecond) {
    return new Arrivals(new RateProfile.Constant(callsPerSecond), false, 0);
  }

  /** The sequence of arrivals, from the first on. Not thread-safe; equal for equal seeds. */
  public Sequence sequence() {
    return new Sequence(this);
  }

  /** Hands out arrivals in order. */
  public static final class Sequence {
    private final Arrivals arrivals;
    private final SplittableRandom random;
    private double count;
    private boolean first = true;

    private Sequence(Arrivals arrivals) {
      this.arrivals = arrivals;
      this.random = new SplittableRandom(arrivals.seed);
    }

    /** Nanoseconds from the start to the next arrival, or {@link #NEVER}. */
    public long nextNanos() {
      if (arrivals.poisson) {
        count += -Math.log1p(-random.nextDouble());
      } else if (first) {
        first = false;
      } else {
        count += 1;
      }
      double nanos = arrivals.profile.secondsAt(count) * 1e9;
      return nanos < Long.MAX_VALUE ? (long) nanos : NEVER;
    }
  }
}
