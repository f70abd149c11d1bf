package dev.troupe.engine.artifact;

/**
 * The sections of an artifact in the order in which they lie in the file. One row each: name, what
 * decodes it, ELF type and flags, alignment.
 */
public enum ArtifactSection {
  /** {@link EngineMetadataCodec}: the engine that compiled this. Always first. */
  ENGINE(".troupe.engine", Elf.SHT_PROGBITS, 0, 1),
  /** {@link ArtifactSeal}: digest, MAC, and a checksum per part of the file. */
  SEAL(".troupe.seal", Elf.SHT_PROGBITS, 0, 8),
  /** {@link ModuleTypesCodec}: the types of the module. */
  TYPES(".troupe.types", Elf.SHT_PROGBITS, 0, 1),
  /** {@link ModuleInfoReader}: the rest of the module, function table, image list. */
  INFO(".troupe.info", Elf.SHT_PROGBITS, 0, 1),
  /** {@link TrapTable}. */
  TRAPS(".troupe.traps", Elf.SHT_PROGBITS, 0, 4),
  /** {@link AddressMap}. */
  ADDRESSES(".troupe.addrmap", Elf.SHT_PROGBITS, 0, 4),
  /** {@link InlineMap}. */
  INLINES(".troupe.inlines", Elf.SHT_PROGBITS, 0, 4),
  /** {@link StackMaps}. */
  STACK_MAPS(".troupe.stackmap", Elf.SHT_PROGBITS, 0, 4),
  /** {@link ExceptionTable}. */
  EXCEPTIONS(".troupe.exceptions", Elf.SHT_PROGBITS, 0, 4),
  /** One byte, 0: no branch protection. */
  BRANCH_PROTECTION(".troupe.bti", Elf.SHT_PROGBITS, 0, 1),
  /** Module and function names in the format of the custom section {@code name}. */
  NAMES(".troupe.name", Elf.SHT_PROGBITS, 0, 1),
  /** Symbols of the functions, for tools; compared with what the function table demands. */
  SYMBOLS(".symtab", Elf.SHT_SYMTAB, 0, 8),
  /** Names of the symbols. */
  SYMBOL_NAMES(".strtab", Elf.SHT_STRTAB, 0, 1),
  /** Names of the sections. */
  SECTION_NAMES(".shstrtab", Elf.SHT_STRTAB, 0, 1),
  /** Memory images, whole pages each, then the bytes of the other data segments. */
  DATA(".rodata.wasm", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, MemoryImage.PAGE_BYTES),
  /** Machine code, whole pages. */
  TEXT(".text", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_EXECINSTR, MemoryImage.PAGE_BYTES);

  private final String sectionName;
  private final int type;
  private final int flags;
  private final int alignment;

  ArtifactSection(String sectionName, int type, int flags, int alignment) {
    this.sectionName = sectionName;
    this.type = type;
    this.flags = flags;
    this.alignment = alignment;
  }

  /** The name in the file. */
  public String sectionName() {
    return sectionName;
  }

  int type() {
    return type;
  }

  int flags() {
    return flags;
  }

  int alignment() {
    return alignment;
  }

  /** Index in the section header table; 0 is the null section. */
  int index() {
    return ordinal() + 1;
  }
}
