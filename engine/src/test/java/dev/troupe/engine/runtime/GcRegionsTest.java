package dev.troupe.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.os.RawMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Regions whose pages the kernel does not take back. */
class GcRegionsTest {
  /** Where no process can have memory: every system call fails. */
  private static final long NOWHERE = 1L << 48;

  private static final long BYTES = 2 * GcRegions.KEPT_BYTES;

  @Test
  void whatCannotBeGivenBackIsNotTouchedAgain() {
    GcRegions.Region region = new GcRegions.Region(NOWHERE, BYTES);
    assertThat(region.shrink(GcRegions.KEPT_BYTES)).isFalse();
    assertThat(region.accessible()).isEqualTo(GcRegions.KEPT_BYTES);
    assertThat(region.makeAccessible(BYTES)).isFalse();
  }

  @Test
  void aTornRegionIsNobodysAgain() {
    try (GcRegions regions = new GcRegions(GcRegions.MOST_REGIONS)) {
      GcRegions.Region torn = new GcRegions.Region(NOWHERE, BYTES);
      regions.giveBack(torn, BYTES);
      assertThat(regions.take()).isNotSameAs(torn).satisfies(other -> regions.giveBack(other, 0));
    }
  }

  /** Mappings are the process's: who wants one collected heap too many is refused. */
  @Test
  void thereAreOnlySoMany() {
    try (GcRegions regions = new GcRegions(GcRegions.MOST_REGIONS)) {
      List<GcRegions.Region> taken = new ArrayList<>();
      for (int i = 0; i < GcRegions.MOST_REGIONS; i++) {
        taken.add(regions.take());
      }
      assertThatThrownBy(regions::take).isInstanceOf(AllocationException.class);
      taken.forEach(region -> regions.giveBack(region, 0));
      for (int i = 0; i < GcRegions.MOST_REGIONS; i++) {
        taken.set(i, regions.take());
      }
      assertThatThrownBy(regions::take).isInstanceOf(AllocationException.class);
      taken.forEach(region -> regions.giveBack(region, 0));
    }
  }

  @Test
  void whoWaitsIsToldOfAFreeOne() {
    try (GcRegions regions = new GcRegions(1)) {
      AtomicInteger told = new AtomicInteger();
      regions.whenFreed(told::incrementAndGet);
      GcRegions.Region only = regions.take();
      assertThat(regions.free()).isZero();
      assertThatThrownBy(regions::take)
          .isInstanceOfSatisfying(
              ExhaustedException.class,
              full -> assertThat(full.kind()).isEqualTo(ExhaustedException.Kind.COLLECTED_HEAP));
      regions.giveBack(only, 0);
      assertThat(told).hasValue(1);
      assertThat(regions.free()).isEqualTo(1);
    }
  }

  @Test
  void aKeptRegionHoldsZeros() {
    try (GcRegions regions = new GcRegions(GcRegions.MOST_REGIONS)) {
      GcRegions.Region region = regions.take();
      assertThat(region.makeAccessible(BYTES)).isTrue();
      RawMemory.putLong(region.half(false), 1);
      RawMemory.putLong(region.half(true) + GcRegions.KEPT_BYTES - Long.BYTES, 1);
      RawMemory.putLong(region.half(true) + BYTES - Long.BYTES, 1);
      regions.giveBack(region, BYTES);
      assertThat(regions.take()).isSameAs(region);
      assertThat(region.accessible()).isEqualTo(GcRegions.KEPT_BYTES);
      assertThat(region.makeAccessible(BYTES)).isTrue();
      long found = 0;
      for (long at = 0; at < BYTES; at += Long.BYTES) {
        found |= RawMemory.getLong(region.half(false) + at);
        found |= RawMemory.getLong(region.half(true) + at);
      }
      assertThat(found).isZero();
      regions.giveBack(region, 0);
    }
  }
}
