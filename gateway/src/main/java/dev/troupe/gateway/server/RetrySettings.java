package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;
import java.time.Duration;

/**
 * How many answers are remembered by request id, block {@code retries}.
 *
 * @param answersPerTenant answers of one tenant
 * @param bytesPerTenant what they may hold
 * @param bytes what the answers of all tenants may hold
 * @param age how long an answer is remembered
 */
record RetrySettings(int answersPerTenant, long bytesPerTenant, long bytes, Duration age) {

  /** Reads and checks the block. */
  static RetrySettings of(Config config) throws BadConfigException {
    return new RetrySettings(
        Checks.integer(config, "retries.answers-per-tenant", 1, 1 << 24),
        Checks.longBytes(config, "retries.bytes-per-tenant", 0, 1L << 40),
        Checks.longBytes(config, "retries.bytes", 0, 1L << 40),
        Checks.duration(config, "retries.age", Duration.ofMillis(10)));
  }
}
