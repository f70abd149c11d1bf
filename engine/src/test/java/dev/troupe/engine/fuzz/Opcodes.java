package dev.troupe.engine.fuzz;

import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmOp;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** The instructions of a case. */
final class Opcodes {
  /** Products of integers. */
  static final Predicate<WasmOp> MULTIPLIES = op -> op == WasmOp.I32_MUL || op == WasmOp.I64_MUL;

  private Opcodes() {}

  static void each(FuzzCase fuzzCase, Consumer<WasmOp> visitor) {
    InstructionReader reader = new InstructionReader(fuzzCase.wasm(), FuzzCase.FEATURES);
    for (FuncBody body : fuzzCase.module().bodies()) {
      reader.position(body.codeOffset());
      while (reader.position() < body.end()) {
        visitor.accept(reader.next());
      }
    }
  }

  static Set<WasmOp> in(FuzzCase fuzzCase) {
    Set<WasmOp> ops = EnumSet.noneOf(WasmOp.class);
    each(fuzzCase, ops::add);
    return ops;
  }

  static int count(FuzzCase fuzzCase) {
    int[] count = {0};
    each(fuzzCase, op -> count[0]++);
    return count[0];
  }
}
