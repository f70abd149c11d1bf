package dev.troupe.engine.profile;

import dev.troupe.engine.CompiledFunction;
import dev.troupe.engine.Module;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The text file in which perf looks up names of code that belongs to no file: a line of address,
 * length and name per function, both numbers hexadecimal (tools/perf/Documentation/jit-interface).
 */
public final class PerfMap {
  private PerfMap() {}

  /** Where perf looks for the map of this process. */
  public static Path path() {
    return Path.of("/tmp/perf-" + ProcessHandle.current().pid() + ".map");
  }

  /**
   * Writes the functions of a module. The file is replaced; where others can write, too, none of
   * their links is followed.
   *
   * @throws IOException when the file cannot be written
   */
  public static void write(Module module, Path file) throws IOException {
    StringBuilder text = new StringBuilder();
    for (CompiledFunction function : module.functions()) {
      text.append(Long.toHexString(function.address()))
          .append(' ')
          .append(Integer.toHexString(function.bytes()))
          .append(' ')
          .append(oneLine(function.name()))
          .append('\n');
    }
    try (FreshFile fresh = FreshFile.create(file)) {
      fresh.append(text.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Names are the guest's: none may look like another line. */
  static String oneLine(String name) {
    StringBuilder text = new StringBuilder();
    name.codePoints().forEach(c -> text.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return text.toString();
  }
}
