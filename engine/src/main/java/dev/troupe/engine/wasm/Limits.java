package dev.troupe.engine.wasm;

import org.jspecify.annotations.Nullable;

/**
 * The size range of a memory (in pages) or table (in entries), section 2.3.11.
 *
 * @param min initial size; unsigned
 * @param max largest size, unsigned, or null when the module names none
 * @param is64 whether addresses and sizes are 64-bit (memory64)
 */
public record Limits(long min, @Nullable Long max, boolean is64) {
  /** 32-bit limits without a maximum. */
  public static Limits atLeast(long min) {
    return new Limits(min, null, false);
  }

  /** 32-bit limits with a maximum. */
  public static Limits between(long min, long max) {
    return new Limits(min, max, false);
  }

  /** The maximum, or {@code otherwise} when the module names none. */
  public long maxOr(long otherwise) {
    return max == null ? otherwise : max;
  }

  /** The type of indexes and sizes: {@code i32}, or {@code i64} with memory64. */
  public NumType addressType() {
    return is64 ? NumType.I64 : NumType.I32;
  }

  /** Text format, for example {@code 1 2} or {@code i64 1}. */
  public String text() {
    return (is64 ? "i64 " : "")
        + Long.toUnsignedString(min)
        + (max == null ? "" : " " + Long.toUnsignedString(max));
  }
}
