package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Percentage.withPercentage;

import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.validate.FunctionFacts;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a small body may need much memory for is counted before the memory is taken. */
class BodyEstimateTest {
  private static final WasmFeatures FEATURES =
      WasmFeatures.DEFAULT.with(WasmFeature.LEGACY_EXCEPTIONS);

  private static byte[] module(int tags, int locals, String body) {
    StringBuilder wat = new StringBuilder("(module ");
    for (int t = 0; t < tags; t++) {
      wat.append("(tag $t").append(t).append(") ");
    }
    return Wat.toBinary(
        wat.append("(func $may) (func (param i32) (local ")
            .append("i32 ".repeat(locals))
            .append(") ")
            .append(body)
            .append("))")
            .toString());
  }

  private static long estimate(int tags, int locals, String body) {
    WasmModule module =
        ModuleDecoder.decode(module(tags, locals, body), FEATURES, WasmLimits.DEFAULT);
    FunctionFacts facts =
        ModuleValidator.check(module, FEATURES, WasmLimits.DEFAULT).functionValidator().validate(1);
    return BodyEstimate.bytes(module, 1, facts, FEATURES);
  }

  private static void compile(byte[] wasm, long memoryBytes) {
    CompileRequest request =
        new CompileRequest(
            wasm, FEATURES, WasmLimits.DEFAULT, Tunables.DEFAULT, IsaFeature.none(), 1, false);
    ModuleCompiler.compile(
        request,
        new CompileLimits(Duration.ofMinutes(5), Duration.ofMinutes(5), memoryBytes, 1),
        Runnable::run);
  }

  private static String assignments(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      text.append("(local.set ").append(i).append(" (local.get 0)) ");
    }
    return text.toString();
  }

  private static String reads(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= count; i++) {
      text.append("(local.set 0 (i32.xor (local.get 0) (local.get ").append(i).append("))) ");
    }
    return text.toString();
  }

  /** So many clauses around so many calls, each behind an assignment. */
  private static String handlers(int clauses, int calls, int locals) {
    StringBuilder text = new StringBuilder("block try_table ");
    for (int t = 0; t < clauses; t++) {
      text.append("(catch $t").append(t).append(" 0) ");
    }
    for (int i = 0; i < calls; i++) {
      int local = 1 + i % locals;
      text.append("(call $may) (local.set ").append(local);
      text.append(" (i32.add (local.get ").append(local).append(") (i32.const ").append(i);
      text.append("))) ");
    }
    return text.append("end end ").append(reads(locals)).toString();
  }

  @Test
  void everyKindOfBlockIsOneBlock() {
    String inside = assignments(2000);
    long plain = estimate(1, 2000, "block block " + inside + "end end nop nop");
    assertThat(estimate(1, 2000, "block try_table " + inside + "end end nop nop"))
        .isCloseTo(plain, withPercentage(1));
    assertThat(estimate(1, 2000, "block try " + inside + "end end nop nop"))
        .isCloseTo(plain, withPercentage(1));
    assertThat(estimate(1, 2000, "block try " + inside + "delegate 0 end nop"))
        .isCloseTo(plain, withPercentage(1));
  }

  /** Small loops are unrolled, within an allowance. */
  @Test
  void copiesOfLoopsAreCounted() {
    String body = "(loop nop) ";
    assertThat(estimate(0, 0, body.repeat(10)) - estimate(0, 0, body))
        .isGreaterThan(9L * 100 * 400);
    assertThat(estimate(0, 0, body.repeat(10_000))).isLessThan(50L << 20);
  }

  /** The end of a try closed the block around it, and what follows counted for nobody. */
  @Test
  void whatFollowsATryBelongsToTheBlockAroundIt() {
    String inside = assignments(2000);
    String behind = " try_table nop end ".repeat(50);
    long with = estimate(0, 2000, "block ".repeat(50) + behind + inside + "end ".repeat(50));
    long without = estimate(0, 2000, "block ".repeat(50) + inside + "end ".repeat(50));
    assertThat(with).isGreaterThanOrEqualTo(without);
  }

  @Test
  void handlersTimesCallsTimesLocalsAreCounted() {
    long few = estimate(30, 100, handlers(1, 1000, 100));
    long many = estimate(30, 100, handlers(30, 1000, 100));
    assertThat(many - few).isGreaterThan(29L * 1000 * 100 * 40);
    byte[] wasm = module(30, 100, handlers(30, 1000, 100));
    assertThatThrownBy(() -> compile(wasm, 100L << 20))
        .isInstanceOf(CompileLimitException.class)
        .hasMessageContaining("working memory");
  }

  @Test
  void legacyHandlersAreCountedToo() {
    StringBuilder text = new StringBuilder("try ");
    text.append("(call $may) ".repeat(1000)).append(assignments(100));
    long without = estimate(100, 100, text + "catch $t0 end");
    for (int t = 0; t < 100; t++) {
      text.append("catch $t").append(t).append(' ');
    }
    assertThat(estimate(100, 100, text + "end") - without).isGreaterThan(20L * 1000 * 100 * 60);
  }

  @Test
  void argumentsAreBoundedWhateverMemoryThereIs() {
    byte[] handlers = module(50, 100, handlers(50, 1000, 100));
    assertThatThrownBy(() -> compile(handlers, 64L << 30))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("control flow too complex");
  }

  @Test
  void branchesTimesLocalsAreCounted() {
    StringBuilder branches = new StringBuilder("block ");
    for (int i = 0; i < 3000; i++) {
      int local = 1 + i % 1500;
      branches.append("(br_if 0 (local.get 0)) (local.set ").append(local);
      branches.append(" (i32.add (local.get ").append(local).append(") (i32.const 1))) ");
    }
    byte[] wasm = module(0, 1500, branches + "end " + reads(1500));
    assertThatThrownBy(() -> compile(wasm, 128L << 20))
        .isInstanceOf(CompileLimitException.class)
        .hasMessageContaining("working memory");
  }

  @Test
  void handlersAtOnePointAreBounded() {
    StringBuilder text = new StringBuilder();
    for (int t = 0; t < 1001; t++) {
      text.append("block try_table (catch $t").append(t).append(" 0) ");
    }
    byte[] wasm = module(1001, 0, text + "call $may " + "end end ".repeat(1001));
    assertThatThrownBy(() -> compile(wasm, 64L << 30))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("too many exception handlers");
  }

  /** Nested handlers of {@code tags} tags, outermost first, around so many throws of one tag. */
  private static byte[] throwing(int tags, int throwsTag, int count) {
    StringBuilder text = new StringBuilder("block ");
    for (int t = 0; t < tags; t++) {
      text.append("try_table (catch $t").append(t).append(' ').append(t).append(") ");
    }
    String each = "block (br_if 0 (local.get 0)) (throw $t" + throwsTag + ") end ";
    return module(tags, 0, text + each.repeat(count) + "end ".repeat(tags + 1));
  }

  /** Each throw asks the handlers around it, inner ones first. */
  @Test
  void handlersThatAThrowAsksAreCounted() {
    compile(throwing(900, 899, 2000), 64L << 30);
    assertThatThrownBy(() -> compile(throwing(900, 0, 2000), 64L << 30))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("control flow too complex");
  }

  /** Each construct would keep a list of all the handlers around it. */
  @Test
  void constructsWithManyHandlersAroundThemAreBounded() {
    StringBuilder outer = new StringBuilder("block ");
    for (int t = 0; t < 900; t += 100) {
      outer.append("try_table ");
      for (int k = t; k < t + 100; k++) {
        outer.append("(catch $t").append(k).append(' ').append(t / 100).append(") ");
      }
    }
    String ends = "end ".repeat(10);
    byte[] free = module(901, 0, outer + "try_table ".repeat(3000) + "end ".repeat(3000) + ends);
    compile(free, 64L << 30);
    StringBuilder nested = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      nested.append("try_table (catch $t900 ").append(9 + i).append(") ");
    }
    byte[] wasm = module(901, 0, outer.append(nested) + "end ".repeat(3000) + ends);
    assertThatThrownBy(() -> compile(wasm, 64L << 30))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("control flow too complex");
  }
}
