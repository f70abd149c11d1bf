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
    double groupPart = config.getDouble("instances.max-group-part");
    Checks.require(
        groupPart >= 0 && groupPart <= 1, "instances.max-group-part", groupPart, "0 to 1");
    return new InstanceSettings(
        Checks.integer(config, "instances.calls", 1, Integer.MAX_VALUE),
        Checks.integer(config, "instances.idle", 0, Integer.MAX_VALUE),
        Checks.duration(config, "instances.idle-timeout", Duration.ofMillis(100)),
        Checks.longBytes(config, "instances.max-resident", 0, Long.MAX_VALUE),
        groupPart);
  }
}
