package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A saved artifact runs in a process whose class path has no compiler. */
class CompilerlessHostTest {
  private static final Set<String> COMPILER_PACKAGES =
      Set.of("compile", "ssa", "frontend", "backend", "regalloc");

  @TempDir private Path folder = Path.of("");

  @Test
  void artifactRunsWithoutTheCompiler() throws IOException, InterruptedException {
    String text =
        "(module (memory 1) (data (i32.const 0) \"\\07\")"
            + " (func (export \"f\") (param i32) (result i32)"
            + " (i32.div_s (i32.load8_u (i32.const 0)) (local.get 0))))";
    Path artifact = folder.resolve("f.artifact");
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text)) {
      Files.write(artifact, module.serialize());
    }
    Path classes = Path.of(location(Engine.class));
    Path reduced = folder.resolve("classes");
    copyWithoutCompiler(classes, reduced);
    assertThat(reduced.resolve("dev/troupe/engine/runtime")).exists();
    assertThat(reduced.resolve("dev/troupe/engine/compile")).doesNotExist();
    String classPath =
        String.join(
            File.pathSeparator,
            reduced.toString(),
            location(ArtifactOnlyMain.class),
            location(org.jspecify.annotations.NullMarked.class));
    assertThat(run(classPath, artifact.toString(), "f", "2"))
        .contains("[I32[value=3]]", "there is no compiler on the class path");
    assertThat(run(classPath, artifact.toString(), "f", "0"))
        .contains("TrapException: integer divide by zero");
  }

  private static String location(Class<?> of) {
    return Path.of(
            java.net.URI.create(of.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private static void copyWithoutCompiler(Path from, Path to) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(from)) {
      files = walk.filter(Files::isRegularFile).toList();
    }
    Path packages = Path.of("dev", "troupe", "engine");
    for (Path file : files) {
      Path relative = from.relativize(file);
      boolean compiler =
          relative.startsWith("META-INF")
              || (relative.startsWith(packages)
                  && COMPILER_PACKAGES.contains(relative.getName(3).toString()));
      if (!compiler) {
        Path target = to.resolve(relative.toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static String run(String classPath, String... args)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                Stream.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    classPath,
                    ArtifactOnlyMain.class.getName()),
                Stream.of(args))
            .toList();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
