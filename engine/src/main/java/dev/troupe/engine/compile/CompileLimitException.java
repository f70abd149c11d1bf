package dev.troupe.engine.compile;

import dev.troupe.engine.wasm.WasmException;

/** Compiling a module would cost more than its {@link CompileLimits} allow. */
public final class CompileLimitException extends WasmException {
  private static final long serialVersionUID = 1L;

  CompileLimitException(String message) {
    super("compile limit exceeded: " + message);
  }
}
