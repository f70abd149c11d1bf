package dev.troupe.engine.validate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.Modules;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FunctionFactsTest {
  private static final FuncType NOTHING = new FuncType(List.of(), List.of());
  private static final int I32 = 0x7F;

  private WasmModule module = decode(Modules.withBody(NOTHING, w -> w.u8(0x0B)));

  private static WasmModule decode(byte[] bytes) {
    return ModuleDecoder.decode(bytes, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
  }

  private FunctionFacts facts(int locals, int... code) {
    byte[] bytes =
        Modules.withBody(
            NOTHING,
            List.of(new int[] {locals, I32}),
            w -> {
              for (int b : code) {
                w.u8(b);
              }
            });
    module = decode(bytes);
    return ModuleValidator.check(module, WasmFeatures.DEFAULT, WasmLimits.DEFAULT)
        .functionValidator()
        .validate(0);
  }

  @Test
  void blocksKnowWhereTheyStartBranchAndEnd() {
    FunctionFacts facts =
        facts(
            1, 0x02, 0x40, // block
            0x41, 0x01, 0x04, 0x40, // i32.const 1, if
            0x05, // else
            0x0B, // end
            0x0B, // end
            0x0B);
    FuncBody body = module.body(0);
    int code = body.codeOffset();
    assertThat(facts.blockCount()).isEqualTo(2);
    assertThat(facts.startOffset(0)).isEqualTo(code);
    assertThat(facts.elseOffset(0)).isEqualTo(FunctionFacts.NO_ELSE);
    assertThat(facts.endOffset(0)).isEqualTo(code + 8);
    assertThat(facts.startOffset(1)).isEqualTo(code + 4);
    assertThat(facts.elseOffset(1)).isEqualTo(code + 6);
    assertThat(facts.endOffset(1)).isEqualTo(code + 7);
    assertThat(facts.maxNesting()).isEqualTo(3);
    assertThat(facts.maxOperands()).isEqualTo(1);
    assertThat(facts.instructionCount()).isEqualTo(7);
  }

  @Test
  void loopsKnowTheLocalsAssignedInsideThem() {
    FunctionFacts facts =
        facts(
            4, 0x41, 0x00, 0x21, 0x00, // local 0 before any loop
            0x03, 0x40, // loop
            0x41, 0x00, 0x21, 0x01, // local 1
            0x03, 0x40, // loop
            0x41, 0x00, 0x21, 0x02, // local 2
            0x41, 0x00, 0x22, 0x02, 0x1A, // local 2 again
            0x0B, 0x41, 0x00, 0x21, 0x02, // local 2 again, after the inner loop
            0x41, 0x00, 0x21, 0x03, // local 3
            0x0B, 0x03, 0x40, // loop
            0x41, 0x00, 0x21, 0x01, // local 1
            0x0B, 0x0B);
    assertThat(assigned(facts, 0)).containsExactly(1, 2, 3);
    assertThat(assigned(facts, 1)).containsExactly(2);
    assertThat(assigned(facts, 2)).containsExactly(1);
  }

  private static Set<Integer> assigned(FunctionFacts facts, int block) {
    Set<Integer> result = new TreeSet<>();
    for (int i = facts.assignmentsStart(block); i < facts.assignmentsEnd(block); i++) {
      result.add(facts.assignedLocal(i));
    }
    return result;
  }

  @Test
  void unreachableBlocksCountToo() {
    FunctionFacts facts = facts(1, 0x00, 0x02, 0x40, 0x03, 0x40, 0x0B, 0x0B, 0x0B);
    assertThat(facts.blockCount()).isEqualTo(2);
  }
}
