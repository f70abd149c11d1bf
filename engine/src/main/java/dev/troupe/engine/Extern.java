package dev.troupe.engine;

import dev.troupe.engine.runtime.VmExtern;
import dev.troupe.engine.wasm.ExternType;

/** Something that can be exported and imported. Belongs to one store. */
public sealed interface Extern permits Func, Memory, Table, Global, Tag {
  /** Its type; the minimum of memories and tables is their present size. */
  ExternType type();

  /** What is behind it. */
  VmExtern internal();
}
