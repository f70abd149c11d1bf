package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.gateway.server.UploadBudget.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Who gets the bytes of uploads, and that none are lost. */
class UploadBudgetTest {
  private final UploadBudget budget = new UploadBudget(100, 60, 3, Runnable::run);
  private final List<String> granted = new ArrayList<>();

  private Place reserve(String tenant, long bytes) {
    return Objects.requireNonNull(budget.reserve(tenant, bytes, () -> granted.add(tenant + bytes)));
  }

  @Test
  void firstComeFirstServed() {
    Place a = reserve("a", 60);
    reserve("b", 50);
    // It would fit, but whoever waits longer must not starve.
    reserve("c", 10);
    assertThat(granted).containsExactly("a60");
    a.release();
    assertThat(granted).containsExactly("a60", "b50", "c10");
    assertThat(budget.usedBytes()).isEqualTo(60);
  }

  @Test
  void whoWaitsForTheBytesOfItsOwnTenantIsOvertaken() {
    Place a = reserve("a", 50);
    reserve("a", 20);
    reserve("b", 30);
    assertThat(granted).containsExactly("a50", "b30");
    a.release();
    assertThat(granted).containsExactly("a50", "b30", "a20");
  }

  @Test
  void whoGoesAwayWaitsNoLonger() {
    Place a = reserve("a", 60);
    Place b = reserve("b", 60);
    reserve("c", 60);
    b.release();
    b.release();
    a.release();
    assertThat(granted).containsExactly("a60", "c60");
    assertThat(budget.usedBytes()).isEqualTo(60);
  }

  @Test
  void onlySoManyWait() {
    reserve("a", 60);
    for (int i = 0; i < 3; i++) {
      reserve("b", 60);
    }
    assertThat(budget.reserve("b", 60, () -> {})).isNull();
  }

  @Test
  void nothingIsLostAndNothingIsExceeded() {
    Random random = new Random(7);
    List<Place> places = new ArrayList<>();
    AtomicLong grants = new AtomicLong();
    for (int step = 0; step < 20_000; step++) {
      if (random.nextBoolean()) {
        Place place =
            budget.reserve(
                "t" + random.nextInt(5), 1 + random.nextInt(60), grants::incrementAndGet);
        if (place != null) {
          places.add(place);
        }
      } else if (!places.isEmpty()) {
        places.remove(random.nextInt(places.size())).release();
      }
      assertThat(budget.usedBytes()).isBetween(0L, 100L);
    }
    places.forEach(Place::release);
    assertThat(grants.get()).isPositive();
    assertThat(budget.usedBytes()).isZero();
    assertThat(budget.waiting()).isZero();
  }
}
