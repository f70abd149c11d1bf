package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.Map;

/** Turns a compiled module into the bytes of an artifact: equal modules give equal bytes. */
public final class ArtifactWriter {
  private ArtifactWriter() {}

  /**
   * The artifact, not signed.
   *
   * @throws IllegalArgumentException if the module is not valid (constant expressions), or the file
   *     would be larger than 2 GiB
   */
  public static byte[] write(CompiledModule compiled) {
    WasmModule module = compiled.module();
    Map<ArtifactSection, byte[]> contents = new EnumMap<>(ArtifactSection.class);
    contents.put(ArtifactSection.ENGINE, compiled.metadata().encode());
    contents.put(ArtifactSection.SEAL, new byte[ArtifactSeal.SECTION_BYTES]);
    contents.put(ArtifactSection.TYPES, ModuleTypesCodec.encode(module.types()));
    contents.put(ArtifactSection.INFO, new ModuleInfoWriter(compiled).write());
    contents.put(ArtifactSection.TRAPS, compiled.traps().bytes());
    contents.put(ArtifactSection.ADDRESSES, compiled.addresses().bytes());
    contents.put(ArtifactSection.INLINES, compiled.addresses().inlined().bytes());
    contents.put(ArtifactSection.STACK_MAPS, compiled.stackMaps().bytes());
    contents.put(ArtifactSection.EXCEPTIONS, compiled.exceptions().bytes());
    contents.put(ArtifactSection.BRANCH_PROTECTION, new byte[1]);
    contents.put(ArtifactSection.NAMES, NamesCodec.encode(module));
    int imported = module.importedFunctionCount();
    Elf.Symbols symbols =
        Elf.symbols(
            compiled.functions(),
            i -> NamesCodec.symbol(imported + i, module.names().function(imported + i)));
    contents.put(ArtifactSection.SYMBOLS, symbols.table());
    contents.put(ArtifactSection.SYMBOL_NAMES, symbols.names());
    contents.put(ArtifactSection.SECTION_NAMES, Elf.sectionNames());
    long[] sizes = new long[ArtifactSection.values().length];
    contents.forEach((section, bytes) -> sizes[section.ordinal()] = bytes.length);
    sizes[ArtifactSection.DATA.ordinal()] = dataBytes(compiled);
    sizes[ArtifactSection.TEXT.ordinal()] = compiled.text().byteSize();
    return assemble(compiled, contents, new ElfFrame(ArtifactKind.MODULE, sizes));
  }

  private static byte[] assemble(
      CompiledModule compiled, Map<ArtifactSection, byte[]> contents, ElfFrame frame) {
    long[] offsets = frame.offsets();
    long fileBytes = Elf.fileBytes(offsets);
    if (fileBytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException("an artifact of " + fileBytes + " bytes");
    }
    byte[] file = new byte[(int) fileBytes];
    put(file, 0, Elf.header(frame.kind(), offsets));
    contents.forEach((section, bytes) -> put(file, frame.offset(section), bytes));
    writeData(compiled, file, (int) frame.offset(ArtifactSection.DATA));
    MemorySegment.copy(
        compiled.text(),
        0,
        MemorySegment.ofArray(file),
        frame.offset(ArtifactSection.TEXT),
        compiled.text().byteSize());
    int symbolCount = compiled.functions().count() + 1;
    put(file, offsets[offsets.length - 1], Elf.sectionHeaders(frame.sizes(), offsets, symbolCount));
    ArtifactSeal.seal(file, frame);
    return file;
  }

  private static void put(byte[] file, long offset, byte[] bytes) {
    System.arraycopy(bytes, 0, file, (int) offset, bytes.length);
  }

  private static long dataBytes(CompiledModule compiled) {
    long bytes = 0;
    for (MemoryImage image : compiled.images()) {
      bytes += image.contents().byteSize();
    }
    for (int d = 0; d < compiled.module().data().size(); d++) {
      if (!compiled.segmentsInImage().get(d)) {
        bytes += compiled.module().data().get(d).length();
      }
    }
    return bytes;
  }

  private static void writeData(CompiledModule compiled, byte[] file, int offset) {
    int at = offset;
    for (MemoryImage image : compiled.images()) {
      int bytes = (int) image.contents().byteSize();
      MemorySegment.copy(image.contents(), 0, MemorySegment.ofArray(file), at, bytes);
      at += bytes;
    }
    for (int d = 0; d < compiled.module().data().size(); d++) {
      if (!compiled.segmentsInImage().get(d)) {
        DataSegment segment = compiled.module().data().get(d);
        System.arraycopy(compiled.module().bytes(), segment.offset(), file, at, segment.length());
        at += segment.length();
      }
    }
  }
}
