package dev.troupe.gateway.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What the launcher runs once, at build time, to make the ahead-of-time cache of the command line:
 * every command, with a cache of artifacts that misses first and then hits, and the compiler on as
 * many kinds of code as it is given. Prints nothing of what the commands print.
 */
public final class AotTraining {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private AotTraining() {}

  /**
   * Trains.
   *
   * @param args a module whose start function returns, a WASI command, then any modules that
   *     compile
   */
  public static void main(String[] args) throws IOException {
    try (TemporaryFolder folder = TemporaryFolder.create("troupe-training")) {
      String out = folder.path().resolve("artifact").toString();
      String cache = folder.path().resolve("cache").toString();
      List<List<String>> commands = new ArrayList<>();
      for (int time = 0; time < 2; time++) {
        commands.add(List.of("run", "--cache", cache, args[0]));
        commands.add(
            List.of("run", "--cache", cache, "--dir", ".::.", "--env", "A=b", args[1], "c"));
      }
      commands.add(List.of("compile", args[0], "-o", out));
      commands.add(List.of("run", "--no-cache", out));
      commands.add(List.of("inspect", out));
      commands.add(List.of("bench", "--json", "--rounds", "1", "--warmup", "0", args[0]));
      for (String module : args) {
        commands.add(List.of("compile", module, "-o", out));
      }
      for (List<String> command : commands) {
        if (LocalMain.run(command, NOWHERE, NOWHERE) != 0) {
          System.err.println("failed in training: " + command);
        }
      }
    }
  }
}
