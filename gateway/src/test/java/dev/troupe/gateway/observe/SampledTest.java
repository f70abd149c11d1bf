package dev.troupe.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** However many ask, somebody looks so often and no more. */
class SampledTest {
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE);

  @Test
  void looksAgainWhenItIsTooOld() {
    Sampled<Integer> sampled =
        new Sampled<>(looks::incrementAndGet, Duration.ofNanos(10), clock::get);
    assertThat(sampled.get()).isEqualTo(1);
    clock.addAndGet(9);
    assertThat(sampled.get()).isEqualTo(1);
    clock.addAndGet(1);
    assertThat(sampled.get()).isEqualTo(2);
  }

  @Test
  void failureIsNotKept() {
    Sampled<Integer> sampled =
        new Sampled<>(
            () -> {
              if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
              }
              return 7;
            },
            Duration.ofDays(1),
            clock::get);
    assertThatThrownBy(sampled::get).hasMessage("not yet");
    assertThat(sampled.get()).isEqualTo(7);
    assertThat(sampled.get()).isEqualTo(7);
    assertThat(looks).hasValue(2);
  }
}
