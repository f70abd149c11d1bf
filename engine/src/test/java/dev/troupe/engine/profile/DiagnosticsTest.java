package dev.troupe.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Func;
import dev.troupe.engine.Instance;
import dev.troupe.engine.Invocation;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Memory;
import dev.troupe.engine.Module;
import dev.troupe.engine.SliceOutcome;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.runtime.exec.WasmFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maps, samples, core dumps and source lines say what is true of the guest. */
class DiagnosticsTest {
  private static final String GUEST =
      """
      (module $app
        (memory (export "memory") 3)
        (data (i32.const 70000) "in memory")
        (global $g (export "g") (mut i64) (i64.const -5))
        (global $f f32 (f32.const 1.5))
        (func $spin (param i32) (result i32)
          (loop $l (br_if $l (i32.load8_u (i32.const 0)) ) (br $l)) (unreachable))
        (func $fail (param i32) (result i32) (i32.load (local.get 0)))
        (func (export "run") (param i32) (result i32) (call $spin (local.get 0)))
        (func (export "trap") (param i32) (result i32) (call $fail (local.get 0))))
      """;

  @TempDir Path folder;

  @Test
  void mapsNameEveryFunction() throws IOException {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, GUEST)) {
      Path map = folder.resolve("perf.map");
      PerfMap.write(module, map);
      List<String> lines = Files.readAllLines(map);
      assertThat(lines).hasSize(4);
      assertThat(lines.get(0)).endsWith(" app!spin");
      assertThat(lines.get(2)).endsWith(" app!function 2");
      String[] first = lines.get(0).split(" ", 3);
      assertThat(Long.parseLong(first[0], 16)).isEqualTo(module.functions().get(0).address());
      assertThat(Integer.parseInt(first[1], 16)).isEqualTo(module.functions().get(0).bytes());
      assertThat(PerfMap.oneLine("a\nb")).isEqualTo("a?b");
    }
  }

  @Test
  void dumpsHoldTheCodeOfEveryFunction() throws IOException {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, GUEST)) {
      Path dump = folder.resolve("jit.dump");
      JitDump.write(module, dump);
      ByteBuffer read = ByteBuffer.wrap(Files.readAllBytes(dump)).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(read.getInt()).isEqualTo(0x4A695444);
      read.position(40);
      int functions = 0;
      while (read.hasRemaining()) {
        ByteBuffer record = LineProgram.take(read, read.getInt(read.position() + 4));
        assertThat(record.getInt(0)).isZero();
        assertThat(record.getLong(32)).isEqualTo(module.functions().get(functions).address());
        assertThat(record.getLong(40)).isEqualTo(module.functions().get(functions).bytes());
        functions++;
      }
      assertThat(functions).isEqualTo(4);
    }
  }

  @Test
  void perfFindsCodeThatBelongsToNoFile() throws IOException {
    assertThat(mapping(false)).contains("r-xp").contains("troupe-artifact");
    // perf takes what belongs to a file for that file's, whatever its map says.
    assertThat(mapping(true)).contains("r-xp 00000000 00:00 0").doesNotContain("/");
  }

  /** What the kernel says of the place where code lies, and that it runs. */
  private static String mapping(boolean anonymous) throws IOException {
    EngineConfig config = EngineConfig.builder().anonymousCode(anonymous).build();
    try (Engine engine = Engine.create(config);
        Module module = Module.fromText(engine, GUEST);
        Store<String> store = Store.create(engine, "")) {
      Func reads = Linker.<String>create(engine).instantiate(store, module).func("trap");
      assertThat(reads.call(Value.i32(0))).containsExactly(Value.i32(0));
      String start = Long.toHexString(module.functions().getFirst().address()) + "-";
      try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
        return maps.filter(line -> line.startsWith(start)).findFirst().orElse("");
      }
    }
  }

  @Test
  void filesWithNamesToGuessFollowNoLinks() throws IOException {
    Path precious = Files.writeString(folder.resolve("precious"), "precious");
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, GUEST)) {
      for (String name : List.of("perf.map", "jit.dump")) {
        Path file = Files.createSymbolicLink(folder.resolve(name), precious);
        if (name.startsWith("perf")) {
          PerfMap.write(module, file);
        } else {
          JitDump.write(module, file);
        }
        assertThat(file).isRegularFile().isNotEmptyFile();
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(Files.getPosixFilePermissions(file))
            .containsExactlyInAnyOrder(
                PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      }
      assertThat(precious).hasContent("precious");
      Path absent = folder.resolve("no/folder");
      assertThatThrownBy(() -> PerfMap.write(module, absent)).isInstanceOf(IOException.class);
    }
  }

  @Test
  void samplesAreTheGuestsStacks() {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, GUEST);
        Store<String> store = Store.create(engine, "");
        Carrier carrier = engine.attachCarrier()) {
      Linker<String> linker = Linker.create(engine);
      Invocation call = linker.instantiate(store, module).func("run").start(Value.i32(0));
      GuestProfile profile = new GuestProfile("app", 1, SourceLines.of(new byte[0]));
      // A machine that stalls interrupts it on its way to the loop, which it never leaves.
      do {
        carrier.preemptAfter(1_000_000);
        assertThat(call.runSlice(carrier)).isEqualTo(SliceOutcome.PREEMPTED);
      } while (call.backtrace().size() < 2);
      for (int i = 0; i < 5; i++) {
        carrier.preemptAfter(1_000_000);
        assertThat(call.runSlice(carrier)).isEqualTo(SliceOutcome.PREEMPTED);
        assertThat(call.backtrace()).extracting(WasmFrame::functionIndex).containsExactly(0, 2);
        profile.sample(i, call.backtrace());
      }
      call.drop("enough");
      String json = profile.toJson();
      assertThat(profile.samples()).isEqualTo(5);
      assertThat(json).contains("\"samples\":{\"length\":5").contains("\"spin\"", "\"function 2\"");
    }
  }

  @Test
  void aCoreDumpIsAModuleWithWhatWasThere() throws IOException {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, GUEST);
        Store<String> store = Store.create(engine, "")) {
      Linker<String> linker = Linker.create(engine);
      Instance instance = linker.instantiate(store, module);
      Func fails = instance.func("trap");
      TrapException trap =
          catchThrowableOfType(TrapException.class, () -> fails.call(Value.i32(200_000)));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.writeCoreDump("app.wasm", trap, out);
      assertThat(out.size()).as("zero pages are left out").isLessThan(10_000);
      String text = out.toString(StandardCharsets.ISO_8859_1);
      assertThat(text).contains("corestack", "coreinstances", "coremodules", "app.wasm");
      // Names of sections may be anything, so it is a module that can be instantiated.
      try (Module dump = Module.fromBinary(engine, out.toByteArray());
          Store<String> other = Store.create(engine, "")) {
        Instance again = Linker.<String>create(engine).instantiate(other, dump);
        assertThat(again.exports()).isEmpty();
      }
      Memory memory = instance.memory("memory");
      assertThat(text).contains(memory.readUtf8(70_000, 9));
    }
  }

  @Test
  void framesAreThoseOfTheirInstance() throws IOException {
    // Neither module has a name; the one that traps comes second.
    String other = "(module (memory 1) (global i32 (i32.const 1)))";
    String traps = "(module (memory 1) (func (export \"trap\") (unreachable)))";
    try (Engine engine = Engine.create();
        Module first = Module.fromText(engine, other);
        Module second = Module.fromText(engine, traps);
        Store<String> store = Store.create(engine, "")) {
      Linker<String> linker = Linker.create(engine);
      Instance _ = linker.instantiate(store, first);
      Func fails = linker.instantiate(store, second).func("trap");
      TrapException trap = catchThrowableOfType(TrapException.class, fails::call);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      store.writeCoreDump("app", trap, out);
      byte[] dump = out.toByteArray();
      String text = out.toString(StandardCharsets.ISO_8859_1);
      // The stack: name, one frame: its kind, the instance, the function.
      int at = text.indexOf("corestack") + "corestack".length();
      assertThat(Arrays.copyOfRange(dump, at, at + 10))
          .isEqualTo(new byte[] {0, 4, 'm', 'a', 'i', 'n', 1, 0, 1, 0});
    }
  }
}
