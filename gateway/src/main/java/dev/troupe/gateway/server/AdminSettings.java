package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;
import java.time.Duration;

/**
 * The port for operators, block {@code admin}.
 *
 * @param enabled whether there is one
 * @param address address to listen on
 * @param port port to listen on; 0 for any free one, {@link #AUTO} for the one after the server's
 * @param maxConnections connections at once
 * @param timeout longest time for a request to come, and for its answer to go
 * @param statisticsAge how old statistics and readiness may be that somebody asks for
 * @param topTenants tenants with metrics of their own
 */
record AdminSettings(
    boolean enabled,
    String address,
    int port,
    int maxConnections,
    Duration timeout,
    Duration statisticsAge,
    int topTenants) {
  /** The port after the server's own when it is free, else any. */
  static final int AUTO = -1;

  /** Reads and checks the block. */
  static AdminSettings of(Config config) throws BadConfigException {
    String port = config.getString("admin.port");
    return new AdminSettings(
        config.getBoolean("admin.enabled"),
        config.getString("admin.address"),
        port.equals("auto") ? AUTO : Checks.integer(config, "admin.port", 0, 65_535),
        Checks.integer(config, "admin.max-connections", 1, 10_000),
        Checks.duration(config, "admin.timeout", Duration.ofSeconds(1)),
        Checks.duration(config, "admin.statistics-age", Duration.ZERO),
        Checks.integer(config, "admin.top-tenants", 0, 10_000));
  }
}
