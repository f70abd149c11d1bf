package dev.troupe.actors.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.actors.admission.EffectiveLimits.Limit;
import java.util.EnumMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EffectiveLimitsTest {
  private static final long SECOND = 1_000_000_000;

  private static EffectiveLimits of(Map<Level, Limits> levels) {
    return EffectiveLimits.of(
        levels.getOrDefault(Level.PLATFORM, Limits.EMPTY),
        levels.getOrDefault(Level.TENANT, Limits.EMPTY),
        levels.getOrDefault(Level.FUNCTION, Limits.EMPTY),
        levels.getOrDefault(Level.CALL, Limits.EMPTY));
  }

  @Test
  void withoutLimitsNothingIsLimited() {
    EffectiveLimits nothing = of(Map.of());
    for (Quota quota : Quota.values()) {
      assertThat(nothing.value(quota)).isEqualTo(Limits.NONE);
      assertThat(nothing.limit(quota).isBelow(Long.MAX_VALUE)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Level.class)
  void theLeastDecidesAndIsNamed(Level least) {
    Map<Level, Limits> levels = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      long value = level == least ? SECOND : (2 + level.ordinal()) * SECOND;
      levels.put(level, Limits.EMPTY.with(Quota.DEADLINE, value));
    }
    assertThat(of(levels).limit(Quota.DEADLINE))
        .isEqualTo(new Limit(Quota.DEADLINE, least, SECOND));
  }

  @Test
  void ofEqualLimitsTheWidestIsNamed() {
    Limits same = Limits.EMPTY.with(Quota.CPU_TIME, SECOND);
    assertThat(EffectiveLimits.of(same, same, same, same).limit(Quota.CPU_TIME).level())
        .isEqualTo(Level.PLATFORM);
    assertThat(EffectiveLimits.of(Limits.EMPTY, same, same, same).limit(Quota.CPU_TIME).level())
        .isEqualTo(Level.TENANT);
  }

  @Test
  void aLevelDecidesOnlyWhatItMaySet() {
    Limits all = Limits.EMPTY.with(Quota.MEMORY_BYTES, 1).with(Quota.CONCURRENCY, 1);
    EffectiveLimits function = of(Map.of(Level.FUNCTION, all));
    assertThat(function.value(Quota.MEMORY_BYTES)).as("of the tenant").isEqualTo(Limits.NONE);
    assertThat(function.value(Quota.CONCURRENCY)).isEqualTo(1);
    assertThat(of(Map.of(Level.CALL, all)).value(Quota.CONCURRENCY)).isEqualTo(Limits.NONE);
  }

  @Test
  void aLimitIsReachedByMoreThanItAndDescribesItself() {
    Limit limit =
        of(Map.of(Level.TENANT, Limits.EMPTY.with(Quota.CPU_TIME, 50_000_000)))
            .limit(Quota.CPU_TIME);
    assertThat(limit.isBelow(50_000_000)).isFalse();
    assertThat(limit.isBelow(50_000_001)).isTrue();
    assertThat(limit.describe()).isEqualTo("cpu_time of the tenant is 0.05 s");
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void isTheLeastOfAllLevelsWhateverTheyAre(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 200; round++) {
      Map<Level, Limits> levels = new EnumMap<>(Level.class);
      for (Level level : Level.values()) {
        levels.put(level, random(random));
      }
      EffectiveLimits effective = of(levels);
      for (Quota quota : Quota.values()) {
        long least = Limits.NONE;
        Level who = Level.PLATFORM;
        for (Level level : Level.values()) {
          long value = levels.getOrDefault(level, Limits.EMPTY).get(quota);
          if (quota.levels().contains(level) && value < least) {
            least = value;
            who = level;
          }
        }
        assertThat(effective.limit(quota)).isEqualTo(new Limit(quota, who, least));
      }
    }
  }

  private static Limits random(SplittableRandom random) {
    Limits limits = Limits.EMPTY;
    for (Quota quota : Quota.values()) {
      long value = random.nextLong(1_000, 10_000);
      if (random.nextBoolean() && quota.allows(value)) {
        limits = limits.with(quota, value);
      }
    }
    return limits;
  }

  @Test
  void aValueOutOfRangeIsRefusedWithNameValueAndRange() {
    assertThatThrownBy(() -> Limits.EMPTY.with(Quota.WEIGHT, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("quota weight cannot be 0: 1 to 10000 are allowed");
    assertThatThrownBy(() -> Limits.EMPTY.with(Quota.DEADLINE, 86_401 * SECOND))
        .hasMessageContaining("86401 s");
    assertThatThrownBy(() -> Limits.EMPTY.with(Quota.FUEL, Limits.NONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource(Quota.class)
  void everyDefaultIsAllowedAndNoQuotaAllowsTheValueThatMeansNone(Quota quota) {
    assertThat(quota.allows(Limits.NONE)).isFalse();
    if (quota.tenantDefault() != Limits.NONE) {
      assertThat(quota.allows(quota.tenantDefault())).isTrue();
      assertThat(quota.levels()).contains(Level.TENANT);
    }
  }

  @Test
  void aRefusalNamesEverything() {
    Limits rate = Limits.EMPTY.with(Quota.RATE, 10_000).with(Quota.RATE_BURST, 2);
    Refusal refusal =
        Refusal.of(
            of(Map.of(Level.TENANT, rate)).limit(Quota.RATE),
            20_000,
            java.time.Duration.ofSeconds(100));
    assertThat(refusal.message())
        .isEqualTo(
            "quota rate of the tenant is 0.01 calls per second, usage 0.02, retry after 100000 ms");
  }
}
