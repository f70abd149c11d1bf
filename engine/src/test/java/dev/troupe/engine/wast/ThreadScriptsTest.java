package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The scripts of the threads proposal. They are written for WebAssembly 1.0, which has one memory,
 * one table and 32-bit limits: what 3.0 decides otherwise is listed, with the reason, in {@code
 * spec/failures.threads.txt}, and has to fail everywhere.
 */
class ThreadScriptsTest extends CompiledScripts {
  private static final List<String> SCRIPTS = List.of("atomic", "exports", "imports", "memory");
  private static final int ASSERTIONS = 503;
  private static final WasmFeatures FEATURES = WasmFeatures.DEFAULT.with(WasmFeature.THREADS);

  @Override
  WasmFeatures features() {
    return FEATURES;
  }

  @Override
  void check(Supplier<ScriptHost<?, ?>> hosts) throws IOException {
    WastReport total =
        run(SCRIPTS.stream().map(name -> "proposals/threads/" + name + ".wast").toList(), hosts);
    Set<String> failed = new TreeSet<>();
    List<String> unexpected = new ArrayList<>();
    Set<String> expected = expectedFailures();
    for (WastReport.Failure failure : total.failures()) {
      String place = failure.file() + ":" + failure.line();
      failed.add(place);
      if (!expected.contains(place)) {
        unexpected.add(failure.toString());
      }
    }
    assertThat(unexpected).as("failing directives").isEmpty();
    assertThat(failed).as("those that must fail").isEqualTo(expected);
    assertThat(total.skipped()).isZero();
    assertThat(total.passed() + total.failed()).isEqualTo(ASSERTIONS);
  }

  private static Set<String> expectedFailures() throws IOException {
    try (var in =
        Objects.requireNonNull(
            ThreadScriptsTest.class.getResourceAsStream("/spec/failures.threads.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void interpreted() throws IOException {
    check(() -> new OracleHost(FEATURES));
    check(() -> new SsaHost(Tunables.DEFAULT, FEATURES));
    check(() -> new SsaHost(Tunables.DEFAULT.withOptimize(false), FEATURES));
  }
}
