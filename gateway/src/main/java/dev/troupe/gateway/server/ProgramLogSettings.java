package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;

/**
 * What of the standard error of programs goes into the server's log, block {@code program-log}.
 *
 * @param enabled whether anything does
 * @param bytesPerCall the beginning of what one call says
 * @param bytesPerSecond of one tenant; calls beyond it are left out
 */
record ProgramLogSettings(boolean enabled, int bytesPerCall, int bytesPerSecond) {

  /** Reads and checks the block. */
  static ProgramLogSettings of(Config config) throws BadConfigException {
    return new ProgramLogSettings(
        config.getBoolean("program-log.enabled"),
        Checks.bytes(config, "program-log.bytes-per-call", 1, 64 << 10),
        Checks.bytes(config, "program-log.bytes-per-second", 1, 1 << 30));
  }
}
