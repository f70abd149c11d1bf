package dev.troupe.gateway.cli;

import dev.troupe.engine.artifact.Artifact;
import dev.troupe.engine.artifact.ArtifactReader;
import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.artifact.EngineMetadata;
import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.artifact.MemoryImage;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** {@code troupe inspect}: what an artifact holds, without running it. */
final class InspectCommand {
  private static final String HELP =
      """
      Usage: troupe inspect ARTIFACT [--json] [--functions]
             troupe inspect --wat MODULE
      Shows what an artifact holds: the engine that compiled it, its tunables, imports, exports,
      functions and memory images. The file need not fit this engine or this machine.

        --json           one JSON object
        --wat            a module (.wasm, .wat) as text, which reads back to the same module
        --functions      list every function with address, size and frame
        --verbose        show stack traces of errors\
      """;

  /** Text longer than this, and than so many times the module, is not meant to be read. */
  private static final long TEXT_CHARS = 64L << 20;

  private static final long TEXT_CHARS_PER_BYTE = 64;

  private final PrintStream out;

  InspectCommand(PrintStream out) {
    this.out = out;
  }

  int run(List<String> args) throws UsageException, IOException {
    Options options =
        Options.parse(
            args, Set.of("--help", "--verbose", "--json", "--functions", "--wat"), Set.of(), false);
    if (options.has("--help")) {
      out.println(HELP);
      return 0;
    }
    if (options.operands().size() != 1) {
      throw new UsageException("name one artifact: troupe inspect ARTIFACT");
    }
    Path file = Path.of(options.operands().getFirst());
    if (options.has("--wat")) {
      return printText(file);
    }
    byte[] bytes = Files.readAllBytes(file);
    Artifact artifact = ArtifactReader.readForInspection(MemorySegment.ofArray(bytes));
    Report report = describe(artifact, bytes.length, options.has("--functions"));
    out.println(options.has("--json") ? report.toJson() : report.toText());
    return 0;
  }

  private int printText(Path file) throws UsageException, IOException {
    ModuleFile.Contents contents = ModuleFile.read(file).module();
    if (contents == null) {
      throw new UsageException(
          file + " is an artifact, which has no instructions: name the module");
    }
    byte[] wasm = contents.binary();
    WasmModule module = ModuleDecoder.decode(wasm, WasmFeatures.ALL, WasmLimits.DEFAULT);
    Wat.print(module, out, TEXT_CHARS + TEXT_CHARS_PER_BYTE * wasm.length);
    out.flush();
    return 0;
  }

  private static Report describe(Artifact artifact, long fileBytes, boolean withFunctions) {
    CompiledModule module = artifact.module();
    EngineMetadata metadata = module.metadata();
    Report report = new Report();
    report.put("fileBytes", fileBytes);
    report.put("formatVersion", metadata.formatVersion());
    report.put("engineVersion", metadata.engineVersion());
    report.put("target", metadata.target());
    report.put("compatibilityHash", HexFormat.of().formatHex(metadata.compatibilityHash()));
    report.put("compilerFlags", metadata.compilerFlags());
    report.put("isaFeatures", metadata.isa().stream().map(IsaFeature::label).toList());
    var tunables = metadata.tunables();
    report.put("traps", tunables.traps().name());
    report.put("preemption", tunables.preemption().name());
    report.put("spectre", tunables.spectre());
    report.put("fuel", tunables.fuel());
    report.put("canonicalNans", tunables.nanCanonicalization());
    report.put("relaxedSimdDeterministic", tunables.relaxedSimdDeterministic());
    report.put("features", metadata.features().toString());
    report.put("memoryReservationBytes", tunables.memoryReservationBytes());
    report.put("memory64ReservationBytes", tunables.memory64ReservationBytes());
    report.put("guardBytes", tunables.guardBytes());
    report.put("codeBytes", module.text().byteSize());
    report.put("functions", module.functions().count());
    report.put("trapSites", module.traps().count());
    report.put("imports", imports(module.module()));
    report.put("exports", exports(module.module()));
    report.put("memoryImages", images(module.images()));
    if (withFunctions) {
      report.put("functionTable", functions(module));
    }
    return report;
  }

  private static List<String> imports(WasmModule module) {
    List<String> result = new ArrayList<>();
    for (Import wanted : module.imports()) {
      result.add(wanted.module() + "." + wanted.name() + " " + wanted.type());
    }
    return result;
  }

  private static List<String> exports(WasmModule module) {
    List<String> result = new ArrayList<>();
    for (Export export : module.exports()) {
      result.add(export.name() + " " + module.exportType(export));
    }
    return result;
  }

  private static List<String> images(List<MemoryImage> images) {
    List<String> result = new ArrayList<>();
    for (MemoryImage image : images) {
      result.add(
          "memory "
              + image.memoryIndex()
              + " at "
              + image.memoryOffset()
              + ", "
              + image.contents().byteSize()
              + " bytes");
    }
    return result;
  }

  private static List<String> functions(CompiledModule module) {
    FunctionTable table = module.functions();
    List<String> result = new ArrayList<>();
    for (int i = 0; i < table.count(); i++) {
      int index = module.module().importedFunctionCount() + i;
      result.add(
          String.format(
              "%d at 0x%x, %d bytes, frame %d",
              index, table.start(i), table.end(i) - table.start(i), table.frameBytes(i)));
    }
    return result;
  }
}
