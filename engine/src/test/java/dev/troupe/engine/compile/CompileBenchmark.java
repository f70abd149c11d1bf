package dev.troupe.engine.compile;

import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.testing.Corpora;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/**
 * How fast modules are compiled on one thread. A program, not a test: run its {@code main} on an
 * idle machine with the modules as arguments, or without any for the large ones of the corpora. It
 * compiles all of them for a while to warm up, then prints for each the least processor time of
 * several rounds, in milliseconds, the machine code made, in MB (1,000,000 bytes), their quotient,
 * and the bytes allocated on the heap for each byte of code. With {@code -Dprofile} it says
 * afterwards where the time went, with {@code -Drounds=N} how many rounds.
 */
public final class CompileBenchmark {
  private static final int ROUNDS = Integer.getInteger("rounds", 5);
  private static final long WARM_UP_NANOS = Integer.getInteger("warmup", 15) * 1_000_000_000L;
  private static final List<String> DEFAULT =
      List.of(
          "programs/real/main.go.wasm",
          "programs/real/hello-wasi.rs.wasm",
          "programs/real/javy-demo.js.javy.wasm",
          "programs/real/prism.wasm",
          "programs/sightglass/sqlite3/sqlite3.wasm",
          "programs/sightglass/tinygo/tinygo-json.wasm",
          "programs/sightglass/rust-json/benchmark.wasm",
          "programs/sightglass/pulldown-cmark/benchmark.wasm",
          "programs/sightglass/regex/benchmark.wasm");

  private static final com.sun.management.ThreadMXBean THREAD =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

  private CompileBenchmark() {}

  /** Runs the benchmark on the files {@code args}. */
  public static void main(String[] args) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String arg : args) {
      files.add(Path.of(arg));
    }
    if (files.isEmpty()) {
      DEFAULT.forEach(name -> files.add(Corpora.root().resolve(name)));
    }
    List<byte[]> modules = new ArrayList<>();
    for (Path file : files) {
      modules.add(Files.readAllBytes(file));
    }
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARM_UP_NANOS) {
      modules.forEach(CompileBenchmark::compile);
    }
    double[] best = new double[modules.size()];
    Arrays.fill(best, Double.MAX_VALUE);
    try (CompileProfile profile = CompileProfile.start(System.getProperty("profile") != null)) {
      double allCode = 0;
      double allMillis = 0;
      System.out.printf("%10s %9s %9s %8s%n", "cpu ms", "code MB", "MB/s", "heap/B");
      for (int m = 0; m < best.length; m++) {
        long code = 0;
        long heap = 0;
        for (int round = 0; round < ROUNDS; round++) {
          long allocated = THREAD.getCurrentThreadAllocatedBytes();
          long cpu = THREAD.getCurrentThreadCpuTime();
          code = compile(modules.get(m));
          best[m] = Math.min(best[m], (THREAD.getCurrentThreadCpuTime() - cpu) / 1e6);
          heap = THREAD.getCurrentThreadAllocatedBytes() - allocated;
        }
        print(best[m], code, (double) heap / code, files.get(m).getFileName().toString());
        allCode += code;
        allMillis += best[m];
      }
      print(allMillis, allCode, 0, "TOTAL");
      profile.print();
    }
  }

  private static void print(double millis, double code, double heap, String name) {
    System.out.printf(
        "%10.1f %9.3f %9.3f %8.0f  %s%n", millis, code / 1e6, code / millis / 1e3, heap, name);
  }

  /** The bytes of machine code of one module, compiled on this thread. */
  private static long compile(byte[] wasm) {
    CompileRequest request =
        new CompileRequest(
            wasm,
            WasmFeatures.DEFAULT,
            WasmLimits.DEFAULT,
            Tunables.DEFAULT,
            EnumSet.complementOf(EnumSet.of(IsaFeature.AVX512)),
            1,
            false);
    CompiledModule module = ModuleCompiler.compile(request, CompileLimits.DEFAULT, Runnable::run);
    long code = 0;
    for (int f = 0; f < module.functions().count(); f++) {
      code += module.functions().end(f) - module.functions().start(f);
    }
    return code;
  }
}
