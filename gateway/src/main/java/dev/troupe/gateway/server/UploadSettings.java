package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;
import java.time.Duration;

/**
 * What uploads may hold and how long they may take, block {@code uploads}.
 *
 * @param maxBufferedBytes modules on their way, of all tenants together
 * @param maxBufferedBytesPerTenant modules on their way, of one tenant
 * @param stallTimeout longest time without progress: between messages, or waiting for a place
 * @param timeout longest time from the first byte to the last
 */
record UploadSettings(
    long maxBufferedBytes,
    long maxBufferedBytesPerTenant,
    Duration stallTimeout,
    Duration timeout) {

  /** Reads and checks the block. */
  static UploadSettings of(Config config) throws BadConfigException {
    long most = Checks.longBytes(config, "uploads.max-buffered", 1 << 16, 1L << 40);
    Duration least = Duration.ofMillis(10);
    return new UploadSettings(
        most,
        Checks.longBytes(config, "uploads.max-buffered-per-tenant", 1 << 16, most),
        Checks.duration(config, "uploads.stall-timeout", least),
        Checks.duration(config, "uploads.timeout", least));
  }
}
