package dev.troupe.engine.artifact;

import dev.troupe.engine.wasm.TypeSection;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks an artifact and opens it. In this order: ELF identity, kind and frame; MAC (when a key is
 * given) and digest; format version, engine version, target, compiler flags, ISA features,
 * tunables, WebAssembly features; then each section's structure; last the checksums of the
 * sections.
 */
public final class ArtifactReader {
  private ArtifactReader() {}

  /** The kind of artifact that these first bytes (64 are enough) begin, or null. */
  public static @Nullable ArtifactKind detect(byte[] prefix) {
    return ElfFrame.kindOf(MemorySegment.ofArray(prefix));
  }

  /**
   * Checks and opens an artifact for a core module.
   *
   * @param file all bytes of the file; the result refers to them
   * @param host the engine that wants to run it
   * @param key the key it must be signed with, or null if the source is trusted
   * @throws ArtifactException saying why not
   */
  public static Artifact read(MemorySegment file, EngineMetadata host, @Nullable ArtifactKey key) {
    ElfFrame frame = frame(file);
    ArtifactSeal.verify(file, frame, key);
    EngineMetadata metadata =
        EngineMetadataCodec.decode(frame.bytes(file, ArtifactSection.ENGINE), host);
    host.requireCompatible(metadata);
    return open(file, frame, metadata);
  }

  /**
   * Opens an artifact for looking at it: whatever engine settings it was compiled with and whoever
   * signed it. Not for running.
   */
  public static Artifact readForInspection(MemorySegment file) {
    ElfFrame frame = frame(file);
    ArtifactSeal.verify(file, frame, null);
    return open(
        file, frame, EngineMetadataCodec.decodeAny(frame.bytes(file, ArtifactSection.ENGINE)));
  }

  private static ElfFrame frame(MemorySegment file) {
    ElfFrame frame = ElfFrame.read(file);
    if (frame.kind() != ArtifactKind.MODULE) {
      throw new ArtifactException(
          ArtifactException.Reason.NOT_AN_ARTIFACT,
          "not an artifact of a core module: kind " + frame.kind());
    }
    return frame;
  }

  private static Artifact open(MemorySegment file, ElfFrame frame, EngineMetadata metadata) {
    long textBytes = frame.size(ArtifactSection.TEXT);
    if (textBytes > Integer.MAX_VALUE || textBytes % MemoryImage.PAGE_BYTES != 0) {
      throw ArtifactException.corrupt(ArtifactSection.TEXT.sectionName(), "size " + textBytes);
    }
    requireConstant(file, frame);
    TypeSection types = ModuleTypesCodec.decode(frame.bytes(file, ArtifactSection.TYPES));
    ModuleInfoReader.Info info =
        new ModuleInfoReader(
                frame.bytes(file, ArtifactSection.INFO),
                types,
                frame.slice(file, ArtifactSection.DATA),
                frame.bytes(file, ArtifactSection.NAMES))
            .read();
    if (info.functions().endOfCode() > textBytes
        || frame.size(ArtifactSection.SYMBOLS)
            != (info.functions().count() + 1L) * Elf.SYMBOL_BYTES) {
      throw ArtifactException.corrupt(
          ArtifactSection.INFO.sectionName(), "the function table does not fit text or symbols");
    }
    TrapTable traps = TrapTable.decode(frame.bytes(file, ArtifactSection.TRAPS), (int) textBytes);
    AddressMap addresses =
        AddressMap.decode(
            frame.bytes(file, ArtifactSection.ADDRESSES),
            (int) textBytes,
            InlineMap.decode(
                frame.bytes(file, ArtifactSection.INLINES),
                (int) textBytes,
                info.module().functionCount()));
    List<MemoryImage> images = new ArrayList<>();
    long[] imageOffsets = new long[info.images().size()];
    long at = frame.offset(ArtifactSection.DATA);
    for (int i = 0; i < imageOffsets.length; i++) {
      ModuleInfoReader.ImagePlace place = info.images().get(i);
      imageOffsets[i] = at;
      images.add(
          new MemoryImage(
              place.memoryIndex(), place.memoryOffset(), file.asSlice(at, place.bytes())));
      at += place.bytes();
    }
    CompiledModule module =
        new CompiledModule(
            metadata,
            info.module(),
            frame.slice(file, ArtifactSection.TEXT),
            info.functions(),
            traps,
            addresses,
            StackMaps.decode(
                frame.bytes(file, ArtifactSection.STACK_MAPS), (int) textBytes, info.functions()),
            ExceptionTable.decode(
                frame.bytes(file, ArtifactSection.EXCEPTIONS),
                info.functions(),
                info.module().tags().size()),
            images,
            info.inImage());
    requireCanonical(file, frame, module);
    ArtifactSeal.verifyChecksums(file, frame);
    return new Artifact(file, module, frame.offset(ArtifactSection.TEXT), imageOffsets);
  }

  /** Sections that have only one possible content in this format. */
  private static void requireConstant(MemorySegment file, ElfFrame frame) {
    requireEqual(file, frame, ArtifactSection.BRANCH_PROTECTION, new byte[1]);
    requireEqual(file, frame, ArtifactSection.SECTION_NAMES, Elf.sectionNames());
  }

  /** Metadata has one encoding: what the writer makes of what was read. */
  private static void requireCanonical(MemorySegment file, ElfFrame frame, CompiledModule module) {
    requireEqual(file, frame, ArtifactSection.ENGINE, module.metadata().encode());
    requireEqual(
        file, frame, ArtifactSection.TYPES, ModuleTypesCodec.encode(module.module().types()));
    requireEqual(file, frame, ArtifactSection.INFO, new ModuleInfoWriter(module).write());
  }

  private static void requireEqual(
      MemorySegment file, ElfFrame frame, ArtifactSection section, byte[] expected) {
    if (frame.slice(file, section).mismatch(MemorySegment.ofArray(expected)) >= 0) {
      throw ArtifactException.corrupt(section.sectionName(), "unexpected content");
    }
  }
}
