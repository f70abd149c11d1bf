package dev.troupe.engine.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The few structures of ELF64 that an artifact uses (System V ABI, "Object Files"). The whole frame
 * of a file (header, section header table, padding) is a function of kind and section sizes: the
 * writer writes it, the reader demands that the file has exactly it.
 */
final class Elf {
  static final int SHT_PROGBITS = 1;
  static final int SHT_SYMTAB = 2;
  static final int SHT_STRTAB = 3;
  static final int SHF_ALLOC = 2;
  static final int SHF_EXECINSTR = 4;

  static final int HEADER_BYTES = 64;
  static final int SECTION_HEADER_BYTES = 64;
  static final int SYMBOL_BYTES = 24;
  static final int SECTION_COUNT = ArtifactSection.values().length + 1;

  private static final int ET_REL = 1;
  private static final int EM_X86_64 = 62;
  private static final int STT_FUNC_LOCAL = 2;

  private Elf() {}

  /** File offsets of the sections for these sizes; one more element: the section header table. */
  static long[] layout(long[] sizes) {
    long[] offsets = new long[sizes.length + 1];
    long at = HEADER_BYTES;
    for (ArtifactSection section : ArtifactSection.values()) {
      long alignment = section.alignment();
      at = at + alignment - 1 & -alignment;
      offsets[section.ordinal()] = at;
      at += sizes[section.ordinal()];
    }
    offsets[sizes.length] = at + 7 & -8;
    return offsets;
  }

  static long fileBytes(long[] offsets) {
    return offsets[offsets.length - 1] + (long) SECTION_COUNT * SECTION_HEADER_BYTES;
  }

  static byte[] header(ArtifactKind kind, long[] offsets) {
    ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.put(new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1, 0}).putLong(0);
    out.putShort((short) ET_REL).putShort((short) EM_X86_64).putInt(1);
    out.putLong(0).putLong(0).putLong(offsets[offsets.length - 1]);
    out.putInt(kind.flags()).putShort((short) HEADER_BYTES).putShort((short) 0).putShort((short) 0);
    out.putShort((short) SECTION_HEADER_BYTES).putShort((short) SECTION_COUNT);
    out.putShort((short) ArtifactSection.SECTION_NAMES.index());
    return out.array();
  }

  static byte[] sectionHeaders(long[] sizes, long[] offsets, int symbolCount) {
    ByteBuffer out =
        ByteBuffer.allocate(SECTION_COUNT * SECTION_HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.position(SECTION_HEADER_BYTES);
    int name = 1;
    for (ArtifactSection section : ArtifactSection.values()) {
      boolean symbols = section == ArtifactSection.SYMBOLS;
      out.putInt(name).putInt(section.type()).putLong(section.flags()).putLong(0);
      out.putLong(offsets[section.ordinal()]).putLong(sizes[section.ordinal()]);
      out.putInt(symbols ? ArtifactSection.SYMBOL_NAMES.index() : 0);
      out.putInt(symbols ? symbolCount : 0);
      out.putLong(section.alignment()).putLong(symbols ? SYMBOL_BYTES : 0);
      name += section.sectionName().length() + 1;
    }
    return out.array();
  }

  static byte[] sectionNames() {
    StringBuilder names = new StringBuilder("\0");
    for (ArtifactSection section : ArtifactSection.values()) {
      names.append(section.sectionName()).append('\0');
    }
    return names.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Symbol table and its string table for the functions of a module. */
  record Symbols(byte[] table, byte[] names) {}

  static Symbols symbols(FunctionTable functions, SymbolNamer namer) {
    ByteBuffer table =
        ByteBuffer.allocate(SYMBOL_BYTES * (functions.count() + 1)).order(ByteOrder.LITTLE_ENDIAN);
    table.position(SYMBOL_BYTES);
    WireWriter names = new WireWriter();
    names.put(0);
    for (int i = 0; i < functions.count(); i++) {
      table.putInt(names.size()).put((byte) STT_FUNC_LOCAL).put((byte) 0);
      table.putShort((short) ArtifactSection.TEXT.index());
      table.putLong(functions.start(i)).putLong(functions.end(i) - functions.start(i));
      for (byte b : namer.name(i).getBytes(StandardCharsets.UTF_8)) {
        names.put(b);
      }
      names.put(0);
    }
    return new Symbols(table.array(), names.toByteArray());
  }

  /** Names defined function i. */
  interface SymbolNamer {
    String name(int definedFunction);
  }
}
