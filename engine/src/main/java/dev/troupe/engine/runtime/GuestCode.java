package dev.troupe.engine.runtime;

import dev.troupe.engine.wasm.FuncType;

/** Addresses of the generated code that connects host and guest; one set per process. */
public interface GuestCode {
  /** The process's set, generated on first use. */
  static GuestCode instance() {
    throw new IllegalStateException("no stubs yet");
  }

  /** Address of the table of builtin stubs. */
  long builtinTable();

  /** The fixed entry {@code int enter(long storeContext)}. */
  long enter();

  /** Where a fresh fiber starts for functions of this type. */
  long entryPreamble(FuncType type);

  /** The code that a guest calls for a host function of this type. */
  long hostTrampoline(FuncType type);
}
