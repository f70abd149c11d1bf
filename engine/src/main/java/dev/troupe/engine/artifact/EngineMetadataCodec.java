package dev.troupe.engine.artifact;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@link EngineMetadata} as protobuf message {@code dev.troupe.artifact.v1.EngineMetadata}. */
final class EngineMetadataCodec {
  private static final String SECTION = ".troupe.engine";

  private EngineMetadataCodec() {}

  static byte[] encode(EngineMetadata metadata) {
    WireWriter out = new WireWriter();
    out.uint(1, metadata.formatVersion());
    out.string(2, metadata.engineVersion());
    out.string(3, metadata.target());
    for (String flag : metadata.compilerFlags()) {
      out.repeatedString(4, flag);
    }
    for (IsaFeature feature : IsaFeature.values()) {
      if (metadata.isa().contains(feature)) {
        out.repeatedString(5, feature.label());
      }
    }
    out.message(6, encode(metadata.tunables()));
    for (WasmFeature feature : WasmFeature.values()) {
      if (metadata.features().contains(feature)) {
        out.repeatedString(7, feature.text());
      }
    }
    return out.toByteArray();
  }

  private static WireWriter encode(Tunables tunables) {
    WireWriter out = new WireWriter();
    out.string(1, tunables.traps().name());
    out.string(2, tunables.preemption().name());
    out.bool(3, tunables.spectre());
    out.bool(4, tunables.fuel());
    out.bool(5, tunables.nanCanonicalization());
    out.uint(6, tunables.memoryReservationBytes());
    out.uint(7, tunables.guardBytes());
    out.bool(8, tunables.optimize());
    out.uint(9, tunables.memory64ReservationBytes());
    out.bool(10, tunables.relaxedSimdDeterministic());
    return out;
  }

  /**
   * Reads the message. The format and engine version decide first whether the rest can be
   * understood at all: so they come first, and a mismatch with {@code host} is reported at once.
   */
  static EngineMetadata decode(byte[] bytes, EngineMetadata host) {
    WireReader in = new WireReader(bytes, SECTION);
    int formatVersion = in.nextField() == 1 ? in.uint31() : 0;
    if (formatVersion != host.formatVersion()) {
      throw ArtifactException.incompatible("format version", formatVersion, host.formatVersion());
    }
    String engineVersion = in.nextField() == 2 ? in.string() : "";
    if (!engineVersion.equals(host.engineVersion())) {
      throw ArtifactException.incompatible("engine version", engineVersion, host.engineVersion());
    }
    return decodeRest(in, formatVersion, engineVersion);
  }

  /** Reads the message for display, whatever engine wrote it, as far as this version can. */
  static EngineMetadata decodeAny(byte[] bytes) {
    WireReader in = new WireReader(bytes, SECTION);
    int formatVersion = in.nextField() == 1 ? in.uint31() : 0;
    String engineVersion = in.nextField() == 2 ? in.string() : "";
    return decodeRest(in, formatVersion, engineVersion);
  }

  private static EngineMetadata decodeRest(WireReader in, int formatVersion, String version) {
    String target = "";
    List<String> flags = new ArrayList<>();
    Set<IsaFeature> isa = EnumSet.noneOf(IsaFeature.class);
    Tunables tunables = null;
    WasmFeatures features = new WasmFeatures(0);
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 3 -> target = in.string();
        case 4 -> flags.add(in.string());
        case 5 -> isa.add(isaFeature(in));
        case 6 -> tunables = decodeTunables(in.message());
        case 7 -> features = features.with(wasmFeature(in));
        default -> throw in.unknownField(field);
      }
    }
    if (tunables == null) {
      throw in.corrupt("no tunables");
    }
    if (!flags.stream().sorted().toList().equals(flags)) {
      throw in.corrupt("compiler flags are not sorted");
    }
    return new EngineMetadata(formatVersion, version, target, flags, isa, tunables, features);
  }

  private static IsaFeature isaFeature(WireReader in) {
    String label = in.string();
    for (IsaFeature feature : IsaFeature.values()) {
      if (feature.label().equals(label)) {
        return feature;
      }
    }
    throw ArtifactException.incompatible("ISA feature " + label, "on", "no such feature");
  }

  private static WasmFeature wasmFeature(WireReader in) {
    String text = in.string();
    for (WasmFeature feature : WasmFeature.values()) {
      if (feature.text().equals(text)) {
        return feature;
      }
    }
    throw ArtifactException.incompatible("WebAssembly feature " + text, "on", "no such feature");
  }

  private static Tunables decodeTunables(WireReader in) {
    TrapMode traps = null;
    PreemptionMode preemption = null;
    boolean[] flags = new boolean[11];
    long[] numbers = new long[10];
    for (int field = in.nextField(); field != 0; field = in.nextField()) {
      switch (field) {
        case 1 -> traps = constant(in, TrapMode.values());
        case 2 -> preemption = constant(in, PreemptionMode.values());
        case 3, 4, 5, 8, 10 -> flags[field] = in.bool();
        case 6, 7, 9 -> numbers[field] = in.uint64();
        default -> throw in.unknownField(field);
      }
    }
    if (traps == null || preemption == null) {
      throw in.corrupt("tunables without traps or preemption");
    }
    return new Tunables(
        traps,
        preemption,
        flags[3],
        flags[4],
        flags[5],
        numbers[6],
        numbers[7],
        numbers[9],
        flags[8],
        flags[10]);
  }

  private static <E extends Enum<E>> E constant(WireReader in, E[] values) {
    String name = in.string();
    for (E value : values) {
      if (value.name().equals(name)) {
        return value;
      }
    }
    throw in.corrupt("unknown mode " + name);
  }
}
