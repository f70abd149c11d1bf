package dev.troupe.engine.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Modules that Binaryen makes of random bytes, {@code wasm-opt -ttf}: another generator's idea of
 * what modules look like. {@code TROUPE_WASM_OPT} names the script of the npm package {@code
 * binaryen}, which runs in the Node of {@code TROUPE_NODE}.
 */
final class Binaryen {
  private static final int TIMEOUT_SECONDS = 120;
  private static final List<String> FEATURES =
      List.of(
          "--enable-bulk-memory",
          "--enable-reference-types",
          "--enable-sign-ext",
          "--enable-nontrapping-float-to-int",
          "--enable-mutable-globals",
          "--enable-multivalue",
          "--enable-tail-call",
          "--enable-extended-const",
          "--enable-gc",
          "--enable-exception-handling");

  private final String node;
  private final String script;
  private final Path input;
  private final Path output;

  private Binaryen(String node, String script) throws IOException {
    this.node = node;
    this.script = script;
    this.input = Files.createTempFile("troupe-fuzz", ".bin");
    this.output = Files.createTempFile("troupe-fuzz", ".wasm");
    input.toFile().deleteOnExit();
    output.toFile().deleteOnExit();
  }

  /** The one that is installed, or null. */
  static @Nullable Binaryen find() throws IOException {
    String script = System.getenv("TROUPE_WASM_OPT");
    if (script == null || !Files.isRegularFile(Path.of(script))) {
      System.err.println("SKIPPED: modules from Binaryen: TROUPE_WASM_OPT names no script");
      return null;
    }
    return new Binaryen(System.getenv().getOrDefault("TROUPE_NODE", "node"), script);
  }

  /** The module with this seed. */
  byte[] module(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[200 + random.nextInt(4_000)];
    random.nextBytes(bytes);
    Files.write(input, bytes);
    List<String> command = new ArrayList<>(List.of(node, script, "-ttf", input.toString()));
    command.addAll(List.of("-o", output.toString(), "--emit-exnref", "--denan"));
    command.addAll(FEATURES);
    for (String feature : List.of("simd", "multimemory", "memory64")) {
      if (random.nextInt(3) == 0) {
        command.add("--enable-" + feature);
      }
    }
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(input.toFile())
            .start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("wasm-opt failed at seed " + seed + ": " + Files.readString(input));
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllBytes(output);
  }
}
