package dev.troupe.engine.compile;

import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.concurrent.atomic.LongAdder;

/**
 * Not a test: compiles a module of 20,000 functions and 30 MB, as large as those of other
 * toolchains, and prints time, throughput and the most memory that the process had resident. The
 * module is generated, or has the functions of the module given as an argument, over and over. Run
 * it with {@code -Xmx1300m}, with {@code -Drounds=N} for other than two rounds and {@code
 * -DbodyBytes=N} for shorter functions; the bars are 2 GiB in all and 1 MB of machine code per
 * second of the compiler's processor time once it is warm, in the second round.
 */
public final class LargeModuleBenchmark {
  private static final int ROUNDS = Integer.getInteger("rounds", 2);
  private static final int BODY_BYTES = Integer.getInteger("bodyBytes", LargeModules.BODY_BYTES);

  private LargeModuleBenchmark() {}

  /** Measures. */
  public static void main(String[] args) throws IOException {
    byte[] wasm =
        args.length == 0
            ? LargeModules.generated(LargeModules.FUNCTIONS, BODY_BYTES)
            : LargeModules.repeated(Files.readAllBytes(Path.of(args[0])));
    int functions =
        ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT).functionCount();
    System.out.printf("module: %d functions, %.1f MB%n", functions, wasm.length / 1e6);
    for (int round = 1; round <= ROUNDS; round++) {
      measure(wasm);
    }
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM")) {
        System.out.println(line);
      }
    }
  }

  private static void measure(byte[] wasm) {
    CompileRequest request =
        new CompileRequest(
            wasm,
            WasmFeatures.DEFAULT,
            WasmLimits.DEFAULT,
            Tunables.DEFAULT,
            EnumSet.complementOf(EnumSet.of(IsaFeature.AVX512)),
            Runtime.getRuntime().availableProcessors(),
            false);
    LongAdder compiling = new LongAdder();
    CompileLimits limits =
        CompileLimits.DEFAULT.within(Duration.ofMinutes(20), Duration.ofMinutes(20));
    long start = System.nanoTime();
    Duration before = processorTime();
    long own = cpuNanos();
    long code =
        ModuleCompiler.compile(request, limits, task -> start(task, compiling)).text().byteSize();
    compiling.add(cpuNanos() - own);
    double seconds = (System.nanoTime() - start) / 1e9;
    double compilingSeconds = compiling.sum() / 1e9;
    System.out.printf(
        "%.1f s; %.1f s of processor, %.1f s of it compiling; %.1f MB of code: %.2f MB per"
            + " second%n",
        seconds,
        processorTime().minus(before).toMillis() / 1e3,
        compilingSeconds,
        code / 1e6,
        code / 1e6 / compilingSeconds);
  }

  private static void start(Runnable task, LongAdder nanos) {
    Thread _ =
        Thread.ofPlatform()
            .daemon()
            .start(() -> {
              task.run();
              nanos.add(cpuNanos());
            });
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static Duration processorTime() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
  }
}
