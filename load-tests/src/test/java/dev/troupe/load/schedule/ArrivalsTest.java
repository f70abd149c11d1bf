package dev.troupe.load.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Arrivals come when their rate says, to the call. */
class ArrivalsTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void constantRateIsEvenlySpacedFromTheStart() {
    List<Long> arrivals = until(Arrivals.constant(1000), SECOND);

    assertThat(arrivals).hasSize(1000);
    assertThat(arrivals.get(0)).isZero();
    assertThat(arrivals.get(1)).isEqualTo(1_000_000);
    assertThat(arrivals.getLast()).isEqualTo(999_000_000);
  }

  @Test
  void rampHasAsManyCallsAsTheAreaUnderIt() {
    Arrivals up = new Arrivals(new RateProfile.Ramp(100, 300, 10), false, 0);

    // 100 t + 10 t^2: 750 in five seconds, 2000 in ten, then 300 a second.
    assertThat(until(up, 5 * SECOND)).hasSize(750);
    assertThat(until(up, 10 * SECOND)).hasSize(2000);
    assertThat(until(up, 12 * SECOND)).hasSize(2600);
    assertThat(until(up, 10 * SECOND)).isSorted();
  }

  @Test
  void rampDownToNothingEnds() {
    Arrivals down = new Arrivals(new RateProfile.Ramp(100, 0, 4), false, 0);
    Arrivals.Sequence sequence = down.sequence();
    int count = 0;
    while (sequence.nextNanos() != Arrivals.NEVER) {
      count++;
    }
    assertThat(count).isBetween(200, 201);
  }

  @Test
  void stepsHoldTheirRates() {
    Arrivals up = new Arrivals(new RateProfile.Steps(10, 30, 10, 2), false, 0);

    assertThat(until(up, 2 * SECOND)).hasSize(20);
    assertThat(until(up, 4 * SECOND)).hasSize(20 + 40);
    assertThat(until(up, 8 * SECOND)).hasSize(20 + 40 + 120);
    Arrivals down = new Arrivals(new RateProfile.Steps(30, 5, -20, 1), false, 0);
    assertThat(until(down, 4 * SECOND)).hasSize(30 + 10 + 5 + 5);
  }

  @Test
  void burstIsOneMomentAndMayComeAgain() {
    Arrivals once = new Arrivals(new RateProfile.Burst(500, Double.POSITIVE_INFINITY), false, 0);
    assertThat(until(once, 3600 * SECOND)).hasSize(500).containsOnly(0L);

    Arrivals again = new Arrivals(new RateProfile.Burst(3, 2), false, 0);
    assertThat(until(again, 3 * SECOND))
        .containsExactly(0L, 0L, 0L, 2 * SECOND, 2 * SECOND, 2 * SECOND);
  }

  @Test
  void poissonIsSeededAndHasExponentialGaps() {
    Arrivals arrivals = new Arrivals(new RateProfile.Constant(1000), true, 7);
    List<Long> times = until(arrivals, 100 * SECOND);

    assertThat(times).isEqualTo(until(arrivals, 100 * SECOND)).isSorted();
    assertThat(times).isNotEqualTo(until(new Arrivals(arrivals.profile(), true, 8), 100 * SECOND));
    // 100,000 expected, standard deviation 316.
    assertThat(times.size()).isBetween(98_400, 101_600);
    double squares = 0;
    long longer = 0;
    for (int i = 1; i < times.size(); i++) {
      double gap = (times.get(i) - times.get(i - 1)) / 1e6;
      squares += (gap - 1) * (gap - 1);
      longer += gap > 2 ? 1 : 0;
    }
    assertThat(squares / times.size()).isCloseTo(1, within(0.05));
    assertThat((double) longer / times.size()).isCloseTo(Math.exp(-2), within(0.01));
  }

  @Test
  void poissonFollowsARamp() {
    Arrivals up = new Arrivals(new RateProfile.Ramp(0, 2000, 10), true, 3);
    // Areas: 2500 in the first half, 10,000 in all.
    assertThat(until(up, 5 * SECOND).size()).isBetween(2250, 2750);
    assertThat(until(up, 10 * SECOND).size()).isBetween(9500, 10_500);
  }

  @Test
  void noRateMeansNoCall() {
    assertThat(until(new Arrivals(new RateProfile.Constant(0), true, 1), 3600 * SECOND)).isEmpty();
  }

  private static List<Long> until(Arrivals arrivals, long endNanos) {
    Arrivals.Sequence sequence = arrivals.sequence();
    List<Long> result = new ArrayList<>();
    for (long at = sequence.nextNanos(); at < endNanos; at = sequence.nextNanos()) {
      result.add(at);
    }
    return result;
  }
}
