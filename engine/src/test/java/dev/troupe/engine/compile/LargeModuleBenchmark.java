package dev.troupe.engine.compile;

import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Random;

/**
 * Not a test: compiles a generated module of 20,000 functions and 30 MB, as large as those of other
 * toolchains, and prints time, throughput and the most memory that the process had resident. Run it
 * with {@code -Xmx1500m}; the bar is 2 GiB in all.
 */
public final class LargeModuleBenchmark {
  private static final int FUNCTIONS = 20_000;
  private static final int BODY_BYTES = 1550;
  private static final int LOCALS = 8;
  private static final byte[] PREAMBLE = {0, 'a', 's', 'm', 1, 0, 0, 0};

  private LargeModuleBenchmark() {}

  /** Measures once. */
  public static void main(String[] args) throws IOException {
    byte[] wasm = module(new Random(1));
    System.out.printf("module: %d functions, %.1f MB%n", FUNCTIONS, wasm.length / 1e6);
    CompileRequest request =
        new CompileRequest(
            wasm,
            WasmFeatures.DEFAULT,
            WasmLimits.DEFAULT,
            Tunables.DEFAULT,
            EnumSet.complementOf(EnumSet.of(IsaFeature.AVX512)),
            Runtime.getRuntime().availableProcessors(),
            false);
    long start = System.nanoTime();
    CompileLimits limits =
        CompileLimits.DEFAULT.within(Duration.ofMinutes(20), Duration.ofMinutes(20));
    long code =
        ModuleCompiler.compile(request, limits, task -> Thread.ofPlatform().daemon().start(task))
            .text()
            .byteSize();
    double seconds = (System.nanoTime() - start) / 1e9;
    System.out.printf(
        "compiled in %.1f s, %.1f s of processor: %.2f MB/s, %.1f MB of code%n",
        seconds, cpuSeconds(), wasm.length / 1e6 / seconds, code / 1e6);
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmHWM")) {
        System.out.println(line);
      }
    }
  }

  private static double cpuSeconds() {
    return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }

  private static byte[] module(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(PREAMBLE);
    section(out, 1, bytes(1, 0x60, 1, 0x7F, 1, 0x7F));
    ByteArrayOutputStream types = new ByteArrayOutputStream();
    number(types, FUNCTIONS);
    for (int i = 0; i < FUNCTIONS; i++) {
      types.write(0);
    }
    section(out, 3, types);
    section(out, 5, bytes(1, 0, 16));
    ByteArrayOutputStream exports = bytes(1, 3, 'r', 'u', 'n', 0);
    number(exports, FUNCTIONS - 1);
    section(out, 7, exports);
    ByteArrayOutputStream code = new ByteArrayOutputStream();
    number(code, FUNCTIONS);
    for (int i = 0; i < FUNCTIONS; i++) {
      ByteArrayOutputStream body = body(random, i);
      number(code, body.size());
      code.writeBytes(body.toByteArray());
    }
    section(out, 10, code);
    return out.toByteArray();
  }

  /** Arithmetic, loads and stores, branches and calls of functions before. */
  private static ByteArrayOutputStream body(Random random, int index) {
    ByteArrayOutputStream body = bytes(1, LOCALS - 1, 0x7F);
    int[] operations = {0x6A, 0x6B, 0x6C, 0x71, 0x72, 0x73, 0x74, 0x76, 0x46, 0x48};
    while (body.size() < BODY_BYTES) {
      int a = random.nextInt(LOCALS);
      int b = random.nextInt(LOCALS);
      int c = random.nextInt(LOCALS);
      switch (random.nextInt(12)) {
        case 0 -> body.writeBytes(new byte[] {0x20, (byte) a, 0x41, 0x3F, 0x71, 0x28, 2, 8, 0x21});
        case 1 -> {
          body.writeBytes(
              new byte[] {0x20, (byte) a, 0x41, 0x3F, 0x71, 0x20, (byte) b, 0x36, 2, 4});
          continue;
        }
        case 2 -> {
          // if (local a) { local c = local b }
          body.writeBytes(
              new byte[] {0x20, (byte) a, 0x04, 0x40, 0x20, (byte) b, 0x21, (byte) c, 0x0B});
          continue;
        }
        default -> {
          int operation = operations[random.nextInt(operations.length)];
          body.writeBytes(new byte[] {0x20, (byte) a, 0x20, (byte) b, (byte) operation, 0x21});
        }
      }
      body.write(c);
      if (index > 0 && random.nextInt(60) == 0) {
        // if (0) call: in the code, but never run.
        body.writeBytes(new byte[] {0x41, 0, 0x04, 0x40, 0x20, (byte) a, 0x10});
        number(body, random.nextInt(index));
        body.writeBytes(new byte[] {0x21, (byte) b, 0x0B});
      }
    }
    body.writeBytes(new byte[] {0x20, 0, 0x0B});
    return body;
  }

  private static ByteArrayOutputStream bytes(int... values) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int value : values) {
      out.write(value);
    }
    return out;
  }

  private static void section(ByteArrayOutputStream out, int id, ByteArrayOutputStream contents) {
    out.write(id);
    number(out, contents.size());
    out.writeBytes(contents.toByteArray());
  }

  private static void number(ByteArrayOutputStream out, int value) {
    int left = value;
    for (; left >>> 7 != 0; left >>>= 7) {
      out.write(left & 0x7F | 0x80);
    }
    out.write(left);
  }
}
