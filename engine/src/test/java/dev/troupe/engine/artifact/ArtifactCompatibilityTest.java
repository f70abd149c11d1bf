package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Every mismatch between artifact and engine has its own message with setting and both values. */
final class ArtifactCompatibilityTest {
  private static final EngineMetadata HOST = ArtifactSamples.HOST;
  private static final Tunables DEFAULT = Tunables.DEFAULT;

  private static void rejects(EngineMetadata compiled, EngineMetadata host, String message) {
    byte[] bytes = ArtifactWriter.write(ArtifactSamples.compiled(compiled));
    assertThatThrownBy(() -> ArtifactReader.read(MemorySegment.ofArray(bytes), host, null))
        .isInstanceOfSatisfying(
            ArtifactException.class,
            e -> assertThat(e.reason()).isEqualTo(ArtifactException.Reason.INCOMPATIBLE))
        .hasMessage("incompatible artifact: " + message);
    assertThat(compiled.compatibilityHash()).isNotEqualTo(host.compatibilityHash());
    assertThat(compiled.cacheKey(ModuleDigest.of(new byte[0])))
        .isNotEqualTo(host.cacheKey(ModuleDigest.of(new byte[0])));
  }

  private static EngineMetadata with(
      int format, String version, String target, List<String> flags) {
    return new EngineMetadata(
        format, version, target, flags, HOST.isa(), HOST.tunables(), HOST.features());
  }

  @Test
  void formatVersion() {
    rejects(
        with(7, HOST.engineVersion(), HOST.target(), HOST.compilerFlags()),
        HOST,
        "format version was 7 when it was compiled, this engine has "
            + EngineMetadata.FORMAT_VERSION);
  }

  @Test
  void engineVersion() {
    rejects(
        with(EngineMetadata.FORMAT_VERSION, "0.0.9", HOST.target(), HOST.compilerFlags()),
        HOST,
        "engine version was 0.0.9 when it was compiled, this engine has "
            + EngineMetadata.ENGINE_VERSION);
  }

  @Test
  void target() {
    rejects(
        withTarget("aarch64-unknown-linux-gnu", HOST.compilerFlags()),
        HOST,
        "target was aarch64-unknown-linux-gnu when it was compiled, this engine has "
            + EngineMetadata.TARGET);
  }

  @Test
  void compilerFlags() {
    rejects(
        withTarget(HOST.target(), List.of("frame_pointers=true")),
        HOST,
        "compiler flags was [frame_pointers=true] when it was compiled, this engine has "
            + HOST.compilerFlags());
  }

  @Test
  void isaFeature() {
    EngineMetadata wide =
        EngineMetadata.current(EnumSet.allOf(IsaFeature.class), DEFAULT, HOST.features());
    rejects(
        wide,
        HOST,
        "ISA feature bmi2 was on when it was compiled, this engine has a processor without it");
    byte[] narrow = ArtifactSamples.artifact();
    assertThat(ArtifactReader.read(MemorySegment.ofArray(narrow), wide, null).module().metadata())
        .isEqualTo(HOST);
  }

  private static void rejectsTunable(UnaryOperator<Tunables> change, String message) {
    EngineMetadata other =
        EngineMetadata.current(HOST.isa(), change.apply(DEFAULT), HOST.features());
    rejects(other, HOST, "tunable " + message);
  }

  @Test
  void tunables() {
    rejectsTunable(
        t -> t.withTraps(TrapMode.EXPLICIT),
        "traps was EXPLICIT when it was compiled, this engine has SIGNALS");
    rejectsTunable(
        t -> t.withPreemption(PreemptionMode.EPOCH),
        "preemption was EPOCH when it was compiled, this engine has SIGNALS");
    rejectsTunable(
        t -> t.withSpectre(false), "spectre was false when it was compiled, this engine has true");
    rejectsTunable(
        t -> t.withFuel(true), "fuel was true when it was compiled, this engine has false");
    rejectsTunable(
        t -> t.withOptimize(false),
        "optimize was false when it was compiled, this engine has true");
    rejectsTunable(
        t -> t.withRelaxedSimdDeterministic(true),
        "relaxed_simd_deterministic was true when it was compiled, this engine has false");
    rejectsTunable(
        t -> t.withGuardBytes(65536),
        "guard_bytes was 65536 when it was compiled, this engine has 33554432");
    rejectsTunable(
        t -> t.withMemory64ReservationBytes(1L << 32),
        "memory64_reservation_bytes was 4294967296 when it was compiled, this engine has"
            + " 17179869184");
    rejectsTunable(
        t ->
            new Tunables(
                t.traps(),
                t.preemption(),
                t.spectre(),
                t.fuel(),
                true,
                t.memoryReservationBytes(),
                t.guardBytes(),
                t.memory64ReservationBytes(),
                t.optimize(),
                t.relaxedSimdDeterministic()),
        "nan_canonicalization was true when it was compiled, this engine has false");
    rejectsTunable(
        t ->
            new Tunables(
                t.traps(),
                t.preemption(),
                t.spectre(),
                t.fuel(),
                t.nanCanonicalization(),
                1 << 20,
                t.guardBytes(),
                t.memory64ReservationBytes(),
                t.optimize(),
                t.relaxedSimdDeterministic()),
        "memory_reservation_bytes was 1048576 when it was compiled, this engine has 4294967296");
  }

  @Test
  void wasmFeatures() {
    EngineMetadata other =
        EngineMetadata.current(
            HOST.isa(), DEFAULT, HOST.features().with(WasmFeature.WIDE_ARITHMETIC));
    rejects(
        other,
        HOST,
        "WebAssembly features was "
            + other.features()
            + " when it was compiled, this engine has"
            + " only "
            + HOST.features());
  }

  @Test
  void checksComeInTheirOrder() {
    EngineMetadata wrong =
        new EngineMetadata(
            EngineMetadata.FORMAT_VERSION,
            HOST.engineVersion(),
            "other",
            List.of("x=1"),
            Set.of(IsaFeature.AVX512),
            DEFAULT.withFuel(true),
            WasmFeatures.ALL);
    byte[] bytes = ArtifactWriter.write(ArtifactSamples.compiled(wrong));
    EngineMetadata host = HOST;
    assertThatThrownBy(() -> read(bytes, host)).hasMessageContaining("target was other");
    EngineMetadata sameTarget = withTarget("other", HOST.compilerFlags());
    assertThatThrownBy(() -> read(bytes, sameTarget)).hasMessageContaining("compiler flags was");
    EngineMetadata sameFlags = withTarget("other", List.of("x=1"));
    assertThatThrownBy(() -> read(bytes, sameFlags)).hasMessageContaining("ISA feature avx512");
  }

  private static EngineMetadata withTarget(String target, List<String> flags) {
    return new EngineMetadata(
        EngineMetadata.FORMAT_VERSION,
        HOST.engineVersion(),
        target,
        flags,
        HOST.isa(),
        DEFAULT,
        HOST.features());
  }

  private static Artifact read(byte[] bytes, EngineMetadata host) {
    return ArtifactReader.read(MemorySegment.ofArray(bytes), host, null);
  }

  @Test
  void theCacheKeyDependsOnTheModule() {
    assertThat(HOST.cacheKey(ModuleDigest.of(new byte[] {1})))
        .isNotEqualTo(HOST.cacheKey(ModuleDigest.of(new byte[] {2})));
    assertThat(HOST.cacheKey(ModuleDigest.of(new byte[] {1})))
        .isEqualTo(HOST.cacheKey(ModuleDigest.of(new byte[] {1})));
    assertThat(HOST.compatibilityHash())
        .hasSize(32)
        .isNotEqualTo(HOST.cacheKey(ModuleDigest.of(new byte[0])));
  }
}
