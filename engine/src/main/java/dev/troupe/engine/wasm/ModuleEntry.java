package dev.troupe.engine.wasm;

/** Kinds of entries of a module's sections, for {@link WasmModule#entryOffset}. */
public enum ModuleEntry {
  TYPE,
  IMPORT,
  /** Entries of the function section: functions without the imported ones. */
  FUNCTION,
  TABLE,
  MEMORY,
  TAG,
  GLOBAL,
  EXPORT,
  START,
  ELEMENT,
  DATA
}
