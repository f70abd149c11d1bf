package dev.troupe.engine.wast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.testing.Corpora;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * All official scripts of WebAssembly 2.0 without vectors, through every configuration of the engine.
 *
 * <p>What a configuration cannot do yet is listed in {@code spec/failures.<configuration>.txt}, one
 * {@code file:line} each. A listed directive that passes fails the test too, so the lists only shrink.
 */
class SpecScriptsTest {
  private static final int ASSERTIONS = 25_584;

  static Stream<Arguments> configurations() {
    return Stream.of(
        configuration("oracle", OracleHost::new),
        configuration("ssa", () -> new SsaHost(Tunables.DEFAULT.withOptimize(false))),
        configuration("ssa-optimized", () -> new SsaHost(Tunables.DEFAULT)),
        configuration(
            "ssa-instrumented",
            () ->
                new SsaHost(
                    Tunables.DEFAULT.withFuel(true).withPreemption(PreemptionMode.EPOCH))));
  }

  private static Arguments configuration(String name, Supplier<ScriptHost<?, ?>> hosts) {
    return Arguments.of(name, hosts);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("configurations")
  void allScalarScriptsPass(String configuration, Supplier<ScriptHost<?, ?>> hosts)
      throws IOException {
    Path spec = Corpora.root().resolve("spec");
    WastRunner runner = new WastRunner(hosts);
    WastReport total = WastReport.EMPTY;
    for (String script : Corpora.scalarScripts()) {
      total = total.plus(runner.run(script, Files.readAllBytes(spec.resolve(script))));
    }
    Set<String> expected = expectedFailures(configuration);
    List<String> unexpected =
        total.failures().stream()
            .filter(failure -> !expected.contains(failure.file() + ":" + failure.line()))
            .map(WastReport.Failure::toString)
            .toList();
    assertThat(unexpected).as("failing directives").isEmpty();
    Set<String> passing = new TreeSet<>(expected);
    total.failures().forEach(failure -> passing.remove(failure.file() + ":" + failure.line()));
    assertThat(passing).as("listed as failing, but passing").isEmpty();
    assertThat(total.skipped()).as("skipped").isZero();
    assertThat(total.passed() + total.failed()).isEqualTo(ASSERTIONS);
  }

  private static Set<String> expectedFailures(String configuration) throws IOException {
    String name = "/spec/failures." + configuration + ".txt";
    try (InputStream in = SpecScriptsTest.class.getResourceAsStream(name)) {
      return in == null
          ? Set.of()
          : new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}
