package dev.troupe.engine.runtime;

import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.ExternType;

/** Something that can be imported and exported. Belongs to one store. */
public sealed interface VmExtern permits VmFunction, VmMemory, VmTable, VmGlobal, VmTag {
  /** The store that owns it. */
  VmStore store();

  /** Which of the five it is; unlike {@link #type}, made of nothing. */
  ExternKind kind();

  /** Its type now: minimum limits are the present sizes. */
  ExternType type();
}
