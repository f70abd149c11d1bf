package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.wasm.FuncType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The programs of the Sightglass suite print what they must, with the optimizing passes and without
 * them: real programs, compiled by clang, rustc and TinyGo, are the widest test of the compiler.
 */
class ProgramsTest {
  private static final FuncType NOTHING = FuncType.of(List.of(), List.of());

  /** All of the suite; a corpus that shrinks is a mistake. */
  private static final int PROGRAMS = 21;

  /** Seconds of computing that say nothing new when the passes are off. */
  private static final Set<String> LONG =
      Set.of("shootout-fib2.wasm", "shootout-heapsort.wasm", "shootout-sieve.wasm", "sqlite3.wasm");

  @Test
  void programsPrintWhatTheyMust() throws IOException {
    assertPrint(true, Set.of());
  }

  @Test
  void programsPrintTheSameWithoutPasses() throws IOException {
    assertPrint(false, LONG);
  }

  private static void assertPrint(boolean optimize, Set<String> without) throws IOException {
    EngineConfig config = EngineConfig.builder().optimize(optimize).build();
    List<String> wrong = new ArrayList<>();
    int count = 0;
    try (Engine engine = Engine.create(config)) {
      for (Path program : Corpus.files("programs/sightglass", ".wasm")) {
        if (!without.contains(program.getFileName().toString())) {
          count++;
          String difference = difference(engine, program);
          if (!difference.isEmpty()) {
            wrong.add(program + ": " + difference);
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(count).isEqualTo(PROGRAMS - without.size());
  }

  private static Path folderOf(Path program) {
    return program.resolveSibling("").normalize();
  }

  /** How the output differs from what is expected; empty when it does not. */
  private static String difference(Engine engine, Path program) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    String name = program.getFileName().toString();
    WasiContext.Builder world =
        WasiContext.builder()
            .arguments(List.of(name))
            .preopen(folderOf(program), ".")
            .stdout(out)
            .stderr(err);
    Linker<WasiContext> linker = Linker.create(engine);
    Wasi.addTo(linker, data -> data);
    linker.func("bench", "start", NOTHING, (caller, call) -> {});
    linker.func("bench", "end", NOTHING, (caller, call) -> {});
    try (Module module = Module.fromFile(engine, program);
        WasiContext context = world.build();
        Store<WasiContext> store = Store.create(engine, context)) {
      linker.instantiate(store, module).func("_start").call();
    } catch (TrapException e) {
      if (Wasi.exitCode(e).orElse(1) != 0) {
        return String.valueOf(e.getMessage());
      }
    }
    String stem = name.substring(0, name.length() - ".wasm".length());
    String difference = compare(program.resolveSibling(stem + ".stdout.expected"), out);
    difference += compare(program.resolveSibling(stem + ".stdout.node26"), out);
    return difference + compare(program.resolveSibling(stem + ".stderr.expected"), err);
  }

  private static String compare(Path expected, ByteArrayOutputStream printed) throws IOException {
    if (!Files.exists(expected)) {
      return "";
    }
    byte[] wanted = Files.readAllBytes(expected);
    int at = Arrays.mismatch(wanted, printed.toByteArray());
    if (at < 0) {
      return "";
    }
    int from = Math.max(0, at - 40);
    String text = printed.toString(StandardCharsets.ISO_8859_1);
    return "differs from "
        + expected.getFileName()
        + " at byte "
        + at
        + ": ..."
        + text.substring(from, Math.min(text.length(), at + 40));
  }
}
