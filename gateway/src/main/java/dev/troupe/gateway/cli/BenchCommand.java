package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Module;
import dev.troupe.engine.Value;
import dev.troupe.engine.cache.ArtifactFolder;
import dev.troupe.pooling.MemoryPool;
import dev.troupe.pooling.PoolConfig;
import dev.troupe.pooling.StackPool;
import dev.troupe.wasi.WasiContext;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code troupe bench}: what each step of a module's life costs. Guests run in pooled memories with
 * the settings of a server, preemption by signals included.
 */
final class BenchCommand {
  private static final int DEFAULT_ROUNDS = 10;
  private static final long DEFAULT_WARM_UP_NANOS = 1_000_000_000;
  private static final int POOL_SLOTS = 16;
  private static final String HELP =
      """
      Usage: troupe bench [OPTIONS] FILE [ARGS]
      Measures decoding, validating, compiling, loading and instantiating a module (.wasm or .wat),
      and calls of one export. Modules that import bench.start and bench.end are timed between the
      two. A command (_start) gets a fresh instance for every round; other functions are called
      again in the same one.

        --invoke NAME    the exported function (default: _start, main, or the only one)
        --rounds N       calls to measure (default: 10); 0 measures only what precedes instances
        --warmup SECONDS call for so long before that (default: 1), for example 0.5
        --dir HOST::GUEST   a folder for a guest that imports WASI; :ro behind it to read only; may be repeated
        --env NAME=VALUE    an environment variable for it; may be repeated
        --show-output    show what it prints instead of throwing it away
        --on-demand      run in memories that are mapped for each instance, not in pooled ones
        --compiles N     compile again N times, for the cost of a warm compiler (default: 0)
        --json           one JSON object on one line
        --fuel, --epoch, --explicit, --no-spectre, --no-opt   as for troupe compile
      """
          + EngineOptions.HELP
          + """
            --verbose        show stack traces of errors

          compileNanos is the first compilation in this process, from the module's bytes to the
          artifact's: decoding and validating are part of it.\
          """;

  private final PrintStream out;

  BenchCommand(PrintStream out) {
    this.out = out;
  }

  int run(List<String> args) throws UsageException, ValueText.BadValueException, IOException {
    Options options =
        Options.parse(
            args,
            EngineOptions.flags(
                "--help",
                "--show-output",
                "--on-demand",
                "--json",
                "--verbose",
                "--fuel",
                "--epoch",
                "--explicit",
                "--no-spectre",
                "--no-opt"),
            EngineOptions.valued(
                "--invoke", "--rounds", "--warmup", "--compiles", "--dir", "--env"),
            true);
    if (options.has("--help")) {
      out.println(HELP);
      return 0;
    }
    if (options.operands().isEmpty()) {
      throw new UsageException("name a module: troupe bench FILE [ARGS]");
    }
    Report report = measure(options);
    out.println(options.has("--json") ? report.toJson() : BenchText.of(report));
    return 0;
  }

  private static Report measure(Options options)
      throws UsageException, ValueText.BadValueException, IOException {
    int rounds = options.count("--rounds", DEFAULT_ROUNDS);
    int compiles = options.count("--compiles", 0);
    byte[] wasm = ModuleFile.readBinary(Path.of(options.operands().getFirst()));
    Report report = new Report();
    try (TemporaryFolder temporary = TemporaryFolder.create("troupe-bench")) {
      ArtifactFolder folder = ArtifactFolder.open(temporary.path());
      EngineConfig.Builder config = EngineOptions.config(options);
      config.artifactKeyFile(folder.keyFile());
      try (Engine onDemand = Engine.create(config.build())) {
        CompileTimes compiled = CompileTimes.measure(onDemand, wasm, folder, compiles);
        put(report, wasm, compiled);
        if (rounds == 0) {
          report.putUnknown("instantiatePooledNanos");
          report.putUnknown("instantiateOnDemandNanos");
          report.put("runNanos", new long[0]);
          report.put("result", "");
        } else {
          run(options, rounds, config, onDemand, compiled.artifact(), report);
        }
      }
    }
    return report;
  }

  private static void run(
      Options options,
      int rounds,
      EngineConfig.Builder config,
      Engine onDemand,
      Path artifact,
      Report report)
      throws UsageException, ValueText.BadValueException, IOException {
    long warmUpNanos = options.secondsAsNanos("--warmup", DEFAULT_WARM_UP_NANOS);
    List<String> operands = options.operands();
    PoolConfig sizes = PoolConfig.DEFAULT.withSlots(POOL_SLOTS, POOL_SLOTS);
    try (MemoryPool memories = new MemoryPool(sizes);
        StackPool stacks = new StackPool(sizes);
        Engine pooled =
            Engine.create(config.memoryAllocator(memories).stackAllocator(stacks).build());
        Module inPool = Module.deserializeFile(pooled, artifact);
        Module module = Module.deserializeFile(onDemand, artifact)) {
      EntryPoint entry = EntryPoint.of(module, options.value("--invoke"));
      if (entry == null) {
        throw new UsageException("the module exports no function that could be called");
      }
      WasiContext.Builder world = world(options, module);
      List<Value> arguments =
          entry.values(entry.isCommand() ? List.of() : operands.subList(1, operands.size()));
      boolean mapped = options.has("--on-demand");
      InstancePre<BenchGuest> linked =
          mapped ? BenchGuest.link(onDemand, module) : BenchGuest.link(pooled, inPool);
      BenchRounds calls =
          new BenchRounds(mapped ? onDemand : pooled, linked, world, entry, arguments);
      long[] nanos = calls.run(rounds, warmUpNanos);
      try (BenchGuest guest = BenchGuest.create(world)) {
        report.put("instantiatePooledNanos", instantiation(pooled, inPool, guest));
        report.put("instantiateOnDemandNanos", instantiation(onDemand, module, guest));
      }
      report.put("runNanos", nanos);
      report.put("result", calls.result());
    }
  }

  private static void put(Report report, byte[] wasm, CompileTimes compiled) {
    report.put("wasmBytes", wasm.length);
    report.put("codeBytes", compiled.codeBytes());
    report.put("decodeNanos", compiled.decodeNanos());
    report.put("validateNanos", compiled.validateNanos());
    report.put("compileNanos", compiled.compileNanos());
    if (compiled.compileWarmNanos() >= 0) {
      report.put("compileWarmNanos", compiled.compileWarmNanos());
    }
    report.put("loadNanos", compiled.loadNanos());
  }

  private static Report instantiation(Engine engine, Module module, BenchGuest guest) {
    return InstantiationTimes.measure(engine, BenchGuest.link(engine, module), guest).toReport();
  }

  /** The guest's world; null when it imports none. Its output does not belong to ours. */
  private static WasiContext.@Nullable Builder world(Options options, Module module)
      throws UsageException {
    if (!WasiOptions.importsWasi(module)) {
      return null;
    }
    List<String> operands = options.operands();
    WasiContext.Builder builder =
        WasiOptions.builder(
            options, Path.of(operands.getFirst()), operands.subList(1, operands.size()));
    return options.has("--show-output") ? builder.inheritStdio() : builder;
  }
}
