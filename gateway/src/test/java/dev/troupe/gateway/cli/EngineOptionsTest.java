package dev.troupe.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features and tunables from the command line. */
class EngineOptionsTest {
  @TempDir Path folder;

  private final LocalCli cli = new LocalCli();

  private int run(String module, String... options) throws IOException {
    Path file = folder.resolve("m.wat");
    Files.writeString(file, module);
    List<String> args = new ArrayList<>(List.of("run", "--no-cache", "--invoke", "f"));
    args.addAll(List.of(options));
    args.add(file.toString());
    return cli.run(args);
  }

  @Test
  void featuresThatAreOffAreNamedAndAllowed() throws IOException {
    String wide =
        "(module (func (export \"f\") (result i64 i64)"
            + " (i64.mul_wide_u (i64.const -1) (i64.const 3))))";
    assertThat(run(wide)).isEqualTo(1);
    assertThat(cli.err())
        .contains("wide-arithmetic feature not enabled")
        .contains("--feature wide-arithmetic allows it");
    assertThat(run(wide, "--feature", "branch-hinting", "--feature", "wide-arithmetic")).isZero();
    assertThat(cli.out()).contains("-3").contains("2");
    String bytes =
        "(module (memory 10 (pagesize 1)) (func (export \"f\") (result i32) (memory.size)))";
    assertThat(run(bytes)).isEqualTo(1);
    assertThat(cli.err()).contains("--feature custom-page-sizes allows it");
    assertThat(run(bytes, "--feature", "custom-page-sizes")).isZero();
  }

  @Test
  void aWrongNameListsThoseThatAreThere() throws IOException {
    assertThat(run("(module)", "--feature", "magic")).isEqualTo(1);
    assertThat(cli.err().lines())
        .anyMatch(line -> line.contains("no feature magic"))
        .anyMatch(line -> line.strip().startsWith("legacy-exceptions: "))
        .anyMatch(line -> line.strip().startsWith("branch-hinting: "))
        .noneMatch(line -> line.strip().startsWith("simd: "));
  }

  @Test
  void deterministicVectorsAreInTheArtifact() throws IOException {
    Path module = folder.resolve("m.wat");
    Path artifact = folder.resolve("m.elf");
    Files.writeString(module, "(module)");
    String[] compile = {
      "compile",
      module.toString(),
      "-o",
      artifact.toString(),
      "--relaxed-simd-deterministic",
      "--canonical-nans",
      "--feature",
      "branch-hinting"
    };
    assertThat(cli.run(compile)).isZero();
    assertThat(cli.run("inspect", artifact.toString())).isZero();
    assertThat(cli.out())
        .containsPattern("relaxedSimdDeterministic.*true")
        .containsPattern("canonicalNans.*true")
        .contains("branch-hinting");
  }
}
