package dev.troupe.actors.port;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a WASI program finds when it runs, and what it may use of it in one call.
 *
 * @param arguments behind the program's name
 * @param environment by name
 * @param scratchBytes size of its directory in memory; 0 for none
 * @param openFiles descriptors open at once
 * @param writtenBytes what one call may write to files and streams
 */
public record ProgramSettings(
    List<String> arguments,
    SortedMap<String, String> environment,
    long scratchBytes,
    int openFiles,
    long writtenBytes) {

  /** Most arguments and variables together. */
  public static final int MOST_STRINGS = 1024;

  /** Most bytes of arguments and variables together, the zeros behind them included. */
  public static final int MOST_STRING_BYTES = 128 << 10;

  /** Largest scratch directory. */
  public static final long MOST_SCRATCH_BYTES = 1L << 30;

  /** Descriptors that are open at the beginning. */
  public static final int LEAST_OPEN_FILES = 6;

  /** Most descriptors. */
  public static final int MOST_OPEN_FILES = 1024;

  /** Those of a function that names none. */
  public static final ProgramSettings DEFAULT =
      new ProgramSettings(List.of(), new TreeMap<>(), 16 << 20, 64, Long.MAX_VALUE);

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException when something is out of bounds; the message says what
   */
  public ProgramSettings {
    arguments = List.copyOf(arguments);
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
    checkStrings(arguments, environment);
    check(
        scratchBytes >= 0 && scratchBytes <= MOST_SCRATCH_BYTES,
        "scratch_bytes must be 0 to " + MOST_SCRATCH_BYTES);
    check(
        openFiles >= LEAST_OPEN_FILES && openFiles <= MOST_OPEN_FILES,
        "open_files must be " + LEAST_OPEN_FILES + " to " + MOST_OPEN_FILES);
    check(writtenBytes >= 0, "written_bytes must not be negative");
  }

  private static void checkStrings(List<String> arguments, Map<String, String> environment) {
    check(
        arguments.size() + environment.size() <= MOST_STRINGS,
        "there must be at most " + MOST_STRINGS + " arguments and variables");
    long bytes = 0;
    for (String argument : arguments) {
      check(argument.indexOf(0) < 0, "an argument must not contain a zero byte");
      bytes += utf8Bytes(argument) + 1;
    }
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      check(
          !name.isEmpty() && name.indexOf('=') < 0 && name.indexOf(0) < 0,
          "a variable must have a name without '=' and zero bytes");
      check(variable.getValue().indexOf(0) < 0, "a variable must not contain a zero byte");
      bytes += utf8Bytes(name) + utf8Bytes(variable.getValue()) + 2;
    }
    check(
        bytes <= MOST_STRING_BYTES,
        "arguments and variables must have at most " + MOST_STRING_BYTES + " bytes together");
  }

  private static long utf8Bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
  }

  private static void check(boolean good, String message) {
    if (!good) {
      throw new IllegalArgumentException(message);
    }
  }
}
