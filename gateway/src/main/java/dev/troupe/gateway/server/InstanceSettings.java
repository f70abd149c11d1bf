package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;
import java.time.Duration;

/**
 * How long instances live, and when memory is taken back from those that do nothing.
 *
 * @param calls calls that one instance may serve
 * @param idlePerVersion instances kept for the next call, of each version
 * @param idleTimeout how long they are kept
 * @param maxResidentBytes resident memory of the process from which on idle memory is given back; 0
 *     for no such bound
 * @param maxGroupPart part of the control group's limit from which on it is, 0 to 1; 0 for never
 */
record InstanceSettings(
    int calls,
    int idlePerVersion,
    Duration idleTimeout,
    long maxResidentBytes,
    double maxGroupPart) {

  static InstanceSettings of(Config config) throws BadConfigException {
    InstanceSettings settings =
        new InstanceSettings(
            config.getInt("instances.calls"),
            config.getInt("instances.idle"),
            config.getDuration("instances.idle-timeout"),
            config.getBytes("instances.max-resident"),
            config.getDouble("instances.max-group-part"));
    require(settings.calls >= 1, "instances.calls", settings.calls, "at least 1");
    require(settings.idlePerVersion >= 0, "instances.idle", settings.idlePerVersion, "0 or more");
    require(
        settings.idleTimeout.compareTo(Duration.ofMillis(100)) >= 0,
        "instances.idle-timeout",
        settings.idleTimeout,
        "at least 100 ms");
    require(
        settings.maxGroupPart >= 0 && settings.maxGroupPart <= 1,
        "instances.max-group-part",
        settings.maxGroupPart,
        "0 to 1");
    return settings;
  }

  private static void require(boolean good, String setting, Object value, String expected)
      throws BadConfigException {
    if (!good) {
      throw new BadConfigException(
          "setting " + setting + " is " + value + ", allowed: " + expected);
    }
  }
}
