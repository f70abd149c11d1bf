package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.pooling.SlotIndex.Owner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The choice of slots: affinity first, then cold while there is warmth to spare, then the oldest.
 */
class SlotIndexTest {
  private static final Owner A = new Owner(1, 0);
  private static final Owner B = new Owner(2, 0);

  @Test
  void sameOwnerGetsItsMostRecentSlotBack() {
    SlotIndex index = new SlotIndex(4, 4);
    int first = index.take(A);
    int second = index.take(A);
    index.release(first);
    index.release(second);

    assertThat(index.take(A)).isEqualTo(second);
    assertThat(index.take(A)).isEqualTo(first);
  }

  @Test
  void strangerTakesColdSlotWhileWarmOnesAreFew() {
    SlotIndex index = new SlotIndex(3, 2);
    int slot = index.take(A);
    index.release(slot);

    assertThat(index.take(B)).isNotEqualTo(slot);
    assertThat(index.take(A)).isEqualTo(slot);
  }

  @Test
  void strangerEvictsTheOldestWhenWarmOnesAreMany() {
    SlotIndex index = new SlotIndex(4, 1);
    int first = index.take(A);
    int second = index.take(A);
    index.release(first);
    index.release(second);

    assertThat(index.take(B)).isEqualTo(first);
    assertThat(index.take(A)).isEqualTo(second);
  }

  @Test
  void exhaustionIsAnAnswer() {
    SlotIndex index = new SlotIndex(1, 1);
    int slot = index.take(A);

    assertThat(index.take(B)).isEqualTo(SlotIndex.NONE);
    index.release(slot);
    assertThat(index.take(B)).isEqualTo(slot);
  }

  @Test
  void randomUseNeverHandsOutASlotTwice() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      int capacity = 1 + random.nextInt(12);
      SlotIndex index = new SlotIndex(capacity, random.nextInt(capacity + 1));
      List<Integer> live = new ArrayList<>();
      Map<Integer, Owner> lastOwner = new HashMap<>();
      for (int step = 0; step < 500; step++) {
        if (random.nextBoolean()) {
          Owner owner = new Owner(random.nextInt(4), random.nextInt(2));
          boolean affine =
              lastOwner.entrySet().stream()
                  .anyMatch(e -> e.getValue().equals(owner) && !live.contains(e.getKey()));
          int slot = index.take(owner);
          if (live.size() == capacity) {
            assertThat(slot).as("seed %d step %d", seed, step).isEqualTo(SlotIndex.NONE);
          } else {
            assertThat(slot).as("seed %d step %d", seed, step).isBetween(0, capacity - 1);
            assertThat(live).as("seed %d step %d", seed, step).doesNotContain(slot);
            if (affine) {
              assertThat(lastOwner.get(slot)).as("seed %d step %d", seed, step).isEqualTo(owner);
            }
            live.add(slot);
            lastOwner.put(slot, owner);
          }
        } else if (!live.isEmpty()) {
          index.release(live.remove(random.nextInt(live.size())));
        }
        assertThat(index.live()).isEqualTo(live.size());
      }
    }
  }
}
