package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The GNU tools read artifacts without a complaint. Needs binutils; says so when there are none.
 */
final class ArtifactToolsTest {
  @TempDir
  @SuppressWarnings("NullAway") // JUnit sets it.
  Path folder;

  private String run(String... command) throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/" + command[0])),
        () -> command[0] + " is not installed: artifacts were NOT checked with it");
    Path file = Files.write(folder.resolve("module.o"), ArtifactSamples.artifact());
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.add(file.toString());
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    int exit =
        new ProcessBuilder(arguments)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    assertThat(Files.readString(err)).isEmpty();
    assertThat(exit).isZero();
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  @Test
  void readelfShowsAllSections() throws Exception {
    String output = run("readelf", "-a", "-W");
    for (ArtifactSection section : ArtifactSection.values()) {
      assertThat(output).contains(section.sectionName());
    }
  }

  @Test
  void objdumpDisassembles() throws Exception {
    assertThat(run("objdump", "-d")).contains("<wasm[1]::add>:").contains("ud2");
  }

  @Test
  void nmListsEveryFunction() throws Exception {
    String output = run("nm");
    assertThat(output).contains("wasm[1]::add").contains("wasm[2]::su?ub");
    for (int f = 3; f < ArtifactSamples.FUNCTIONS + 1; f++) {
      assertThat(output).contains(" t wasm[" + f + "]\n");
    }
  }
}
