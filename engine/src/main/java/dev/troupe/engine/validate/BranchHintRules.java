package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;

/**
 * What is wrong with the branch hints of a module, for tools that want to know: for an engine a
 * wrong hint is no hint.
 */
public final class BranchHintRules {
  private BranchHintRules() {}

  /**
   * Checks that every hint is for an {@code if} or a {@code br_if}.
   *
   * @param module a valid module
   * @throws dev.troupe.engine.wasm.MalformedException when the section is malformed
   * @throws InvalidException when a hint is for something else
   */
  public static void check(WasmModule module) {
    BranchHints hints = BranchHints.read(module);
    InstructionReader reader = new InstructionReader(module.bytes(), WasmFeatures.ALL);
    int next = 0;
    while (next < hints.size()) {
      next = checkFunction(module, reader, hints, next);
    }
  }

  /**
   * Checks the hints from {@code first} on that are for the same function; the next one's index.
   */
  private static int checkFunction(
      WasmModule module, InstructionReader reader, BranchHints hints, int first) {
    int function = hints.function(first);
    FuncBody body = module.body(function);
    int next = first;
    reader.position(body.codeOffset());
    while (reader.position() < body.end()) {
      WasmOp op = reader.next();
      boolean isNext =
          next < hints.size()
              && hints.function(next) == function
              && hints.offset(next) == reader.offset() - body.offset();
      if (isNext && (op == WasmOp.IF || op == WasmOp.BR_IF)) {
        next++;
      }
    }
    if (next < hints.size() && hints.function(next) == function) {
      throw new InvalidException(
          "@" + BranchHints.SECTION + " annotation: invalid target",
          body.offset() + hints.offset(next));
    }
    return next;
  }
}
