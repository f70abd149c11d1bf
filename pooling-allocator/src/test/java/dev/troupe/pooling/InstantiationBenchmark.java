package dev.troupe.pooling;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import java.util.Arrays;
import java.util.Locale;

/**
 * What it costs to make a store, instantiate a module in it and drop both: pooled and on demand,
 * for a module with one page of memory and one that also has data.
 *
 * <p>Expected: pooled at most 5 us, because affinity leaves nothing to map and the reset writes 64
 * KiB. Run its {@code main} on an idle machine.
 */
public final class InstantiationBenchmark {
  private static final int WARM_UP = 100_000;
  private static final int SAMPLES = 100_000;
  private static final String ONE_PAGE = "(module (memory 1) (func (export \"f\")))";
  private static final String WITH_DATA =
      "(module (memory 2) (table 100 funcref) (data (i32.const 0) \""
          + "x".repeat(50_000)
          + "\") (func (export \"f\")))";

  private InstantiationBenchmark() {}

  /** Prints a line per case: p50 and p99 in nanoseconds. */
  public static void main(String[] args) {
    for (int round = 0; round < 2; round++) {
      try (MemoryPool memories = new MemoryPool(PoolConfig.DEFAULT);
          StackPool stacks = new StackPool(PoolConfig.DEFAULT)) {
        EngineConfig pooled =
            EngineConfig.builder().memoryAllocator(memories).stackAllocator(stacks).build();
        measure("pooled, one page", pooled, ONE_PAGE);
        measure("pooled, two pages, data and table", pooled, WITH_DATA);
      }
      measure("on demand, one page", EngineConfig.defaults(), ONE_PAGE);
      measure("on demand, two pages, data and table", EngineConfig.defaults(), WITH_DATA);
    }
  }

  private static void measure(String label, EngineConfig config, String wat) {
    try (Engine engine = Engine.create(config);
        Module module = Module.fromText(engine, wat)) {
      InstancePre<String> linked = Linker.<String>create(engine).instantiatePre(module);
      run(engine, linked, WARM_UP);
      long[] nanos = run(engine, linked, SAMPLES);
      Arrays.sort(nanos);
      System.out.printf(
          Locale.ROOT,
          "%-38s p50 %6d ns   p99 %6d ns%n",
          label,
          nanos[SAMPLES / 2],
          nanos[SAMPLES / 100 * 99]);
    }
  }

  private static long[] run(Engine engine, InstancePre<String> linked, int count) {
    long[] nanos = new long[count];
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      try (Store<String> store = Store.create(engine, "")) {
        var unused = linked.instantiate(store);
      }
      nanos[i] = System.nanoTime() - start;
    }
    return nanos;
  }
}
