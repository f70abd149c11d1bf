package dev.troupe.engine.runtime.exec;

import org.jspecify.annotations.Nullable;

/**
 * One guest function on the stack of a fiber.
 *
 * @param moduleKey of the module as it was loaded, unique in its engine
 * @param module the module's own name, or null
 * @param functionIndex index in the module's function space
 * @param function the function's name, or null
 * @param wasmOffset byte offset in the module of the instruction, or -1 when unknown
 * @param codeOffset offset in the compiled text of the instruction, or of the one after a call
 */
public record WasmFrame(
    long moduleKey,
    @Nullable String module,
    int functionIndex,
    @Nullable String function,
    int wasmOffset,
    int codeOffset) {

  /** For example {@code app!fib (function 3) at 0x1f}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (module != null) {
      text.append(module).append('!');
    }
    if (function != null) {
      text.append(function).append(" (function ").append(functionIndex).append(')');
    } else {
      text.append("function ").append(functionIndex);
    }
    if (wasmOffset >= 0) {
      text.append(" at 0x").append(Integer.toHexString(wasmOffset));
    }
    return text.toString();
  }
}
