package dev.troupe.engine.artifact;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/** Where the sections of an artifact file are. */
final class ElfFrame {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ArtifactSection[] SECTIONS = ArtifactSection.values();
  private static final int HEADER_FLAGS = 48;
  private static final int HEADER_TABLE = 40;
  private static final int SIZE_IN_SECTION_HEADER = 32;

  private final ArtifactKind kind;
  private final long[] sizes;
  private final long[] offsets;

  ElfFrame(ArtifactKind kind, long[] sizes) {
    this.kind = kind;
    this.sizes = sizes;
    offsets = Elf.layout(sizes);
  }

  /**
   * Reads header and section headers, and demands that they are exactly those that a writer makes
   * for these section sizes, with zeros between the sections.
   *
   * @throws ArtifactException NOT_AN_ARTIFACT or CORRUPT
   */
  static ElfFrame read(MemorySegment file) {
    ArtifactKind kind = kindOf(file);
    if (kind == null) {
      throw new ArtifactException(
          ArtifactException.Reason.NOT_AN_ARTIFACT,
          "not an artifact: no ELF header of this machine and kind");
    }
    long table = file.get(LONG, HEADER_TABLE);
    long tableBytes = (long) Elf.SECTION_COUNT * Elf.SECTION_HEADER_BYTES;
    if (table < Elf.HEADER_BYTES || table != file.byteSize() - tableBytes) {
      throw ArtifactException.corrupt("headers", "the section header table is not at the end");
    }
    long[] sizes = new long[SECTIONS.length];
    for (ArtifactSection section : SECTIONS) {
      long header = table + (long) section.index() * Elf.SECTION_HEADER_BYTES;
      long size = file.get(LONG, header + SIZE_IN_SECTION_HEADER);
      if (size < 0 || size > file.byteSize()) {
        throw ArtifactException.corrupt(section.sectionName(), "size " + size);
      }
      sizes[section.ordinal()] = size;
    }
    ElfFrame frame = new ElfFrame(kind, sizes);
    frame.requireExact(file, table);
    return frame;
  }

  /** The kind of artifact that {@code file}, or the beginning of it, claims to be, or null. */
  static @Nullable ArtifactKind kindOf(MemorySegment file) {
    if (file.byteSize() < Elf.HEADER_BYTES) {
      return null;
    }
    for (ArtifactKind kind : ArtifactKind.values()) {
      byte[] expected = Elf.header(kind, new long[] {file.get(LONG, HEADER_TABLE)});
      if (file.asSlice(0, Elf.HEADER_BYTES).mismatch(MemorySegment.ofArray(expected)) < 0) {
        return kind;
      }
    }
    return null;
  }

  private void requireExact(MemorySegment file, long table) {
    if (offsets[offsets.length - 1] != table) {
      throw ArtifactException.corrupt("headers", "the sections do not fill the file");
    }
    if (size(ArtifactSection.SEAL) != ArtifactSeal.SECTION_BYTES) {
      throw ArtifactException.corrupt(ArtifactSection.SEAL.sectionName(), "wrong size");
    }
    int symbols = (int) (size(ArtifactSection.SYMBOLS) / Elf.SYMBOL_BYTES);
    MemorySegment expected = MemorySegment.ofArray(Elf.sectionHeaders(sizes, offsets, symbols));
    if (file.asSlice(table).mismatch(expected) >= 0) {
      throw ArtifactException.corrupt("headers", "unexpected section headers");
    }
    long behind = Elf.HEADER_BYTES;
    for (ArtifactSection section : SECTIONS) {
      requireZeros(file, behind, offset(section));
      behind = offset(section) + size(section);
    }
    requireZeros(file, behind, table);
  }

  private static void requireZeros(MemorySegment file, long from, long to) {
    for (long at = from; at < to; at++) {
      if (file.get(ValueLayout.JAVA_BYTE, at) != 0) {
        throw ArtifactException.corrupt("padding", "byte " + at + " is not zero");
      }
    }
  }

  ArtifactKind kind() {
    return kind;
  }

  long offset(ArtifactSection section) {
    return offsets[section.ordinal()];
  }

  long size(ArtifactSection section) {
    return sizes[section.ordinal()];
  }

  long[] sizes() {
    return sizes;
  }

  long[] offsets() {
    return offsets;
  }

  MemorySegment slice(MemorySegment file, ArtifactSection section) {
    return file.asSlice(offset(section), size(section));
  }

  byte[] bytes(MemorySegment file, ArtifactSection section) {
    return slice(file, section).toArray(ValueLayout.JAVA_BYTE);
  }

  /** The flags word of a header, for messages. */
  static int flags(MemorySegment file) {
    return file.get(INT, HEADER_FLAGS);
  }
}
