package dev.troupe.engine.artifact;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What {@code inspect} shows of an artifact: a tree of names and values, as text for people or JSON
 * for programs. Both have the same names in the same order.
 */
public final class ArtifactInspection {
  private final InspectionNode root;

  private ArtifactInspection(InspectionNode root) {
    this.root = root;
  }

  /**
   * Looks at the bytes of an artifact, whatever engine it is for.
   *
   * @throws ArtifactException if it is not an artifact, or damaged
   */
  public static ArtifactInspection of(MemorySegment file) {
    Artifact artifact = ArtifactReader.readForInspection(file);
    CompiledModule compiled = artifact.module();
    InspectionNode root = new InspectionNode();
    root.put("kind", ElfFrame.read(file).kind().name().toLowerCase(Locale.ROOT));
    root.put("bytes", file.byteSize());
    root.put("signed", ArtifactSeal.isSigned(file));
    HexFormat hex = HexFormat.of();
    root.put("digest", hex.formatHex(ArtifactSeal.storedDigest(file)));
    root.put("compatibility_hash", hex.formatHex(compiled.metadata().compatibilityHash()));
    root.put("engine", engine(compiled.metadata()));
    root.put("module", module(compiled));
    root.put("functions", functions(compiled));
    root.put("imports", imports(compiled.module()));
    root.put("exports", exports(compiled.module()));
    root.put("sections", sections(ElfFrame.read(file)));
    return new ArtifactInspection(root);
  }

  /** Indented lines {@code name: value}. */
  public String toText() {
    StringBuilder out = new StringBuilder();
    root.appendText(out, 0);
    return out.toString();
  }

  /** A JSON object (RFC 8259), indented by two spaces, ending in a line feed. */
  public String toJson() {
    StringBuilder out = new StringBuilder();
    root.appendJson(out, 0);
    return out.append('\n').toString();
  }

  private static InspectionNode engine(EngineMetadata metadata) {
    InspectionNode node = new InspectionNode();
    node.put("format_version", metadata.formatVersion());
    node.put("engine_version", metadata.engineVersion());
    node.put("target", metadata.target());
    node.put("compiler_flags", metadata.compilerFlags());
    List<String> isa = new ArrayList<>();
    for (IsaFeature feature : metadata.isa()) {
      isa.add(feature.label());
    }
    node.put("isa_features", isa);
    Tunables tunables = metadata.tunables();
    InspectionNode t = new InspectionNode();
    t.put("traps", tunables.traps().name());
    t.put("preemption", tunables.preemption().name());
    t.put("spectre", tunables.spectre());
    t.put("fuel", tunables.fuel());
    t.put("nan_canonicalization", tunables.nanCanonicalization());
    t.put("memory_reservation_bytes", tunables.memoryReservationBytes());
    t.put("guard_bytes", tunables.guardBytes());
    t.put("optimize", tunables.optimize());
    node.put("tunables", t);
    List<String> features = new ArrayList<>();
    for (WasmFeature feature : WasmFeature.values()) {
      if (metadata.features().contains(feature)) {
        features.add(feature.text());
      }
    }
    node.put("wasm_features", features);
    return node;
  }

  private static InspectionNode module(CompiledModule compiled) {
    WasmModule module = compiled.module();
    InspectionNode node = new InspectionNode();
    String name = module.names().module();
    if (name != null) {
      node.put("name", name);
    }
    node.put("types", module.types().size());
    node.put("functions", module.functionCount());
    node.put("tables", module.tables().size());
    node.put("memories", module.memories().size());
    node.put("globals", module.globals().size());
    node.put("element_segments", module.elements().size());
    node.put("data_segments", module.data().size());
    if (module.startFunction() != WasmModule.NO_START) {
      node.put("start_function", module.startFunction());
    }
    node.put("memory_images", compiled.images().size());
    node.put("code_bytes", compiled.functions().endOfCode());
    node.put("addresses", compiled.addresses().count());
    InspectionNode traps = new InspectionNode();
    int[] counts = new int[TrapKind.count()];
    for (byte kind : compiled.traps().kinds()) {
      counts[kind]++;
    }
    for (int kind = 0; kind < counts.length; kind++) {
      if (counts[kind] > 0) {
        traps.put(TrapKind.of(kind).name(), counts[kind]);
      }
    }
    node.put("traps", traps);
    return node;
  }

  private static List<InspectionNode> functions(CompiledModule compiled) {
    WasmModule module = compiled.module();
    List<InspectionNode> list = new ArrayList<>();
    for (int i = 0; i < compiled.functions().count(); i++) {
      int index = module.importedFunctionCount() + i;
      InspectionNode node = new InspectionNode();
      node.put("index", index);
      putName(node, module.names().function(index));
      node.put("type", module.functionType(index).toString());
      node.put("text_offset", compiled.functions().start(i));
      node.put("bytes", compiled.functions().end(i) - compiled.functions().start(i));
      node.put("frame_bytes", compiled.functions().frameBytes(i));
      list.add(node);
    }
    return list;
  }

  private static void putName(InspectionNode node, @Nullable String name) {
    if (name != null) {
      node.put("name", name);
    }
  }

  private static List<InspectionNode> imports(WasmModule module) {
    List<InspectionNode> list = new ArrayList<>();
    for (Import imported : module.imports()) {
      InspectionNode node = new InspectionNode();
      node.put("module", imported.module());
      node.put("name", imported.name());
      node.put("kind", imported.kind().text());
      list.add(node);
    }
    return list;
  }

  private static List<InspectionNode> exports(WasmModule module) {
    List<InspectionNode> list = new ArrayList<>();
    for (Export export : module.exports()) {
      InspectionNode node = new InspectionNode();
      node.put("name", export.name());
      node.put("kind", export.kind().text());
      node.put("index", export.index());
      list.add(node);
    }
    return list;
  }

  private static List<InspectionNode> sections(ElfFrame frame) {
    List<InspectionNode> list = new ArrayList<>();
    for (ArtifactSection section : ArtifactSection.values()) {
      InspectionNode node = new InspectionNode();
      node.put("name", section.sectionName());
      node.put("offset", frame.offset(section));
      node.put("bytes", frame.size(section));
      list.add(node);
    }
    return list;
  }
}
