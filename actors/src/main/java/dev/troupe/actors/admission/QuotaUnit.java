package dev.troupe.actors.admission;

import java.math.BigDecimal;
import java.util.Locale;

/** What the numbers of a {@link Quota} count. */
public enum QuotaUnit {
  /** Things. */
  COUNT,
  /** Bytes. */
  BYTES,
  /** Units of fuel. */
  FUEL,
  /** Nanoseconds; a text says seconds. */
  SECONDS,
  /** Nanoseconds of processor time for each second; a text says seconds. */
  CPU_SECONDS_PER_SECOND,
  /** Millionths of calls for each second; a text says calls. */
  CALLS_PER_SECOND;

  private static final int NANO_DIGITS = 9;
  private static final int MICRO_DIGITS = 6;

  /** Name in the public API. */
  public String publicName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The amount as an exact decimal number of this unit, such as {@code 0.5} seconds. */
  public String text(long amount) {
    return switch (this) {
      case COUNT, BYTES, FUEL -> Long.toString(amount);
      case SECONDS, CPU_SECONDS_PER_SECOND -> decimal(amount, NANO_DIGITS);
      case CALLS_PER_SECOND -> decimal(amount, MICRO_DIGITS);
    };
  }

  /** The amount with its unit, for people. */
  public String describe(long amount) {
    return switch (this) {
      case COUNT -> text(amount);
      case BYTES -> text(amount) + " bytes";
      case FUEL -> text(amount) + " fuel";
      case SECONDS -> text(amount) + " s";
      case CPU_SECONDS_PER_SECOND -> text(amount) + " s of processor time per second";
      case CALLS_PER_SECOND -> text(amount) + " calls per second";
    };
  }

  private static String decimal(long amount, int digits) {
    if (amount == 0) {
      return "0";
    }
    return BigDecimal.valueOf(amount, digits).stripTrailingZeros().toPlainString();
  }
}
