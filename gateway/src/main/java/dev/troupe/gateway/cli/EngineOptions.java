package dev.troupe.gateway.cli;

import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.wasm.WasmFeatures;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** The options that choose how code is compiled. */
final class EngineOptions {
  /** Options without a value that every command has which compiles. */
  private static final Set<String> FLAGS =
      Set.of("--relaxed-simd-deterministic", "--canonical-nans");

  private static final Set<String> VALUED = Set.of("--feature");

  /** Of the help of these commands. */
  static final String HELP =
      """
        --feature NAME   allow a feature beyond WebAssembly 3.0: legacy-exceptions, wide-arithmetic,
                         custom-page-sizes, branch-hinting; may be repeated
        --relaxed-simd-deterministic   relaxed vector instructions as on every other processor
        --canonical-nans   one bit pattern for NaNs that instructions make
      """;

  private EngineOptions() {}

  /** The flags of a command, and those of all. */
  static Set<String> flags(String... own) {
    return union(FLAGS, own);
  }

  /** The options with a value of a command, and those of all. */
  static Set<String> valued(String... own) {
    return union(VALUED, own);
  }

  private static Set<String> union(Set<String> common, String... own) {
    Set<String> all = new HashSet<>(common);
    all.addAll(Set.of(own));
    return all;
  }

  static EngineConfig.Builder config(Options options) throws UsageException {
    EngineConfig.Builder config = EngineConfig.builder();
    config.fuel(options.has("--fuel"));
    config.spectre(!options.has("--no-spectre"));
    config.optimize(!options.has("--no-opt"));
    config.relaxedSimdDeterministic(options.has("--relaxed-simd-deterministic"));
    config.nanCanonicalization(options.has("--canonical-nans"));
    config.features(features(options));
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

  private static WasmFeatures features(Options options) throws UsageException {
    WasmFeatures features = WasmFeatures.DEFAULT;
    for (String name : options.values("--feature")) {
      try {
        features = features.with(WasmFeatures.named(name));
      } catch (IllegalArgumentException e) {
        throw new UsageException(String.valueOf(e.getMessage()));
      }
    }
    return features;
  }
}
