package dev.troupe.actors.admission;

import java.util.Arrays;

/**
 * The limits in force: for each quota the least of platform, tenant, function and call, and which
 * of them it is. Immutable; made when a level changes, read by every call.
 */
public final class EffectiveLimits {
  /** Nobody limits anything. */
  public static final EffectiveLimits NONE = nobody();

  private static final Quota[] QUOTAS = Quota.values();

  /**
   * The limit of one quota.
   *
   * @param level who set it; of equal limits the widest, because the narrower ones change nothing
   * @param value in the quota's unit, or {@link Limits#NONE}
   */
  public record Limit(Quota quota, Level level, long value) {

    /** Whether {@code amount} is more than the limit. */
    public boolean isBelow(long amount) {
      return amount > value;
    }

    /** For people: {@code cpu_time of the tenant is 0.05 s}. */
    public String describe() {
      return "%s of the %s is %s"
          .formatted(quota.publicName(), level.publicName(), quota.unit().describe(value));
    }
  }

  private final long[] values;
  private final Level[] levels;

  private EffectiveLimits(long[] values, Level[] levels) {
    this.values = values;
    this.levels = levels;
  }

  private static EffectiveLimits nobody() {
    int quotas = Quota.values().length;
    long[] values = new long[quotas];
    Level[] levels = new Level[quotas];
    Arrays.fill(values, Limits.NONE);
    Arrays.fill(levels, Level.PLATFORM);
    return new EffectiveLimits(values, levels);
  }

  /** The least of the four. What a level may not set ({@link Quota#levels}) is not looked at. */
  public static EffectiveLimits of(Limits platform, Limits tenant, Limits function, Limits call) {
    return NONE.and(Level.PLATFORM, platform)
        .and(Level.TENANT, tenant)
        .and(Level.FUNCTION, function)
        .and(Level.CALL, call);
  }

  /** These limits, and those of one more level, which must be narrower than those before. */
  public EffectiveLimits and(Level level, Limits limits) {
    long[] lower = null;
    Level[] who = null;
    for (Quota quota : QUOTAS) {
      int index = quota.ordinal();
      if (limits.get(quota) < values[index] && quota.levels().contains(level)) {
        if (lower == null || who == null) {
          lower = values.clone();
          who = levels.clone();
        }
        lower[index] = limits.get(quota);
        who[index] = level;
      }
    }
    return lower == null || who == null ? this : new EffectiveLimits(lower, who);
  }

  /** The value in force, or {@link Limits#NONE}. */
  public long value(Quota quota) {
    return values[quota.ordinal()];
  }

  /** The limit in force and who set it. */
  public Limit limit(Quota quota) {
    return new Limit(quota, levels[quota.ordinal()], values[quota.ordinal()]);
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || other instanceof EffectiveLimits limits
            && Arrays.equals(values, limits.values)
            && Arrays.equals(levels, limits.levels);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(values) * 31 + Arrays.hashCode(levels);
  }
}
