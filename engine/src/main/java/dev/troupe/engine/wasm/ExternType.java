package dev.troupe.engine.wasm;

/** The type of an import or an export (section 2.3.16). */
public sealed interface ExternType permits FuncType, TableType, MemoryType, GlobalType, TagType {
  /** Which index space the thing lives in. */
  ExternKind kind();
}
