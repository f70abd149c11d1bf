package dev.troupe.actors.admission;

import java.util.Arrays;
import java.util.StringJoiner;

/**
 * What one level says of each {@link Quota}: a number in the quota's unit, or nothing. Immutable.
 */
public final class Limits {
  /** The value of a quota that is not limited. */
  public static final long NONE = Long.MAX_VALUE;

  /** No limits at all. */
  public static final Limits EMPTY = new Limits(empty());

  // Used by ordinal on the way of every call.
  private static final Quota[] QUOTAS = Quota.values();

  private final long[] values;

  private Limits(long[] values) {
    this.values = values;
  }

  private static long[] empty() {
    long[] none = new long[Quota.values().length];
    Arrays.fill(none, NONE);
    return none;
  }

  /** The value, or {@link #NONE}. */
  public long get(Quota quota) {
    return values[quota.ordinal()];
  }

  /** Whether the quota is limited. */
  public boolean has(Quota quota) {
    return get(quota) != NONE;
  }

  /**
   * The same with another value.
   *
   * @throws IllegalArgumentException naming quota, value and range, when the value is not allowed
   */
  public Limits with(Quota quota, long value) {
    if (!quota.allows(value)) {
      throw new IllegalArgumentException(
          "quota %s cannot be %s: %s are allowed"
              .formatted(quota.publicName(), quota.unit().describe(value), quota.range()));
    }
    return replace(quota, value);
  }

  /** The same without a limit. */
  public Limits without(Quota quota) {
    return replace(quota, NONE);
  }

  private Limits replace(Quota quota, long value) {
    if (get(quota) == value) {
      return this;
    }
    long[] changed = values.clone();
    changed[quota.ordinal()] = value;
    return new Limits(changed);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Limits limits && Arrays.equals(values, limits.values);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    StringJoiner text = new StringJoiner(", ", "{", "}");
    for (Quota quota : QUOTAS) {
      if (has(quota)) {
        text.add(quota.publicName() + "=" + quota.unit().text(get(quota)));
      }
    }
    return text.toString();
  }
}
