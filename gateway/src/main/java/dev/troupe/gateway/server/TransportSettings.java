package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;
import java.time.Duration;

/**
 * What one connection may do, block {@code transport}.
 *
 * @param maxHeaderBytes largest header block of a request
 * @param maxStreams calls at once on one connection
 * @param flowWindowBytes what a client may send ahead on a connection and on a stream, at first
 * @param keepAliveTime silence after which the server asks whether the client still lives
 * @param keepAliveTimeout how long it waits for the answer
 * @param permitKeepAliveTime clients that ask more often are disconnected
 * @param maxIdle a connection without calls is closed after this time
 * @param maxAge a connection takes no more calls after this time, so that load spreads anew
 * @param ageGrace calls on a connection that is too old may take so long to end
 */
record TransportSettings(
    int maxHeaderBytes,
    int maxStreams,
    int flowWindowBytes,
    Duration keepAliveTime,
    Duration keepAliveTimeout,
    Duration permitKeepAliveTime,
    Duration maxIdle,
    Duration maxAge,
    Duration ageGrace) {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Reads and checks the block. */
  static TransportSettings of(Config config) throws BadConfigException {
    return new TransportSettings(
        Checks.bytes(config, "transport.max-headers", 1 << 10, 1 << 20),
        Checks.integer(config, "transport.max-streams", 1, 1 << 20),
        Checks.bytes(config, "transport.flow-window", 1 << 16, 1 << 28),
        Checks.duration(config, "transport.keepalive-time", SECOND),
        Checks.duration(config, "transport.keepalive-timeout", Duration.ofMillis(10)),
        Checks.duration(config, "transport.permit-keepalive-time", Duration.ZERO),
        Checks.duration(config, "transport.max-idle", SECOND),
        Checks.duration(config, "transport.max-age", SECOND),
        Checks.duration(config, "transport.age-grace", Duration.ZERO));
  }
}
