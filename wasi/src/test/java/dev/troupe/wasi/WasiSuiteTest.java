package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.troupe.engine.Engine;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The public test suite of WASI: programs in C, Rust and AssemblyScript that exit with 0 when they
 * are content.
 */
class WasiSuiteTest {
  /** So many programs has the suite; a corpus that shrinks is a mistake. */
  private static final int PROGRAMS = 57;

  @TempDir Path scratch;

  /** What a program gets and must give. */
  private record Expectation(
      List<String> arguments,
      Map<String, String> environment,
      String root,
      int status,
      @Nullable String output) {
    static Expectation beside(Path program) throws IOException {
      String name = program.getFileName().toString();
      Path file = program.resolveSibling(name.substring(0, name.length() - 5) + ".json");
      JsonObject json =
          Files.exists(file)
              ? JsonParser.parseString(Files.readString(file)).getAsJsonObject()
              : new JsonObject();
      List<String> arguments = new ArrayList<>(List.of(name));
      if (json.has("args")) {
        json.getAsJsonArray("args").forEach(argument -> arguments.add(argument.getAsString()));
      }
      Map<String, String> environment = new LinkedHashMap<>();
      if (json.has("env")) {
        for (Map.Entry<String, JsonElement> variable : json.getAsJsonObject("env").entrySet()) {
          environment.put(variable.getKey(), variable.getValue().getAsString());
        }
      }
      return new Expectation(
          arguments,
          environment,
          json.has("root") ? json.get("root").getAsString() : "",
          json.has("exit_code") ? json.get("exit_code").getAsInt() : 0,
          json.has("stdout") ? json.get("stdout").getAsString() : null);
    }
  }

  @Test
  void programsAreContent() throws IOException {
    List<String> failures = new ArrayList<>();
    int count = 0;
    try (Engine engine = Engine.create()) {
      for (Path program : Corpus.files("wasi", ".wasm")) {
        try (Module module = Module.fromFile(engine, program)) {
          count++;
          String failure = run(engine, module, program);
          if (!failure.isEmpty()) {
            failures.add(program + ": " + failure);
          }
        }
      }
    }
    assertThat(failures).isEmpty();
    assertThat(count).isEqualTo(PROGRAMS);
  }

  /** What is wrong; empty when nothing is. */
  private String run(Engine engine, Module module, Path program) throws IOException {
    Expectation expected = Expectation.beside(program);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    WasiContext.Builder world =
        WasiContext.builder().arguments(expected.arguments()).stdout(out).stderr(err);
    expected.environment().forEach(world::environment);
    if (!expected.root().isEmpty()) {
      world.preopen(copy(program.resolveSibling(expected.root())), "/");
    }
    Linker<WasiContext> linker = Linker.create(engine);
    Wasi.addTo(linker, data -> data);
    int status = 0;
    try (WasiContext context = world.build();
        Store<WasiContext> store = Store.create(engine, context)) {
      linker.instantiate(store, module).func("_start").call();
    } catch (TrapException e) {
      if (Wasi.exitCode(e).isEmpty()) {
        return e.getMessage() + err.toString(StandardCharsets.UTF_8);
      }
      status = Wasi.exitCode(e).getAsInt();
    }
    if (status != expected.status()) {
      return "exit status " + status + ": " + err.toString(StandardCharsets.UTF_8);
    }
    String output = out.toString(StandardCharsets.UTF_8);
    boolean same = expected.output() == null || output.equals(expected.output());
    return same ? "" : "printed '" + output + "'";
  }

  /** Programs write; the corpora stay as they are. */
  private Path copy(Path folder) throws IOException {
    Path target = Files.createTempDirectory(scratch, "root");
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path source : walk.toList()) {
        Path copy = target.resolve(folder.relativize(source).toString());
        if (Files.isDirectory(source)) {
          Files.createDirectories(copy);
        } else {
          Files.write(copy, Files.readAllBytes(source));
        }
      }
    }
    return target;
  }
}
