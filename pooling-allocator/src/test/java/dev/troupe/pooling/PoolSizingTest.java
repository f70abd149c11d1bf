package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

/** The pool sizes itself within the kernel's limits and says so. */
class PoolSizingTest {
  private static final KernelLimits GENEROUS = new KernelLimits(1 << 20, 120L << 40, 0);

  @Test
  void fittingConfigurationIsKept() {
    PoolSizing sizing = PoolSizing.fit(PoolConfig.DEFAULT, GENEROUS);

    assertThat(sizing.config()).isEqualTo(PoolConfig.DEFAULT);
    assertThat(sizing.reason()).contains("1000 memories, 1000 stacks (vm.max_map_count=1048576)");
  }

  @Test
  void tenThousandOfEachFitTheDefaultLimit() {
    KernelLimits defaults = new KernelLimits(65_530, 120L << 40, 0);
    int most = PoolSizing.most(defaults);
    PoolSizing sizing = PoolSizing.fit(PoolConfig.DEFAULT.withSlots(most, most), defaults);

    assertThat(most).isGreaterThanOrEqualTo(12_000);
    assertThat(sizing.config().memorySlots()).isEqualTo(most);
    assertThat(sizing.config().stackSlots()).isEqualTo(most);
    assertThat(sizing.config().imageMappings()).isGreaterThan(8_000);
    assertThat(PoolSizing.most(new KernelLimits(262_144, 120L << 40, 0)))
        .isEqualTo(PoolSizing.MOST_SLOTS);
    assertThat(PoolSizing.most(new KernelLimits(10, 120L << 40, 0))).isEqualTo(1);
  }

  @Test
  void fewMappingsShrinkBothPools() {
    PoolSizing sizing =
        PoolSizing.fit(
            PoolConfig.DEFAULT.withSlots(20_000, 20_000), new KernelLimits(65_530, 120L << 40, 0));

    int memories = sizing.config().memorySlots();
    int stacks = sizing.config().stackSlots();
    assertThat(
            memories * PoolSizing.MAPPINGS_PER_MEMORY
                + stacks * PoolSizing.MAPPINGS_PER_STACK
                + PoolSizing.MAPPINGS_FOR_JVM)
        .isLessThanOrEqualTo(65_530);
    assertThat(memories).isGreaterThan(14_000);
    assertThat(sizing.reason()).contains("vm.max_map_count=65530").contains("instead of 20000");
  }

  @Test
  void smallAddressSpaceShrinksMemories() {
    PoolSizing sizing = PoolSizing.fit(PoolConfig.DEFAULT, new KernelLimits(1 << 20, 1L << 39, 0));

    assertThat(sizing.config().memorySlots()).isBetween(64, 127);
    assertThat(sizing.reason()).contains("address space");
  }

  @Test
  void nothingFitsIsAnErrorWithARemedy() {
    assertThatIllegalStateException()
        .isThrownBy(() -> PoolSizing.fit(PoolConfig.DEFAULT, new KernelLimits(1000, 120L << 40, 2)))
        .withMessageContaining("raise vm.max_map_count");
  }
}
