package dev.troupe.actors.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.actors.admission.TenantQuotas.RateQuota;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RateLimiterTest {
  private static final long SECOND = 1_000_000_000;
  private static final long START = 5 * SECOND;

  private static EffectiveLimits limits(@Nullable RateQuota rate) {
    Limits tenant = TenantQuotas.defaults().withRate(rate).limits();
    return EffectiveLimits.of(Limits.EMPTY, tenant, Limits.EMPTY, Limits.EMPTY);
  }

  private static RateLimiter limiter(@Nullable RateQuota rate) {
    return new RateLimiter(limits(rate));
  }

  @Test
  void aBurstIsAdmittedAndThenTheRate() {
    RateLimiter limiter = limiter(new RateQuota(10, 3));
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
    RateLimiter limiter = limiter(null);
    for (int call = 0; call < 1_000; call++) {
      assertThat(limiter.tryAcquire(START)).isZero();
    }
  }

  @Test
  void aNewQuotaActsAtOnce() {
    RateLimiter limiter = limiter(new RateQuota(0.001, 100));
    for (int call = 0; call < 100; call++) {
      assertThat(limiter.tryAcquire(START)).isZero();
    }
    assertThat(limiter.tryAcquire(START)).isPositive();
    limiter.setLimits(limits(new RateQuota(1_000, 1)), START);
    assertThat(limiter.tryAcquire(START)).as("the old debt is cut").isLessThanOrEqualTo(1_000_000);
    assertThat(limiter.tryAcquire(START + 2_000_000)).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void overAnyTimeNoMoreThanRateAndBurst(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RateQuota quota = new RateQuota(1 + random.nextInt(1_000), 1 + random.nextInt(50));
    RateLimiter limiter = limiter(quota);
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

  @Test
  void ofManyCallersAtOnceExactlyTheBurstIsAdmitted() throws InterruptedException {
    RateLimiter limiter = limiter(new RateQuota(0.001, 10_000));
    LongAdder admitted = new LongAdder();
    onManyThreads(() -> {
      for (int call = 0; call < 10_000; call++) {
        if (limiter.tryAcquire(START) == 0) {
          admitted.increment();
        }
      }
    });
    assertThat(admitted.sum()).isEqualTo(10_000);
  }

  @Test
  void callersWithClocksThatDisagreeGetNoMoreThanRateAndBurst() throws InterruptedException {
    RateQuota quota = new RateQuota(1_000, 10);
    RateLimiter limiter = limiter(quota);
    AtomicLong clock = new AtomicLong(START);
    LongAdder admitted = new LongAdder();
    onManyThreads(() -> {
      for (int call = 0; call < 20_000; call++) {
        // Between the reading and the call others go on.
        if (limiter.tryAcquire(clock.addAndGet(10_000)) == 0) {
          admitted.increment();
        }
      }
    });
    double seconds = (double) (clock.get() - START) / SECOND;
    assertThat((double) admitted.sum())
        .isLessThanOrEqualTo(seconds * quota.callsPerSecond() + quota.burst() + 1e-3)
        .isGreaterThanOrEqualTo(seconds * quota.callsPerSecond() * 0.9);
  }

  @Test
  void usageIsTheRateThatThereWouldBe() {
    RateLimiter limiter = limiter(new RateQuota(10, 4));
    assertThat(limiter.usageMicros(START)).isEqualTo(2_500_000);
    for (int call = 0; call < 4; call++) {
      assertThat(limiter.tryAcquire(START)).isZero();
    }
    assertThat(limiter.usageMicros(START)).as("five calls where four are").isEqualTo(12_500_000);
    assertThat(limiter(null).usageMicros(START)).isZero();
  }

  @Test
  void theSlowestRateAndTheLargestBurstDoNotOverflow() {
    Limits slow = Limits.EMPTY.with(Quota.RATE, 1).with(Quota.RATE_BURST, 1_000_000_000);
    RateLimiter limiter =
        new RateLimiter(EffectiveLimits.of(slow, Limits.EMPTY, Limits.EMPTY, Limits.EMPTY));
    for (int call = 0; call < 1_000; call++) {
      assertThat(limiter.tryAcquire(Long.MAX_VALUE - 5 + call)).as("across the wrap").isZero();
    }
  }

  private static void onManyThreads(Runnable work) throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int index = 0; index < 4; index++) {
      threads.add(Thread.ofPlatform().start(work));
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
