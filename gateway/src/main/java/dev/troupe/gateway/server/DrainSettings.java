package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;
import java.time.Duration;

/**
 * How the server ends.
 *
 * @param lameDuck how long it still takes calls after its health says that it ends, so that load
 *     balancers notice first
 * @param timeout how long calls in flight then may take
 */
record DrainSettings(Duration lameDuck, Duration timeout) {

  /** Reads and checks the settings. */
  static DrainSettings of(Config config) throws BadConfigException {
    return new DrainSettings(
        Checks.duration(config, "lame-duck", Duration.ZERO),
        Checks.duration(config, "drain", Duration.ZERO));
  }
}
