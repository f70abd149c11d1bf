package dev.troupe.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A short run with the same seeds every time, and every case that was once a finding. Longer runs
 * are {@code ./troupe fuzz}.
 */
class FuzzTest {
  private static final int MODULES = 150;
  private static final long FIRST_SEED = 77_000;
  private static final Path KEPT = Path.of("src/test/resources/fuzz");
  private static final Path FINDINGS = Path.of("target/fuzz");

  @Test
  void enginesAgreeOnGeneratedModules() {
    try (Fuzzer fuzzer = new Fuzzer(Subjects.foreign(V8.find()), FINDINGS)) {
      for (long seed = FIRST_SEED; seed < FIRST_SEED + MODULES; seed++) {
        fuzzer.generated(seed, 2);
      }
      fuzzer.finish();
      System.err.println(fuzzer.report());
      assertThat(fuzzer.found()).isEmpty();
      assertThat(fuzzer.executions()).isGreaterThanOrEqualTo(MODULES * 3L);
    }
  }

  @Test
  void enginesAgreeOnWhatWasOnceFound() throws IOException {
    try (Fuzzer fuzzer = new Fuzzer(Subjects.foreign(V8.find()), FINDINGS);
        Stream<Path> files = Files.list(KEPT)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".wat")).sorted().toList()) {
        fuzzer.kept(KeptCase.read(file), file.getFileName().toString());
      }
      assertThat(fuzzer.found()).isEmpty();
    }
  }

  /** A comparison that finds nothing is worth something only when it can find something. */
  @Test
  void aDifferenceIsFoundMadeSmallAndKept() throws IOException {
    Subject wrong =
        new Subject() {
          private final Subject oracle = new OracleSubject();

          @Override
          public String name() {
            return "wrong";
          }

          @Override
          public List<String> run(FuzzCase fuzzCase) {
            // Every multiplication is wrong.
            boolean multiplies = Opcodes.in(fuzzCase).stream().anyMatch(Opcodes.MULTIPLIES);
            return oracle.run(fuzzCase).stream()
                .map(line -> multiplies ? line + "?" : line)
                .toList();
          }

          @Override
          public void close() {}
        };
    try (Fuzzer fuzzer = new Fuzzer(List.of(wrong), FINDINGS)) {
      for (long seed = 0; fuzzer.found().isEmpty(); seed++) {
        fuzzer.generated(seed, 0);
        fuzzer.finish();
      }
      String found = fuzzer.found().getFirst();
      assertThat(found).contains("wrong");
      FuzzCase small = KeptCase.read(Path.of(found.substring(found.indexOf("; see ") + 6)));
      assertThat(Opcodes.in(small)).anyMatch(Opcodes.MULTIPLIES);
      int instructions = Opcodes.count(small);
      assertThat(instructions).as(found).isLessThan(60);
    }
  }
}
