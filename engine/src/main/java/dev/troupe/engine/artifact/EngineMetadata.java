package dev.troupe.engine.artifact;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.WasmFeatures;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What an engine is, as far as compiled code depends on it: the section {@code .troupe.engine}. An
 * artifact carries that of the engine that compiled it, for good; a loading engine compares its
 * own.
 *
 * @param formatVersion version of the artifact format
 * @param engineVersion version of the engine, compared for equality
 * @param target target triple
 * @param compilerFlags fixed choices of the compiler as {@code name=value}, sorted
 * @param isa processor features: compiled for, or present here
 * @param tunables choices of the engine
 * @param features WebAssembly features: the module may use, or the engine accepts
 */
public record EngineMetadata(
    int formatVersion,
    String engineVersion,
    String target,
    List<String> compilerFlags,
    Set<IsaFeature> isa,
    Tunables tunables,
    WasmFeatures features) {

  /** The artifact format that this code reads and writes. */
  public static final int FORMAT_VERSION = 5;

  /** The version of this engine. */
  public static final String ENGINE_VERSION = "0.1.0";

  /** The only target so far. */
  public static final String TARGET = "x86_64-unknown-linux-gnu";

  /** Choices of the compiler that are not tunables yet; sorted. */
  public static final List<String> COMPILER_FLAGS =
      List.of("calling_convention=1", "frame_pointers=false", "instance_register=r15");

  /** Copies the collections; compiler flags must be sorted. */
  public EngineMetadata {
    compilerFlags = List.copyOf(compilerFlags);
    if (!compilerFlags.stream().sorted().toList().equals(compilerFlags)) {
      throw new IllegalArgumentException("compiler flags are not sorted: " + compilerFlags);
    }
    EnumSet<IsaFeature> copy = EnumSet.noneOf(IsaFeature.class);
    copy.addAll(isa);
    isa = Collections.unmodifiableSet(copy);
  }

  /** This version of the engine with these settings. */
  public static EngineMetadata current(
      Set<IsaFeature> isa, Tunables tunables, WasmFeatures features) {
    return new EngineMetadata(
        FORMAT_VERSION, ENGINE_VERSION, TARGET, COMPILER_FLAGS, isa, tunables, features);
  }

  /** The protobuf encoding, canonical. */
  public byte[] encode() {
    return EngineMetadataCodec.encode(this);
  }

  /**
   * SHA-256 that answers whether an engine may load what another compiled: engines with equal
   * hashes load each other's artifacts.
   */
  public byte[] compatibilityHash() {
    return Digests.sha256("troupe compatibility\0", encode());
  }

  /**
   * SHA-256 over the complete metadata and the {@linkplain ModuleDigest digest} of a module: the
   * name of a cache entry.
   */
  public byte[] cacheKey(ModuleDigest module) {
    return Digests.sha256("troupe cache key\0", encode(), module.bytes());
  }

  /**
   * Checks that an engine with this metadata may run code compiled by {@code compiled}, in the
   * order format version, engine version, target, compiler flags, ISA features, tunables, features.
   *
   * @throws ArtifactException INCOMPATIBLE, naming the setting and both values
   */
  public void requireCompatible(EngineMetadata compiled) {
    equal("format version", compiled.formatVersion, formatVersion);
    equal("engine version", compiled.engineVersion, engineVersion);
    equal("target", compiled.target, target);
    equal("compiler flags", compiled.compilerFlags, compilerFlags);
    for (IsaFeature feature : IsaFeature.values()) {
      if (compiled.isa.contains(feature) && !isa.contains(feature)) {
        throw ArtifactException.incompatible(
            "ISA feature " + feature.label(), "on", "a processor without it");
      }
    }
    requireTunables(compiled.tunables);
    if (!features.containsAll(compiled.features)) {
      throw ArtifactException.incompatible(
          "WebAssembly features", compiled.features, "only " + features);
    }
  }

  private void requireTunables(Tunables other) {
    equal("tunable traps", other.traps(), tunables.traps());
    equal("tunable preemption", other.preemption(), tunables.preemption());
    equal("tunable spectre", other.spectre(), tunables.spectre());
    equal("tunable fuel", other.fuel(), tunables.fuel());
    equal(
        "tunable nan_canonicalization",
        other.nanCanonicalization(),
        tunables.nanCanonicalization());
    equal(
        "tunable memory_reservation_bytes",
        other.memoryReservationBytes(),
        tunables.memoryReservationBytes());
    equal("tunable guard_bytes", other.guardBytes(), tunables.guardBytes());
    equal(
        "tunable memory64_reservation_bytes",
        other.memory64ReservationBytes(),
        tunables.memory64ReservationBytes());
    equal("tunable optimize", other.optimize(), tunables.optimize());
    equal(
        "tunable relaxed_simd_deterministic",
        other.relaxedSimdDeterministic(),
        tunables.relaxedSimdDeterministic());
  }

  private static void equal(String setting, Object compiled, Object here) {
    if (!compiled.equals(here)) {
      throw ArtifactException.incompatible(setting, compiled, here);
    }
  }
}
