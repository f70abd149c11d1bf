package dev.troupe.gateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Few series for many tenants, none of which ever goes down. */
class TenantSeriesTest {
  private final TenantSeries series = new TenantSeries(2, 1, 0);

  private void advance(Object... tenantsAndCounts) {
    Map<String, long[]> now = new HashMap<>();
    for (int i = 0; i < tenantsAndCounts.length; i += 2) {
      now.put((String) tenantsAndCounts[i], new long[] {(int) tenantsAndCounts[i + 1]});
    }
    series.advance(now);
  }

  @Test
  void busiestTenantsGetSeriesAndTheOthersAreAddedUp() {
    advance("a", 5, "b", 1, "c", 7, "d", 0);
    assertThat(series.names()).containsExactly("_rest", "a", "c");
    assertThat(series.counter("a", 0)).isEqualTo(5);
    assertThat(series.counter("_rest", 0)).isEqualTo(1);
    assertThat(series.total(0)).isEqualTo(13);
    // One that becomes busier later does not push anybody out: series would break off.
    advance("a", 5, "b", 100, "c", 7, "d", 0);
    assertThat(series.names()).containsExactly("_rest", "a", "c");
    assertThat(series.counter("_rest", 0)).isEqualTo(100);
    assertThat(series.seriesOf("b")).isEqualTo("_rest");
  }

  @Test
  void deletedTenantsMakeRoomAndWhatTheyDidStays() {
    advance("a", 5, "c", 7);
    advance("c", 9, "e", 4);
    assertThat(series.names()).containsExactly("_rest", "c", "e");
    assertThat(series.total(0)).isEqualTo(5 + 9 + 4);
    advance("a", 2, "c", 9, "e", 4);
    assertThat(series.counter("_rest", 0)).isEqualTo(2);
  }

  @Test
  void tenantMadeAgainBeginsAnew() {
    advance("a", 50);
    advance("a", 3);
    assertThat(series.counter("a", 0)).isEqualTo(53);
  }

  @Test
  void seriesNeverGoDown() {
    Random random = new Random(11);
    TenantSeries many = new TenantSeries(5, 1, 0);
    Map<String, long[]> now = new HashMap<>();
    Map<String, Long> seen = new TreeMap<>();
    for (int step = 0; step < 2000; step++) {
      String tenant = "t" + random.nextInt(20);
      if (random.nextInt(10) == 0) {
        now.remove(tenant);
      } else {
        now.merge(
            tenant,
            new long[] {random.nextInt(100)},
            (before, more) -> new long[] {before[0] + more[0]});
      }
      many.advance(new HashMap<>(now));
      assertThat(many.names()).hasSizeLessThanOrEqualTo(6);
      seen.keySet().retainAll(many.names());
      for (String name : many.names()) {
        long value = many.counter(name, 0);
        assertThat(value).isGreaterThanOrEqualTo(seen.getOrDefault(name, 0L));
        seen.put(name, value);
      }
    }
  }
}
