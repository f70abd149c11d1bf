package dev.troupe.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.RateLimiter;
import dev.troupe.actors.admission.TenantQuotas.RateQuota;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimiterTest {
  private static final long SECOND = 1_000_000_000;
  private static final long START = 5 * SECOND;

  @Test
  void aBurstIsAdmittedAndThenTheRate() {
    RateLimiter limiter = new RateLimiter(new RateQuota(10, 3));
    assertThat(limiter.tryAcquire(START)).isZero();
    assertThat(limiter.tryAcquire(START)).isZero();
    assertThat(limiter.tryAcquire(START)).isZero();
    assertThat(limiter.tryAcquire(START)).isEqualTo(SECOND / 10);
    assertThat(limiter.tryAcquire(START + SECOND / 10 - 10)).isEqualTo(10);
    assertThat(limiter.tryAcquire(START + SECOND / 10)).isZero();
    assertThat(limiter.tryAcquire(START + SECOND / 10)).isEqualTo(SECOND / 10);
    assertThat(limiter.tryAcquire(START + 10 * SECOND)).isZero();
  }

  @Test
  void noQuotaAdmitsEverything() {
    RateLimiter limiter = new RateLimiter(null);
    for (int call = 0; call < 1_000; call++) {
      assertThat(limiter.tryAcquire(START)).isZero();
    }
  }

  @Test
  void aNewQuotaActsAtOnce() {
    RateLimiter limiter = new RateLimiter(new RateQuota(0.001, 100));
    for (int call = 0; call < 100; call++) {
      assertThat(limiter.tryAcquire(START)).isZero();
    }
    assertThat(limiter.tryAcquire(START)).isPositive();
    limiter.setQuota(new RateQuota(1_000, 1));
    assertThat(limiter.tryAcquire(START)).as("the old debt is cut").isLessThanOrEqualTo(1_000_000);
    assertThat(limiter.tryAcquire(START + 2_000_000)).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void overAnyTimeNoMoreThanRateAndBurst(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RateQuota quota = new RateQuota(1 + random.nextInt(1_000), 1 + random.nextInt(50));
    RateLimiter limiter = new RateLimiter(quota);
    long now = START;
    long admitted = 0;
    for (int call = 0; call < 20_000; call++) {
      now += random.nextLong(SECOND / 500);
      if (limiter.tryAcquire(now) == 0) {
        admitted++;
      }
      double allowed = (double) (now - START) / SECOND * quota.callsPerSecond() + quota.burst();
      assertThat((double) admitted).as("seed %d", seed).isLessThanOrEqualTo(allowed + 1e-3);
    }
    assertThat(admitted).isPositive();
  }
}
