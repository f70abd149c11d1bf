package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is given back, and in which order. */
final class MemoryReliefTest {
  private final List<String> asked = new ArrayList<>();
  private final AtomicLong excess = new AtomicLong();
  private long unusedBytes;
  private final MemoryRelief relief =
      new MemoryRelief(
          excess::get,
          new MemoryRelief.Sources() {
            @Override
            public long trim(long bytes) {
              asked.add("trim " + bytes);
              long trimmed = Math.min(bytes, unusedBytes);
              unusedBytes -= trimmed;
              return trimmed;
            }

            @Override
            public long evict(double part) {
              asked.add("evict " + part);
              unusedBytes += 50;
              return 2;
            }
          });

  @Test
  void nothingIsTouchedWhileAllIsWell() {
    relief.check();
    excess.set(-5);
    relief.check();
    assertThat(asked).isEmpty();
  }

  @Test
  void unusedPagesGoFirst() {
    excess.set(30);
    unusedBytes = 100;
    relief.check();
    assertThat(asked).containsExactly("trim 30");
    assertThat(relief.trimmedBytes()).isEqualTo(30);
    assertThat(relief.evictedInstances()).isZero();
  }

  @Test
  void thenIdleInstancesWithWhatTheyLeaveBehind() {
    excess.set(100);
    unusedBytes = 70;
    relief.check();
    assertThat(asked).containsExactly("trim 100", "evict 0.25", "trim 30");
    assertThat(relief.trimmedBytes()).isEqualTo(100);
    assertThat(relief.evictedInstances()).isEqualTo(2);
    relief.close();
  }
}
