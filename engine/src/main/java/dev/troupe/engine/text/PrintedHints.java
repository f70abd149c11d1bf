package dev.troupe.engine.text;

import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.CustomSection;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;

/**
 * Which branch hints a module is printed with: all of them, as annotations of instructions, if
 * reading these gives the same section again, else none, and the section is printed as it is.
 */
final class PrintedHints {
  private static final int CODE_SECTION_ID = 10;

  private PrintedHints() {}

  static BranchHints of(WasmModule module) {
    BranchHints hints = BranchHints.of(module);
    return hints.size() > 0 && standsAlone(module) && areInstructions(module, hints)
        ? hints
        : BranchHints.EMPTY;
  }

  /** Whether there is one section, directly before the code. */
  private static boolean standsAlone(WasmModule module) {
    CustomSection found = null;
    for (CustomSection section : module.customSections()) {
      if (section.name().equals(BranchHints.SECTION)) {
        if (found != null) {
          return false;
        }
        found = section;
      }
    }
    int end = found == null ? 0 : found.offset() + found.length();
    return found != null && end < module.bytes().length && module.bytes()[end] == CODE_SECTION_ID;
  }

  private static boolean areInstructions(WasmModule module, BranchHints hints) {
    InstructionReader reader = new InstructionReader(module.bytes(), WasmFeatures.ALL);
    int function = -1;
    for (int i = 0; i < hints.size(); i++) {
      FuncBody body = module.body(hints.function(i));
      if (hints.function(i) != function) {
        function = hints.function(i);
        reader.position(body.codeOffset());
      }
      int wanted = body.offset() + hints.offset(i);
      while (reader.position() < wanted && reader.position() < body.end()) {
        reader.next();
      }
      if (reader.position() != wanted || wanted >= body.end() - 1) {
        return false;
      }
    }
    return true;
  }
}
