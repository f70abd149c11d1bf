package dev.troupe.load.schedule;

/**
 * A rate of calls over time, as the inverse of its integral: at which second are so many calls due?
 * Regular arrivals ask at 0, 1, 2 ...; Poisson arrivals ask at the sums of exponential gaps of mean
 * one, which is how a process of unit rate becomes one of any rate (time change theorem).
 */
public sealed interface RateProfile {
  /**
   * Seconds from the start until {@code count} calls are due, not decreasing in {@code count};
   * infinite when so many never are.
   */
  double secondsAt(double count);

  /** The highest rate, calls per second; infinite for a burst. */
  double peak();

  /** The same rate all the time. */
  record Constant(double callsPerSecond) implements RateProfile {
    @Override
    public double secondsAt(double count) {
      return callsPerSecond > 0 ? count / callsPerSecond : Double.POSITIVE_INFINITY;
    }

    @Override
    public double peak() {
      return callsPerSecond;
    }
  }

  /**
   * Grows or falls linearly, and stays at the end.
   *
   * @param from rate at the start, calls per second
   * @param to rate at the end
   * @param seconds how long it takes
   */
  record Ramp(double from, double to, double seconds) implements RateProfile {
    @Override
    public double secondsAt(double count) {
      if (count <= 0) {
        return 0;
      }
      double total = (from + to) / 2 * seconds;
      if (count >= total) {
        return seconds + new Constant(to).secondsAt(count - total);
      }
      // count = from t + (to - from) t^2 / 2 seconds, solved without cancellation.
      double square = (to - from) / seconds;
      return 2 * count / (from + Math.sqrt(Math.max(0, from * from + 2 * square * count)));
    }

    @Override
    public double peak() {
      return Math.max(from, to);
    }
  }

  /**
   * A staircase, up or down, that stays on its last step.
   *
   * @param from rate of the first step, calls per second
   * @param to rate of the last step
   * @param by difference between steps, its sign is that of {@code to - from}
   * @param seconds length of a step
   */
  record Steps(double from, double to, double by, double seconds) implements RateProfile {
    @Override
    public double secondsAt(double count) {
      double left = count;
      double rate = from;
      double at = 0;
      while (rate != to) {
        if (left < rate * seconds) {
          return at + left / rate;
        }
        left -= rate * seconds;
        at += seconds;
        rate = by > 0 ? Math.min(to, rate + by) : Math.max(to, rate + by);
      }
      return at + new Constant(to).secondsAt(left);
    }

    @Override
    public double peak() {
      return Math.max(from, to);
    }
  }

  /**
   * Many calls at once, again and again.
   *
   * @param calls due at the same moment
   * @param everySeconds time between bursts; infinite for a single one
   */
  record Burst(int calls, double everySeconds) implements RateProfile {
    @Override
    public double secondsAt(double count) {
      double burst = Math.floor(count / calls);
      return burst == 0 ? 0 : burst * everySeconds;
    }

    @Override
    public double peak() {
      return Double.POSITIVE_INFINITY;
    }
  }
}
