package dev.troupe.engine.wasm;

/**
 * One import (section 2.5.10).
 *
 * @param module first-level name
 * @param name second-level name
 * @param type what is asked for; a function's type is also in {@link WasmModule#functionType(int)}
 */
public record Import(String module, String name, ExternType type) {
  public ExternKind kind() {
    return type.kind();
  }
}
