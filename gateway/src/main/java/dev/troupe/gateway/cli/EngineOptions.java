package dev.troupe.gateway.cli;

import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import java.nio.file.Path;

/** The options that choose how code is compiled. */
final class EngineOptions {
  private EngineOptions() {}

  static EngineConfig.Builder config(Options options) {
    EngineConfig.Builder config = EngineConfig.builder();
    config.fuel(options.has("--fuel"));
    config.spectre(!options.has("--no-spectre"));
    config.optimize(!options.has("--no-opt"));
    if (options.has("--epoch")) {
      config.preemption(PreemptionMode.EPOCH);
    }
    if (options.has("--explicit")) {
      config.traps(TrapMode.EXPLICIT);
    }
    String key = options.value("--key");
    if (key != null) {
      config.artifactKeyFile(Path.of(key));
    }
    return config;
  }
}
