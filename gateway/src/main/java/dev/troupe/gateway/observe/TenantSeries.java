package dev.troupe.gateway.observe;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counters of many tenants as few series: one for each of the busiest tenants and {@link #REST} for
 * all others together, so that the number of tenants does not decide the size of a scrape.
 *
 * <p>No series ever goes down while it exists. A tenant that gets a series of its own begins at 0;
 * what it did before stays with the rest. It keeps the series until it is deleted.
 */
final class TenantSeries {
  /** Name of the series of all others; no tenant can be named so. */
  static final String REST = "_rest";

  private final int most;
  private final int width;
  private final int rankBy;
  private final Map<String, long[]> rows = new TreeMap<>();
  private final long[] total;
  private Map<String, long[]> last = new HashMap<>();

  /**
   * Series without a tenant.
   *
   * @param most tenants with a series of their own
   * @param width counters of each tenant
   * @param rankBy the counter that tells how busy a tenant is
   */
  TenantSeries(int most, int width, int rankBy) {
    this.most = most;
    this.width = width;
    this.rankBy = rankBy;
    total = new long[width];
    rows.put(REST, new long[width]);
  }

  /** Takes the counters of all tenants that exist; arrays are kept and must not change. */
  void advance(Map<String, long[]> now) {
    rows.keySet().removeIf(tenant -> !tenant.equals(REST) && !now.containsKey(tenant));
    Map<String, long[]> grown = new HashMap<>();
    now.forEach((tenant, counters) -> grown.put(tenant, growth(last.get(tenant), counters)));
    admit(grown);
    grown.forEach((tenant, growth) -> {
      add(growth, total);
      add(growth, row(tenant));
    });
    last = new HashMap<>(now);
  }

  private long[] growth(long @Nullable [] before, long[] now) {
    long[] growth = now.clone();
    for (int i = 0; i < width && before != null; i++) {
      // Less than before: the tenant was deleted and made again.
      growth[i] = now[i] >= before[i] ? now[i] - before[i] : now[i];
    }
    return growth;
  }

  private void admit(Map<String, long[]> grown) {
    List<String> busy = new ArrayList<>();
    grown.forEach((tenant, growth) -> {
      if (!rows.containsKey(tenant) && growth[rankBy] > 0) {
        busy.add(tenant);
      }
    });
    Comparator<String> byGrowth = Comparator.comparingLong(tenant -> -grown(grown, tenant));
    busy.sort(byGrowth.thenComparing(Comparator.naturalOrder()));
    int free = Math.max(0, most + 1 - rows.size());
    for (String tenant : busy.subList(0, Math.min(busy.size(), free))) {
      rows.put(tenant, new long[width]);
    }
  }

  private long grown(Map<String, long[]> grown, String tenant) {
    long[] growth = grown.get(tenant);
    return growth == null ? 0 : growth[rankBy];
  }

  private long[] row(String tenant) {
    long[] own = rows.get(tenant);
    long[] rest = rows.get(REST);
    if (rest == null) {
      throw new IllegalStateException("the series of the rest is always there");
    }
    return own == null ? rest : own;
  }

  private void add(long[] growth, long[] sum) {
    for (int i = 0; i < width; i++) {
      sum[i] += growth[i];
    }
  }

  /** The series that a tenant's values belong to. */
  String seriesOf(String tenant) {
    return rows.containsKey(tenant) ? tenant : REST;
  }

  /** Names of the series, in their order. */
  Set<String> names() {
    return rows.keySet();
  }

  /** A counter of a series. */
  long counter(String name, int index) {
    return row(name)[index];
  }

  /** A counter of all tenants, deleted ones included. */
  long total(int index) {
    return total[index];
  }
}
