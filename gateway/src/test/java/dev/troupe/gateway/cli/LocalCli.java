package dev.troupe.gateway.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The commands without a server, in this process, and what they print. */
final class LocalCli {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Runs a command: its exit status. What earlier ones printed is forgotten. */
  int run(String... args) {
    return run(List.of(args));
  }

  /** The same with a list. */
  int run(List<String> args) {
    out.reset();
    err.reset();
    return runAfter(args);
  }

  /** Runs a command whose output comes behind that of earlier ones. */
  int runAfter(List<String> args) {
    return LocalMain.run(
        args,
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
