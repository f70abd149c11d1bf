package dev.troupe.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs {@code ./troupe} as a user does, without building. */
final class Launcher {
  /** The repository's root. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private static final long TIMEOUT_SECONDS = 600;

  private Launcher() {}

  /**
   * What a command did.
   *
   * @param status exit status
   * @param out standard output
   * @param err standard error
   */
  record Outcome(int status, String out, String err) {
    List<String> outLines() {
      return out.lines().toList();
    }
  }

  /** Runs {@code ./troupe} with these arguments. */
  static Outcome troupe(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of(ROOT.resolve("troupe").toString()));
    command.addAll(List.of(arguments));
    return run(folder, command, Map.of());
  }

  /** Runs a command in a folder. */
  static Outcome run(Path folder, List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile("troupe", ".out");
      Path err = Files.createTempFile("troupe", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().put("TROUPE_NO_BUILD", "1");
      builder.environment().putAll(environment);
      Process process = builder.start();
      process.getOutputStream().close();
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError(
            command + " did not end: " + Files.readString(out) + Files.readString(err));
      }
      Outcome outcome =
          new Outcome(
              process.exitValue(),
              Files.readString(out, StandardCharsets.UTF_8),
              Files.readString(err, StandardCharsets.UTF_8));
      Files.delete(out);
      Files.delete(err);
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
