package dev.troupe.engine.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.artifact.ArtifactTarget;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lets Jazzer look for bytes that break decoder, validator, text parser or artifact reader: only in
 * the profile {@code jazzer}, which has Jazzer on its class path. Seconds for each: system property
 * {@code jazzer.seconds}.
 */
class JazzerRun {
  private static final int SECONDS = Integer.getInteger("jazzer.seconds", 60);

  @ParameterizedTest
  @ValueSource(
      classes = {
        DecoderTarget.class,
        ValidatorTarget.class,
        TextTarget.class,
        ArtifactTarget.class
      })
  void nothingBreaks(Class<?> target) throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target", "jazzer", target.getSimpleName()));
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    Process jazzer =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+EnableDynamicAgentLoading",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    absolute(classPath),
                    "com.code_intelligence.jazzer.Jazzer",
                    "--target_class=" + target.getName(),
                    "--instrumentation_includes=dev.troupe.engine.**",
                    "-max_total_time=" + SECONDS,
                    "-max_len=4096"))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertThat(jazzer.waitFor()).as("see " + folder.resolve("log")).isZero();
  }

  private static String absolute(String classPath) {
    return String.join(
        File.pathSeparator,
        List.of(classPath.split(File.pathSeparator)).stream()
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }
}
