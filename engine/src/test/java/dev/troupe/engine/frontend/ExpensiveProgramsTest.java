package dev.troupe.engine.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.BranchHints;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import org.junit.jupiter.api.Test;

/** Functions built to be expensive stay small: what is counted is the size of the result. */
class ExpensiveProgramsTest {
  private static SsaFunction compile(String locals, String body) {
    String text = "(module (func (param i32) (result i32) " + locals + body + " local.get 0))";
    WasmFeatures features = WasmFeatures.WASM2_SCALAR;
    WasmModule module = ModuleDecoder.decode(Wat.toBinary(text), features, WasmLimits.DEFAULT);
    SsaFunction function =
        new FunctionTranslator(
                module,
                FunctionTranslator.layoutOf(module),
                Tunables.DEFAULT,
                features,
                BranchHints.EMPTY)
            .translate(0, "");
    PassPipeline.run(function, true, true);
    return function;
  }

  @Test
  void manyLocalsAndLoopsNeedNoParameters() {
    String locals = "(local " + "i32 ".repeat(10_000) + ")";
    StringBuilder body = new StringBuilder();
    for (int i = 1; i <= 300; i++) {
      body.append("loop local.get ").append(i).append(" br_if 0 end\n");
    }
    SsaFunction function = compile(locals, body.toString());
    assertThat(function.valueCount()).isLessThan(5_000);
  }

  @Test
  void deepNesting() {
    String body = "block ".repeat(2000) + "local.get 0 br_if 1999 " + "end ".repeat(2000);
    assertThat(compile("", body).blockCount()).isLessThan(50);
  }

  @Test
  void deepLoops() {
    String body =
        "loop local.get 0 i32.const 1 i32.sub local.set 0 ".repeat(500)
            + "local.get 0 br_if 0 end ".repeat(500);
    assertThat(compile("", body).valueCount()).isLessThan(10_000);
  }

  @Test
  void manyBranchesInARow() {
    String body = "block local.get 0 br_if 0 local.get 0 drop end ".repeat(5000);
    assertThat(compile("", body).valueCount()).isLessThan(20_000);
  }

  /** Each read would walk the whole chain of blocks if it went step by step. */
  @Test
  void manyLocalsReadBehindManyBranches() {
    StringBuilder body = new StringBuilder("block ");
    for (int i = 1; i <= 3000; i++) {
      body.append("local.get 0 local.set ").append(i).append(' ');
    }
    body.append("local.get 0 br_if 0 ".repeat(15_000));
    for (int i = 1; i <= 3000; i++) {
      body.append("local.get ").append(i).append(" local.set 0 ");
    }
    String locals = "(local " + "i32 ".repeat(3000) + ")";
    assertThat(compile(locals, body.append("end ").toString()).blockCount()).isLessThan(50_000);
  }

  /** Each read would walk over all joins before it if none of them remembered what was found. */
  @Test
  void localReadOnlyInsideOfManyConditionals() {
    String body = "local.get 0 if local.get 1 drop end ".repeat(25_000);
    assertThat(compile("(local i32)", body).valueCount()).isLessThan(1_000);
  }

  @Test
  void largeTableOfOneTarget() {
    String body =
        "block i32.const 7 local.set 0 local.get 0 br_table " + "0 ".repeat(20_000) + "end ";
    assertThat(compile("", body).blockCount()).isLessThan(50);
  }

  @Test
  void largeTableOfManyTargets() {
    StringBuilder body = new StringBuilder("block ".repeat(1000));
    body.append("local.get 0 i32.const 1 local.set 0 br_table ");
    for (int i = 0; i < 10_000; i++) {
      body.append(i % 1000).append(' ');
    }
    body.append("0 ");
    body.append("end local.get 0 i32.const 3 i32.add local.set 0 ".repeat(1000));
    assertThat(compile("", body.toString()).valueCount()).isLessThan(50_000);
  }
}
