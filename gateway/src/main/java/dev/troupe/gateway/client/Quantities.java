package dev.troupe.gateway.client;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import java.util.Map;

/** Amounts with units as people write them. */
final class Quantities {
  private static final Map<String, Long> BYTE_UNITS =
      Map.of(
          "", 1L,
          "B", 1L,
          "KiB", 1L << 10,
          "MiB", 1L << 20,
          "GiB", 1L << 30,
          "KB", 1_000L,
          "MB", 1_000_000L,
          "GB", 1_000_000_000L);
  private static final Map<String, Long> NANO_UNITS =
      Map.of("us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L, "m", 60_000_000_000L);

  private Quantities() {}

  /** {@code 65536}, {@code 64KiB}, {@code 1GiB}. */
  static long bytes(String text) throws ClientCommand.UsageException {
    return scaled(text, BYTE_UNITS, "an amount of bytes such as 65536 or 64MiB");
  }

  /** {@code 500ms}, {@code 10s}, {@code 2m}. */
  static Duration duration(String text) throws ClientCommand.UsageException {
    return Durations.fromNanos(scaled(text, NANO_UNITS, "a duration such as 500ms, 10s or 2m"));
  }

  private static long scaled(String text, Map<String, Long> units, String expected)
      throws ClientCommand.UsageException {
    int end = 0;
    while (end < text.length() && Character.isDigit(text.charAt(end))) {
      end++;
    }
    Long unit = units.get(text.substring(end).trim());
    try {
      if (unit != null && end > 0) {
        return Math.multiplyExact(Long.parseLong(text.substring(0, end)), unit.longValue());
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw new ClientCommand.UsageException("'" + text + "' is too large: write " + expected);
    }
    throw new ClientCommand.UsageException("'" + text + "' is not " + expected);
  }
}
