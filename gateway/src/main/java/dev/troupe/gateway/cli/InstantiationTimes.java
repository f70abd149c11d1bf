package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Store;
import java.util.Arrays;

/**
 * What a fresh instance costs: a store, the instance in it, and closing the store again. Start
 * functions run.
 *
 * @param p50 median, nanoseconds
 * @param p99 nanoseconds that 99 of 100 instances need at most
 */
record InstantiationTimes(long p50, long p99) {
  private static final int MOST_SAMPLES = 20_000;
  private static final long WARM_UP_NANOS = 300_000_000;
  private static final long MEASURE_NANOS = 300_000_000;

  /**
   * Measures many instances after a warm-up; both end by the clock.
   *
   * @param data the host data of all stores
   */
  static <T> InstantiationTimes measure(Engine engine, InstancePre<T> linked, T data) {
    long[] unused = sample(engine, linked, data, WARM_UP_NANOS);
    long[] nanos = sample(engine, linked, data, MEASURE_NANOS);
    Arrays.sort(nanos);
    return new InstantiationTimes(nanos[nanos.length / 2], nanos[nanos.length * 99 / 100]);
  }

  private static <T> long[] sample(Engine engine, InstancePre<T> linked, T data, long budgetNanos) {
    long[] nanos = new long[MOST_SAMPLES];
    long begin = System.nanoTime();
    int count = 0;
    do {
      long start = System.nanoTime();
      try (Store<T> store = Store.create(engine, data)) {
        var unused = linked.instantiate(store);
      }
      nanos[count++] = System.nanoTime() - start;
    } while (count < MOST_SAMPLES && System.nanoTime() - begin < budgetNanos);
    return Arrays.copyOf(nanos, count);
  }

  Report toReport() {
    Report report = new Report();
    report.put("p50", p50);
    report.put("p99", p99);
    return report;
  }
}
