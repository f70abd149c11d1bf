package dev.troupe.benchmarks;

import static java.util.Objects.requireNonNull;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Instance;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.pooling.MemoryPool;
import dev.troupe.pooling.PoolConfig;
import dev.troupe.pooling.StackPool;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What it costs to make a store, instantiate a module in it and drop both: pooled and on demand,
 * for a module with one page of memory and one that also has data and a table. Pooled is expected
 * to be at most 5 us, because affinity leaves nothing to map and the reset writes 64 KiB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InstantiationBenchmark {
  private static final int SLOTS = 16;

  /** Where memories and stacks come from. */
  public enum Allocator {
    /** Slots that are used again. */
    POOLED,
    /** A mapping for each. */
    ON_DEMAND
  }

  /** The modules. */
  public enum Guest {
    /** One page. */
    SMALL("(module (memory 1) (func (export \"f\")))"),
    /** Two pages, data and a table. */
    DATA(
        "(module (memory 2) (table 100 funcref) (data (i32.const 0) \""
            + "x".repeat(50_000)
            + "\") (func (export \"f\")))");

    private final String text;

    Guest(String text) {
      this.text = text;
    }
  }

  /** Where memory comes from. */
  @Param public @Nullable Allocator allocator;

  /** What is instantiated. */
  @Param public @Nullable Guest guest;

  private final PoolConfig sizes = PoolConfig.DEFAULT.withSlots(SLOTS, SLOTS);
  private final MemoryPool memories = new MemoryPool(sizes);
  private final StackPool stacks = new StackPool(sizes);
  private @Nullable Engine engine;
  private @Nullable Module module;
  private @Nullable InstancePre<String> linked;

  /** Compiles and links. */
  @Setup
  public void open() {
    EngineConfig.Builder config = EngineConfig.builder();
    if (allocator == Allocator.POOLED) {
      config.memoryAllocator(memories).stackAllocator(stacks);
    }
    engine = Engine.create(config.build());
    module = Module.fromText(engine, requireNonNull(guest).text);
    linked = Linker.<String>create(engine).instantiatePre(module);
  }

  /** Releases all. */
  @TearDown
  public void close() {
    requireNonNull(module).close();
    requireNonNull(engine).close();
    memories.close();
    stacks.close();
  }

  /** A store, an instance, and back. */
  @Benchmark
  public void instantiate(Blackhole hole) {
    try (Store<String> store = Store.create(requireNonNull(engine), "")) {
      Instance instance = requireNonNull(linked).instantiate(store);
      hole.consume(instance);
    }
  }
}
