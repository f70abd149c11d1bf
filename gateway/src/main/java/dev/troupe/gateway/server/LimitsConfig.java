package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import dev.troupe.actors.admission.Limits;
import dev.troupe.actors.admission.Quota;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * A block of limits in the configuration. Its keys are the names of the quotas with dashes, such as
 * {@code queue-wait} and {@code cpu.burst}; {@code none} limits nothing.
 */
final class LimitsConfig {
  private static final double MICROS = 1e6;
  private static final String NONE = "none";

  private LimitsConfig() {}

  /** The key of a quota below the block. */
  static String key(Quota quota) {
    return LimitMessages.path(quota).replace('_', '-');
  }

  /**
   * Reads the block at {@code path}.
   *
   * @throws ServerConfig.BadConfigException when a key is unknown or a value is not allowed; the
   *     message names it and says what is
   */
  static Limits read(Config config, String path) throws ServerConfig.BadConfigException {
    Config block = config.getConfig(path);
    Map<String, Quota> known = new HashMap<>();
    for (Quota quota : Quota.values()) {
      if (quota != Quota.SCHEDULER_QUEUE) {
        known.put(key(quota), quota);
      }
    }
    Limits limits = Limits.EMPTY;
    for (var entry : block.entrySet()) {
      String key = String.join(".", ConfigUtil.splitPath(entry.getKey()));
      Quota quota = known.get(key);
      if (quota == null) {
        throw new ServerConfig.BadConfigException(
            "setting "
                + path
                + "."
                + key
                + " is unknown, allowed: "
                + String.join(", ", new TreeSet<>(known.keySet())));
      }
      if (!block.getString(entry.getKey()).equals(NONE)) {
        limits = with(limits, quota, path + "." + key, value(block, entry.getKey(), quota, path));
      }
    }
    together(limits, path, Quota.RATE, Quota.RATE_BURST);
    together(limits, path, Quota.CPU_PER_SECOND, Quota.CPU_BURST);
    together(limits, path, Quota.COMPILE_PER_SECOND, Quota.COMPILE_BURST);
    return limits;
  }

  private static void together(Limits limits, String path, Quota flow, Quota burst)
      throws ServerConfig.BadConfigException {
    if (limits.has(flow) != limits.has(burst)) {
      throw new ServerConfig.BadConfigException(
          "settings "
              + path
              + "."
              + key(flow)
              + " and "
              + path
              + "."
              + key(burst)
              + " make sense only together: give both a value, or none");
    }
  }

  private static Limits with(Limits limits, Quota quota, String setting, long value)
      throws ServerConfig.BadConfigException {
    if (!quota.allows(value)) {
      throw new ServerConfig.BadConfigException(
          "setting "
              + setting
              + " is "
              + quota.unit().describe(value)
              + ", allowed: none, or "
              + quota.range());
    }
    return limits.with(quota, value);
  }

  private static long value(Config block, String key, Quota quota, String path)
      throws ServerConfig.BadConfigException {
    try {
      return switch (quota.unit()) {
        case COUNT, FUEL -> block.getLong(key);
        case BYTES -> block.getBytes(key);
        case SECONDS, CPU_SECONDS_PER_SECOND -> block.getDuration(key).toNanos();
        case CALLS_PER_SECOND -> Math.round(block.getDouble(key) * MICROS);
      };
    } catch (ConfigException | ArithmeticException e) {
      throw new ServerConfig.BadConfigException(
          "setting "
              + path
              + "."
              + key
              + " is "
              + block.getString(key)
              + ", allowed: none, or "
              + quota.range());
    }
  }
}
