package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;
import java.time.Duration;

/**
 * What remote calls may send and keep, block {@code requests}.
 *
 * @param maxMessageBytes largest message
 * @param maxHeldBytes what all calls in flight may keep on the heap; 0 for three tenths of it
 * @param receiveTimeout how long a request may take to become complete
 */
record RequestSettings(int maxMessageBytes, long maxHeldBytes, Duration receiveTimeout) {

  /** Reads and checks the block. */
  static RequestSettings of(Config config) throws BadConfigException {
    return new RequestSettings(
        Checks.bytes(config, "requests.max-message", 1 << 16, 1 << 30),
        Checks.longBytes(config, "requests.max-held", 0, 1L << 40),
        Checks.duration(config, "requests.receive-timeout", Duration.ofMillis(100)));
  }
}
