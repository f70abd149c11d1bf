package dev.troupe.gateway.server;

import com.typesafe.config.Config;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.gateway.server.ServerConfig.BadConfigException;

/**
 * What modules may use, and how they are compiled.
 *
 * @param traps how traps are noticed
 * @param preemption how guests are preempted
 * @param spectre whether indexes are masked
 * @param fuel whether fuel is counted
 * @param relaxedSimdDeterministic whether relaxed vector instructions give the same results on
 *     every processor
 * @param canonicalNans whether NaNs that instructions make have one bit pattern
 * @param features what modules may use
 */
record EngineSettings(
    TrapMode traps,
    PreemptionMode preemption,
    boolean spectre,
    boolean fuel,
    boolean relaxedSimdDeterministic,
    boolean canonicalNans,
    WasmFeatures features) {

  /** Reads and checks the settings. */
  static EngineSettings of(Config config) throws BadConfigException {
    WasmFeatures features = WasmFeatures.DEFAULT;
    for (String name : config.getStringList("engine.features")) {
      try {
        features = features.with(WasmFeatures.named(name));
      } catch (IllegalArgumentException e) {
        throw new BadConfigException("setting engine.features: " + e.getMessage());
      }
    }
    return new EngineSettings(
        ServerConfig.choice(TrapMode.class, config, "engine.traps"),
        ServerConfig.choice(PreemptionMode.class, config, "engine.preemption"),
        config.getBoolean("engine.spectre"),
        config.getBoolean("engine.fuel"),
        config.getBoolean("engine.relaxed-simd-deterministic"),
        config.getBoolean("engine.canonical-nans"),
        features);
  }

  /** An engine's configuration with these settings. */
  EngineConfig.Builder builder() {
    return EngineConfig.builder()
        .features(features)
        .traps(traps)
        .preemption(preemption)
        .spectre(spectre)
        .fuel(fuel)
        .relaxedSimdDeterministic(relaxedSimdDeterministic)
        .nanCanonicalization(canonicalNans);
  }
}
