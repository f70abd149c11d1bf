package dev.troupe.load.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The scenarios that come with the program, and the modules they deploy. */
public final class Library {
  /** Names of the scenarios, in the order in which people should meet them. */
  public static final List<String> NAMES =
      List.of(
          "echo",
          "cpu-mix",
          "cold-start-storm",
          "parked-10000",
          "greedy-neighbour",
          "memory-hog",
          "slow-reader",
          "cancel-storm",
          "deploy-under-load",
          "overload-2x",
          "zipf-1000",
          "server-restart",
          "soak");

  private Library() {}

  /**
   * Reads a scenario by name, or from a file.
   *
   * @param nameOrFile one of {@link #NAMES}, or a path
   * @param settings {@code key=value}, overriding what is written
   * @param brief whether to take the shortened form
   */
  public static Scenario scenario(String nameOrFile, List<String> settings, boolean brief)
      throws ScenarioException {
    if (NAMES.contains(nameOrFile)) {
      try {
        String text = resource("scenarios/" + nameOrFile + ".conf");
        return ScenarioReader.read(nameOrFile, text, Path.of(""), settings, brief);
      } catch (IOException e) {
        throw new ScenarioException("the jar is damaged: " + e.getMessage());
      }
    }
    Path file = Path.of(nameOrFile);
    try {
      String text = Files.readString(file);
      String name = file.toAbsolutePath().getFileName().toString().replaceAll("\\.[^.]*$", "");
      Path folder = file.toAbsolutePath().resolveSibling("");
      return ScenarioReader.read(name, text, folder, settings, brief);
    } catch (IOException e) {
      throw new ScenarioException(
          "there is no scenario and no file '"
              + nameOrFile
              + "'; scenarios are "
              + String.join(", ", NAMES));
    }
  }

  /** The text of a module that comes with the program. */
  public static String function(String file) throws IOException {
    return resource("functions/" + file);
  }

  private static String resource(String path) throws IOException {
    try (InputStream in = Library.class.getResourceAsStream("/dev/troupe/load/" + path)) {
      if (in == null) {
        throw new IOException("no resource " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
