package dev.troupe.gateway.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * What the launcher runs at build time to make the ahead-of-time caches of the command line. Every
 * process pays for all classes of its cache, so there are two: one for every command, with the
 * compiler on as many kinds of code as it is given, and one for {@code run} of what is compiled
 * already. Prints nothing of what the commands print.
 */
public final class AotTraining {
  private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

  private AotTraining() {}

  /**
   * Trains.
   *
   * @param args {@code all} or, after that, {@code run}; a folder of artifacts that {@code all}
   *     fills and {@code run} finds; a module whose start function returns; a WASI command; then,
   *     for {@code all}, any modules that compile
   */
  public static void main(String[] args) throws IOException {
    String cache = args[1];
    List<String> modules = List.of(args).subList(2, args.length);
    List<List<String>> commands = new ArrayList<>();
    for (int time = 0; time < 2; time++) {
      commands.add(List.of("run", "--cache", cache, modules.get(0)));
      commands.add(
          List.of("run", "--cache", cache, "--dir", ".::.", "--env", "PATH", modules.get(1), "c"));
    }
    if (args[0].equals("run")) {
      run(commands);
      return;
    }
    try (TemporaryFolder folder = TemporaryFolder.create("troupe-training")) {
      String out = folder.path().resolve("artifact").toString();
      commands.add(List.of("compile", modules.get(0), "-o", out));
      commands.add(List.of("run", "--no-cache", out));
      commands.add(List.of("inspect", out));
      commands.add(List.of("bench", "--json", "--rounds", "1", "--warmup", "0", modules.get(0)));
      for (String module : modules) {
        commands.add(List.of("compile", module, "-o", out));
      }
      run(commands);
    }
  }

  private static void run(List<List<String>> commands) {
    for (List<String> command : commands) {
      if (LocalMain.run(command, NOWHERE, NOWHERE) != 0) {
        System.err.println("failed in training: " + command);
      }
    }
  }
}
