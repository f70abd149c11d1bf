package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;
import java.time.Duration;

/** Reads settings and says what is allowed when one is not. Paths are below {@code troupe}. */
final class Checks {
  private Checks() {}

  static void require(boolean good, String setting, Object value, String expected)
      throws BadConfigException {
    if (!good) {
      throw new BadConfigException(
          "setting " + setting + " is " + value + ", allowed: " + expected);
    }
  }

  /** A number between {@code least} and {@code most}. */
  static int integer(Config config, String path, int least, int most) throws BadConfigException {
    int value = config.getInt(path);
    require(value >= least && value <= most, path, value, least + " to " + most);
    return value;
  }

  /** A number of bytes that fits an {@code int}, between {@code least} and {@code most}. */
  static int bytes(Config config, String path, int least, int most) throws BadConfigException {
    return (int) longBytes(config, path, least, most);
  }

  /** A number of bytes between {@code least} and {@code most}. */
  static long longBytes(Config config, String path, long least, long most)
      throws BadConfigException {
    long value = config.getBytes(path);
    require(
        value >= least && value <= most, path, value + " bytes", least + " to " + most + " bytes");
    return value;
  }

  /** A duration of at least {@code least}. */
  static Duration duration(Config config, String path, Duration least) throws BadConfigException {
    Duration value = config.getDuration(path);
    require(
        value.compareTo(least) >= 0,
        path,
        value,
        least.isZero() ? "not negative" : "at least " + least.toMillis() + " ms");
    return value;
  }
}
