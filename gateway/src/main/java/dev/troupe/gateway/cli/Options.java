package dev.troupe.gateway.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A command line taken apart: options first, then operands. What follows the first operand is never
 * an option when the command passes arguments on to a guest.
 */
final class Options {
  private static final double MOST_SECONDS = 1e6;

  private final Map<String, List<String>> values = new HashMap<>();
  private final List<String> operands = new ArrayList<>();

  private Options() {}

  /**
   * Takes arguments apart.
   *
   * @param flags options without a value
   * @param valued options with a value, as {@code --name VALUE} or {@code --name=VALUE}
   * @param passesArguments whether everything behind the first operand belongs to the guest
   */
  static Options parse(
      List<String> args, Set<String> flags, Set<String> valued, boolean passesArguments)
      throws UsageException {
    Options options = new Options();
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      boolean guestArgument = passesArguments && !options.operands.isEmpty();
      if (guestArgument || !arg.startsWith("-") || arg.equals("-")) {
        options.operands.add(arg);
        continue;
      }
      if (arg.equals("--")) {
        options.operands.addAll(args.subList(i + 1, args.size()));
        break;
      }
      int equals = arg.indexOf('=');
      String name = equals < 0 ? arg : arg.substring(0, equals);
      if (flags.contains(name) && equals < 0) {
        options.add(name, "");
      } else if (valued.contains(name)) {
        if (equals < 0 && i + 1 == args.size()) {
          throw new UsageException(name + " needs a value");
        }
        options.add(name, equals < 0 ? args.get(++i) : arg.substring(equals + 1));
      } else {
        throw new UsageException("unknown option " + arg + "; --help shows all options");
      }
    }
    return options;
  }

  private void add(String name, String value) {
    values.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  /** The last value given. */
  @Nullable String value(String name) {
    List<String> given = values(name);
    return given.isEmpty() ? null : given.getLast();
  }

  /** All values given, in order. */
  List<String> values(String name) {
    return values.getOrDefault(name, List.of());
  }

  List<String> operands() {
    return operands;
  }

  /** A whole number that is not negative, or the default. */
  long number(String name, long absent) throws UsageException {
    String text = value(name);
    if (text == null) {
      return absent;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new UsageException(name + " takes a whole number, not '" + text + "'");
  }

  /** A whole number that fits an int, or the default. */
  int count(String name, int absent) throws UsageException {
    long number = number(name, absent);
    if (number > Integer.MAX_VALUE) {
      throw new UsageException(name + " takes a number up to " + Integer.MAX_VALUE);
    }
    return (int) number;
  }

  /** An amount of bytes such as 65536, 64KiB or 1GiB, or the default. */
  long bytes(String name, long absent) throws UsageException {
    String text = value(name);
    if (text == null) {
      return absent;
    }
    String[] units = {"KiB", "MiB", "GiB", "KB", "MB", "GB", "B", ""};
    long[] bytes = {1L << 10, 1L << 20, 1L << 30, 1_000, 1_000_000, 1_000_000_000, 1, 1};
    for (int i = 0; i < units.length; i++) {
      String digits =
          text.endsWith(units[i]) ? text.substring(0, text.length() - units[i].length()) : "";
      if (isNumber(digits)) {
        return Math.multiplyExact(Long.parseLong(digits), bytes[i]);
      }
    }
    throw new UsageException(name + " takes bytes such as 65536 or 64MiB, not '" + text + "'");
  }

  /** Few enough digits that a unit does not lead out of a long. */
  private static boolean isNumber(String digits) {
    return !digits.isEmpty() && digits.length() < 10 && digits.chars().allMatch(Character::isDigit);
  }

  /** Seconds, possibly with a fraction, in nanoseconds, or the default. */
  long secondsAsNanos(String name, long absent) throws UsageException {
    String text = value(name);
    if (text == null) {
      return absent;
    }
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && seconds <= MOST_SECONDS) {
        return Math.round(seconds * 1e9);
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new UsageException(name + " takes seconds such as 2 or 0.5, not '" + text + "'");
  }

  /** A duration such as 500ms, 10s or 2m in nanoseconds, or the default. */
  long durationNanos(String name, long absent) throws UsageException {
    String text = value(name);
    if (text == null) {
      return absent;
    }
    String[] units = {"us", "ms", "s", "m"};
    long[] nanos = {1_000L, 1_000_000L, 1_000_000_000L, 60_000_000_000L};
    for (int i = 0; i < units.length; i++) {
      String digits =
          text.endsWith(units[i]) ? text.substring(0, text.length() - units[i].length()) : "";
      if (isNumber(digits)) {
        return Math.multiplyExact(Long.parseLong(digits), nanos[i]);
      }
    }
    throw new UsageException(
        name + " takes a duration such as 500ms, 10s or 2m, not '" + text + "'");
  }
}
