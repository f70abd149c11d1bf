package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.artifact.ArtifactReader;
import dev.troupe.engine.artifact.ArtifactWriter;
import dev.troupe.engine.artifact.CompiledModule;
import dev.troupe.engine.contract.CompileMeter;
import dev.troupe.engine.contract.CompileRequest;
import dev.troupe.engine.contract.CompilerService;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.oracle.WasmGenerator;
import dev.troupe.engine.ssa.pass.PassPipeline;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** The pipeline as a whole. */
class ModuleCompilerTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final byte[] ADD =
      Wat.toBinary(
          "(module (func (export \"add\") (param i32 i32) (result i32)"
              + " (i32.add (local.get 0) (local.get 1))))");

  private static CompileRequest request(byte[] wasm, int parallelism) {
    return new CompileRequest(
        wasm,
        WasmFeatures.DEFAULT,
        WasmLimits.DEFAULT,
        Tunables.DEFAULT,
        IsaFeature.none(),
        parallelism,
        true);
  }

  private static byte[] compile(byte[] wasm) {
    return ArtifactWriter.write(
        ModuleCompiler.compile(request(wasm, 1), CompileLimits.DEFAULT, Runnable::run));
  }

  @Test
  void theServiceMakesArtifactsThatCanBeRead() {
    CompilerService service = ServiceLoader.load(CompilerService.class).findFirst().orElseThrow();
    CompileRequest request = request(ADD, 2);
    byte[] elf = service.compile(request, CompileMeter.unlimited());
    assertThat(elf).isEqualTo(compile(ADD));
    CompiledModule compiled =
        ArtifactReader.read(
                MemorySegment.ofArray(elf),
                ModuleCompiler.compile(request, CompileLimits.DEFAULT, Runnable::run).metadata(),
                null)
            .module();
    assertThat(compiled.functions().count()).isEqualTo(1);
    assertThat(compiled.text().byteSize()).isEqualTo(4096);
  }

  @Test
  void bytesDoNotDependOnThreads() {
    Random random = new Random(20);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      for (long seed = 1; seed <= 20; seed++) {
        byte[] wasm = WasmGenerator.generate(seed, false);
        byte[] expected = compile(wasm);
        List<Runnable> delayed = new ArrayList<>();
        byte[] parallel =
            ArtifactWriter.write(
                ModuleCompiler.compile(
                    request(wasm, 4),
                    CompileLimits.DEFAULT,
                    task -> {
                      delayed.add(task);
                      if (delayed.size() == 3) {
                        Collections.shuffle(delayed, random);
                        delayed.forEach(pool::execute);
                      }
                    }));
        assertThat(parallel).as("seed %d", seed).isEqualTo(expected);
      }
    }
  }

  @Test
  void anExecutorThatRefusesOnlyCostsTime() {
    CompiledModule compiled =
        ModuleCompiler.compile(
            request(WasmGenerator.generate(7, false), 4),
            CompileLimits.DEFAULT,
            task -> {
              throw new RejectedExecutionException("full");
            });
    assertThat(compiled.functions().count()).isPositive();
  }

  @Test
  void theFirstInvalidFunctionIsReported() {
    StringBuilder wat = new StringBuilder("(module ");
    for (int i = 0; i < 50; i++) {
      wat.append(i % 10 == 3 ? "(func (result i32) (f32.const 0))" : "(func)");
    }
    byte[] wasm = Wat.toBinary(wat.append(')').toString());
    String alone = messageOf(wasm, 1);
    for (int i = 0; i < 10; i++) {
      assertThat(messageOf(wasm, 4)).isEqualTo(alone);
    }
  }

  private static String messageOf(byte[] wasm, int threads) {
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      ModuleCompiler.compile(request(wasm, threads), CompileLimits.DEFAULT, pool);
      throw new AssertionError("compiled an invalid module");
    } catch (InvalidException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void limitsAreTyped() {
    CompileLimits noWork = CompileLimits.DEFAULT.within(Duration.ZERO, Duration.ofHours(1));
    assertThatThrownBy(() -> ModuleCompiler.compile(request(ADD, 1), noWork, Runnable::run))
        .isInstanceOf(CompileLimitException.class)
        .hasMessageContaining("more than 0 ms of processor time");
    CompileLimits noTime = CompileLimits.DEFAULT.within(Duration.ofHours(1), Duration.ZERO);
    assertThatThrownBy(() -> ModuleCompiler.compile(request(ADD, 1), noTime, Runnable::run))
        .isInstanceOf(CompileLimitException.class)
        .hasMessageContaining("more than 0 ms, of which ");
    CompileLimits noMemory = new CompileLimits(LONG, LONG, 1000, 4);
    assertThatThrownBy(() -> ModuleCompiler.compile(request(ADD, 1), noMemory, Runnable::run))
        .isInstanceOf(CompileLimitException.class)
        .hasMessageContaining("function 0");
  }

  /** 40,000 locals assigned in 100 nested loops: four million block parameters from 400 KB. */
  @Test
  void blockParametersOfNestedLoopsAreCounted() {
    StringBuilder wat = new StringBuilder("(module (func (param i32)");
    wat.append("(local i32)".repeat(39_999)).append("(loop ".repeat(100));
    for (int i = 1; i < 40_000; i++) {
      wat.append("(local.set ").append(i).append(" (local.get 0))");
    }
    byte[] wasm = Wat.toBinary(wat.append(")".repeat(102)).toString());
    CompileLimits limits = new CompileLimits(LONG, LONG, 1L << 30, 1);
    assertThatThrownBy(() -> ModuleCompiler.compile(request(wasm, 1), limits, Runnable::run))
        .isInstanceOf(CompileLimitException.class)
        .hasMessageContaining("working memory");
  }

  @Test
  void aModuleWaitsForMemoryThatItsOwnFunctionsUse() {
    byte[] wasm = WasmGenerator.generate(11, false);
    long most = 4L << 20;
    CompileLimits tight = new CompileLimits(LONG, LONG, most, 4);
    try (ExecutorService pool = Executors.newFixedThreadPool(4)) {
      byte[] elf = ArtifactWriter.write(ModuleCompiler.compile(request(wasm, 4), tight, pool));
      assertThat(elf).isEqualTo(compile(wasm));
    }
  }

  @Test
  void optimizationsAreLeftOutByName() {
    String printed = printWithout("value-numbering");
    assertThat(printWithout("dead-code")).isNotEqualTo(printed);
    assertThatThrownBy(() -> printWithout("dead-coda"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dead-code")
        .hasMessageContaining("inlining");
    assertThatThrownBy(() -> printWithout("block-layout"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String printWithout(String name) {
    byte[] wasm = Wat.toBinary("(module (func (result i32) (drop (i32.const 1)) (i32.const 2)))");
    CompileRequest all = request(wasm, 1);
    CompileRequest some =
        new CompileRequest(
            wasm, all.features(), all.limits(), all.tunables(), all.isa(), 1, true, Set.of(name));
    return ModuleCompiler.print(some, CompileStage.OPT, 0);
  }

  @Test
  void everyStagePrints() {
    for (CompileStage stage : CompileStage.values()) {
      String text = ModuleCompiler.print(request(ADD, 1), CompileStage.of(stage.text()), 0);
      assertThat(text).as(stage.text()).contains(stage == CompileStage.ASM ? "lea" : "add");
      assertThat(ModuleCompiler.printAll(request(ADD, 1), stage)).contains("func0");
    }
    assertThatThrownBy(() -> ModuleCompiler.print(request(ADD, 1), CompileStage.ASM, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void everyPassPrints() {
    for (boolean optimize : new boolean[] {true, false}) {
      for (PassPipeline.Row row : PassPipeline.of(optimize).rows()) {
        Snapshot point = Snapshot.of(row.name(), optimize);
        assertThat(ModuleCompiler.print(request(ADD, 1), point, 0)).as(row.name()).contains("add");
      }
    }
    assertThat(Snapshot.of("opt", true)).isEqualTo(CompileStage.OPT);
    assertThat(Snapshot.of("remove-unreachable", false)).isEqualTo(new Snapshot.AfterPass(1));
    Snapshot.AfterPass first = (Snapshot.AfterPass) Snapshot.of("value-numbering:1", true);
    Snapshot.AfterPass last = (Snapshot.AfterPass) Snapshot.of("value-numbering", true);
    assertThat(first.rows()).isLessThan(last.rows());
    assertThatThrownBy(() -> Snapshot.of("value-numbering:99", true)).hasMessageContaining("99");
    assertThatThrownBy(() -> Snapshot.of("value-numbering:", true)).hasMessageContaining("runs");
    assertThatThrownBy(() -> Snapshot.of("magic", true)).hasMessageContaining("value-numbering");
  }
}
