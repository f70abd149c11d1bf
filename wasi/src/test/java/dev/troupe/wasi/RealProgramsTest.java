package dev.troupe.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
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
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Programs as their toolchains made them, from wat2wasm to a JavaScript interpreter, give what
 * another engine gave: status, output and error output, byte by byte.
 */
class RealProgramsTest {
  private static final int CASES = 5;

  /** Modules without a case: they must compile, all of them. */
  private static final int MODULES = 6;

  @Test
  void programsDoWhatTheyDidElsewhere() throws IOException {
    Path folder = Corpus.folder("programs/real");
    JsonArray cases =
        JsonParser.parseString(Files.readString(folder.resolve("CASES.json"))).getAsJsonArray();
    assertThat(cases).hasSize(CASES);
    try (Engine engine = Engine.create()) {
      for (JsonElement element : cases) {
        JsonObject wanted = element.getAsJsonObject();
        Path program = folder.resolve(wanted.get("wasm").getAsString());
        try (Module module = Module.fromFile(engine, program)) {
          assertThat(run(engine, module, folder, wanted)).as("%s", program).isEqualTo(all(wanted));
        }
      }
    }
  }

  @Test
  void everyModuleCompiles() throws IOException {
    List<Path> modules = Corpus.files("programs/real", ".wasm");
    assertThat(modules).hasSize(MODULES);
    try (Engine engine = Engine.create()) {
      for (Path program : modules) {
        try (Module module = Module.fromFile(engine, program)) {
          assertThat(module.exports()).as("%s", program).isNotEmpty();
        }
      }
    }
  }

  private static String all(JsonObject wanted) {
    return text(wanted.get("rc").getAsInt(), string(wanted, "stdout"), string(wanted, "stderr"));
  }

  private static String string(JsonObject object, String name) {
    return object.get(name).getAsString();
  }

  private static String text(int status, String out, String err) {
    return "status " + status + "\n" + out + "\n--\n" + err;
  }

  private static String run(Engine engine, Module module, Path folder, JsonObject wanted)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    List<String> arguments = new ArrayList<>(List.of(string(wanted, "wasm")));
    wanted.getAsJsonArray("args").forEach(argument -> arguments.add(argument.getAsString()));
    WasiContext.Builder world =
        WasiContext.builder()
            .arguments(arguments)
            .stdin(string(wanted, "stdin").getBytes(StandardCharsets.UTF_8))
            .stdout(out)
            .stderr(err);
    for (JsonElement preopen : wanted.getAsJsonArray("preopens")) {
      String[] parts = preopen.getAsString().split("::", 2);
      world.preopen(folder.resolve(parts[0]), parts[1]);
    }
    Linker<WasiContext> linker = Linker.create(engine);
    Wasi.addTo(linker, data -> data);
    int status = 0;
    try (WasiContext context = world.build();
        Store<WasiContext> store = Store.create(engine, context)) {
      linker.instantiate(store, module).func("_start").call();
    } catch (TrapException e) {
      if (Wasi.exitCode(e).isEmpty()) {
        throw e;
      }
      status = Wasi.exitCode(e).getAsInt();
    }
    return text(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
