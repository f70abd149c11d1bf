package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Properties of the layout, on a grid and at random. */
class SlabLayoutTest {
  private static final long PAGE = 4096;

  @Test
  void gridKeepsInvariants() {
    long[] sizes = {1, PAGE - 1, PAGE, PAGE + 1, 1 << 16, 1L << 32, (1L << 32) + 1, 1L << 40};
    for (int slots : new int[] {1, 2, 3, 1000}) {
      for (long reservation : sizes) {
        for (long guard : new long[] {0, 1, PAGE, 32L << 20, 2L << 30}) {
          assertInvariants(slots, reservation, guard);
        }
      }
    }
  }

  @Test
  void randomLayoutsKeepInvariants() {
    long seed = 20261120;
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 20_000; i++) {
      assertInvariants(
          1 + random.nextInt(5000), 1 + random.nextLong(1L << 34), random.nextLong(1L << 32));
    }
  }

  @Test
  void overflowAndNonsenseAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> SlabLayout.of(0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> SlabLayout.of(1, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> SlabLayout.of(1, 1, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> SlabLayout.of(1, Long.MAX_VALUE, 1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SlabLayout.of(Integer.MAX_VALUE, 1L << 40, 0));
  }

  private static void assertInvariants(int slots, long reservation, long guard) {
    SlabLayout layout = SlabLayout.of(slots, reservation, guard);
    assertThat(layout.totalBytes())
        .as("total of %s", layout)
        .isEqualTo(layout.preGuardBytes() + slots * layout.slotBytes());
    assertThat(layout.reservationBytes()).isGreaterThanOrEqualTo(reservation);
    assertThat(layout.reservationBytes() % PAGE).isZero();
    assertThat(layout.slotBytes() % PAGE).isZero();
    // What an access at the highest index can reach stays inside of the slot or its guard.
    assertThat(layout.slotBytes()).isGreaterThanOrEqualTo(reservation + guard);
    assertThat(layout.preGuardBytes()).isGreaterThanOrEqualTo(guard);
    int last = slots - 1;
    assertThat(layout.slotOffset(last) + layout.slotBytes()).isEqualTo(layout.totalBytes());
    if (slots > 1) {
      assertThat(layout.slotOffset(1) - layout.slotOffset(0)).isEqualTo(layout.slotBytes());
    }
  }
}
