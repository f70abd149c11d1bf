package dev.troupe.pooling;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.Store;
import dev.troupe.engine.Value;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.FuncType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * What an idle and what a parked instance cost: resident memory, page tables, mappings and Java
 * heap, counted in this process. A main; prints the table of {@code docs/performance.md}.
 *
 * <pre>tj NAME dev.troupe.pooling.InstanceCosts [instances]</pre>
 */
public final class InstanceCosts {
  private static final String WAT =
      """
      (module
        (import "host" "wait" (func $wait))
        (memory (export "memory") 1)
        (data (i32.const 1024) "some initial data")
        (func (export "touch") (param i32)
          (i32.store (i32.const 4096) (local.get 0)))
        (func (export "park") (param i32) (result i32)
          (i32.store (i32.const 4096) (local.get 0))
          (call $wait)
          (i32.load (i32.const 4096))))
      """;

  /**
   * The process at one moment.
   *
   * @param residentKib {@code VmRSS}
   * @param pageTableKib {@code VmPTE}, which {@code VmRSS} leaves out
   * @param mappings lines of {@code /proc/self/maps}
   * @param heapBytes live Java objects
   */
  record Reading(long residentKib, long pageTableKib, long mappings, long heapBytes) {
    static Reading now() throws IOException {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      Runtime runtime = Runtime.getRuntime();
      try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
        return new Reading(
            status("VmRSS:"),
            status("VmPTE:"),
            maps.count(),
            runtime.totalMemory() - runtime.freeMemory());
      }
    }

    private static long status(String key) throws IOException {
      try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
        return lines
            .filter(line -> line.startsWith(key))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
      }
    }
  }

  private InstanceCosts() {}

  private static void print(String what, Reading before, Reading now, int instances) {
    System.out.printf(
        Locale.ROOT,
        "%-28s %8.1f MiB resident %7.1f MiB page tables %7d mappings;"
            + " each %6.1f KiB %5.2f KiB %5.2f %7.0f B heap%n",
        what,
        (now.residentKib - before.residentKib) / 1024.0,
        (now.pageTableKib - before.pageTableKib) / 1024.0,
        now.mappings - before.mappings,
        (double) (now.residentKib - before.residentKib) / instances,
        (double) (now.pageTableKib - before.pageTableKib) / instances,
        (double) (now.mappings - before.mappings) / instances,
        (double) (now.heapBytes - before.heapBytes) / instances);
  }

  /** Prints the table for as many instances as the first argument says, 10,000 by default. */
  public static void main(String[] arguments) throws IOException {
    int count = arguments.length == 0 ? 10_000 : Integer.parseInt(arguments[0]);
    PoolSizing sizing =
        PoolSizing.fit(PoolConfig.DEFAULT.withSlots(count, count), KernelLimits.probe());
    System.out.println(sizing.reason());
    try (MemoryPool memories = new MemoryPool(sizing.config());
        StackPool stacks = new StackPool(sizing.config());
        Engine engine =
            Engine.create(
                EngineConfig.builder().memoryAllocator(memories).stackAllocator(stacks).build());
        Module module = Module.fromBinary(engine, Wat.toBinary(WAT));
        Carrier carrier = engine.attachCarrier()) {
      List<CompletableFuture<List<Value>>> waiting = new ArrayList<>();
      Linker<String> linker = Linker.create(engine);
      linker.asyncFunc(
          "host",
          "wait",
          FuncType.of(List.of(), List.of()),
          (caller, call) -> {
            CompletableFuture<List<Value>> later = new CompletableFuture<>();
            waiting.add(later);
            return later;
          });
      run(engine, linker.instantiatePre(module), carrier, waiting, count);
    }
  }

  private static void run(
      Engine engine,
      InstancePre<String> linked,
      Carrier carrier,
      List<CompletableFuture<List<Value>>> waiting,
      int count)
      throws IOException {
    Reading before = Reading.now();
    List<Store<String>> stores = new ArrayList<>();
    List<Invocation> parked = new ArrayList<>();
    List<dev.troupe.engine.Instance> instances = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Store<String> store = Store.create(engine, "");
      stores.add(store);
      instances.add(linked.instantiate(store));
      slice(instances.get(i).func("touch").start(Value.i32(i)), carrier, SliceOutcome.DONE);
      store.trim();
    }
    print("idle, called once", before, Reading.now(), count);
    for (int i = 0; i < count; i++) {
      Invocation call = instances.get(i).func("park").start(Value.i32(i));
      slice(call, carrier, SliceOutcome.PARKED);
      parked.add(call);
    }
    print("parked in a host call", before, Reading.now(), count);
    waiting.forEach(stage -> stage.complete(List.of()));
    for (int i = 0; i < count; i++) {
      slice(parked.get(i), carrier, SliceOutcome.DONE);
      if (parked.get(i).results().getFirst().asI32() != i) {
        throw new IllegalStateException("instance " + i + " has the memory of another one");
      }
      stores.get(i).trim();
    }
    parked.clear();
    waiting.clear();
    print("idle again", before, Reading.now(), count);
    stores.forEach(Store::close);
    stores.clear();
    instances.clear();
    print("closed", before, Reading.now(), count);
  }

  private static void slice(Invocation call, Carrier carrier, SliceOutcome expected) {
    SliceOutcome outcome = call.runSlice(carrier);
    while (outcome == SliceOutcome.PREEMPTED) {
      outcome = call.runSlice(carrier);
    }
    if (outcome != expected) {
      throw new IllegalStateException("a slice ended as " + outcome + ", not " + expected);
    }
  }
}
