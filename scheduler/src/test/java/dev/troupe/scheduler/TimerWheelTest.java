package dev.troupe.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wheel against a sorted set. */
final class TimerWheelTest {
  private static final class Alarm extends TimerWheel.Timer {
    final int number;

    Alarm(int number) {
      this.number = number;
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void ringsWhatASortedSetWouldRing(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TimerWheel wheel = new TimerWheel();
    List<Alarm> alarms = new ArrayList<>();
    for (int number = 0; number < 300; number++) {
      alarms.add(new Alarm(number));
    }
    TreeSet<Alarm> model =
        new TreeSet<>(
            Comparator.comparingLong((Alarm alarm) -> alarm.alarmNanos())
                .thenComparingInt(alarm -> alarm.number));
    long now = random.nextLong(1L << 40);
    for (int step = 0; step < 20_000; step++) {
      Alarm alarm = alarms.get(random.nextInt(alarms.size()));
      switch (random.nextInt(4)) {
        case 0, 1 -> {
          model.remove(alarm);
          // Also in the past, and up to years ahead.
          wheel.set(
              alarm, Math.max(0, now - 1_000 + (random.nextLong() >>> 6 + random.nextInt(56))));
          model.add(alarm);
        }
        case 2 -> {
          model.remove(alarm);
          wheel.cancel(alarm);
        }
        default -> {
          boolean precisely = random.nextBoolean() && !model.isEmpty();
          now =
              precisely
                  ? Math.max(now, model.first().alarmNanos() - random.nextInt(2))
                  : now + (random.nextLong() >>> 20 + random.nextInt(40));
          ring(wheel, model, now);
        }
      }
      assertThat(wheel.size()).isEqualTo(model.size());
      long earliest = model.isEmpty() ? TimerWheel.NEVER_NANOS : model.first().alarmNanos();
      assertThat(wheel.earliestNanos()).isLessThanOrEqualTo(earliest);
    }
  }

  private static void ring(TimerWheel wheel, TreeSet<Alarm> model, long now) {
    List<Integer> expected = new ArrayList<>();
    while (!model.isEmpty() && model.first().alarmNanos() <= now) {
      expected.add(model.pollFirst().number);
    }
    List<Integer> rung = new ArrayList<>();
    for (TimerWheel.Timer due = wheel.poll(now); due != null; due = wheel.poll(now)) {
      rung.add(((Alarm) due).number);
      assertThat(due.alarmNanos()).isEqualTo(TimerWheel.NEVER_NANOS);
    }
    assertThat(rung).containsExactlyInAnyOrderElementsOf(expected);
    // Having looked, it knows the earliest exactly, unless that is on a level above the first.
    long earliest = model.isEmpty() ? TimerWheel.NEVER_NANOS : model.first().alarmNanos();
    assertThat(wheel.earliestNanos()).isGreaterThan(now).isLessThanOrEqualTo(earliest);
  }

  @Test
  void theEarliestIsExactWhileNothingIsCancelled() {
    SplittableRandom random = new SplittableRandom(7);
    TimerWheel wheel = new TimerWheel();
    long earliest = TimerWheel.NEVER_NANOS;
    for (int number = 0; number < 10_000; number++) {
      long at = random.nextLong() >>> 1 + random.nextInt(60);
      wheel.set(new Alarm(number), at);
      earliest = Math.min(earliest, at);
      assertThat(wheel.earliestNanos()).isEqualTo(earliest);
    }
  }

  @Test
  void anAlarmThatIsMovedRingsOnceAtItsLastTime() {
    TimerWheel wheel = new TimerWheel();
    Alarm alarm = new Alarm(1);
    for (long at = 1; at < 1L << 62; at *= 3) {
      wheel.set(alarm, at);
    }
    wheel.set(alarm, 5_000_000);
    assertThat(wheel.size()).isEqualTo(1);
    assertThat(wheel.poll(4_999_999)).isNull();
    assertThat(wheel.poll(5_000_000)).isSameAs(alarm);
    assertThat(wheel.poll(Long.MAX_VALUE - 1)).isNull();
  }
}
