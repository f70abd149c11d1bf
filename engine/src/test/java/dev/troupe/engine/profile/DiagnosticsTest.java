package dev.troupe.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.Engine;
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
import dev.troupe.engine.text.Wat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
      PerfMap.append(module, map);
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
  void samplesAreTheGuestsStacks() {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, GUEST);
        Store<String> store = Store.create(engine, "");
        Carrier carrier = engine.attachCarrier()) {
      Linker<String> linker = Linker.create(engine);
      Invocation call = linker.instantiate(store, module).func("run").start(Value.i32(0));
      GuestProfile profile = new GuestProfile("app", 1, SourceLines.of(new byte[0]));
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
  void linesComeFromDwarf() {
    byte[] wasm = Wat.toBinary("(module (func (nop) (nop) (nop) (nop)) (func (nop)))");
    int code = indexOf(wasm, new byte[] {0x0A, 0x0C, 2, 6});
    SourceLines lines = SourceLines.of(withSection(wasm, ".debug_line", lineTable()));
    int contents = code + 2;
    assertThat(lines.at(contents + 1)).isNull();
    assertThat(lines.at(contents + 2)).hasToString("src/a.c:3");
    assertThat(lines.at(contents + 3)).hasToString("src/a.c:3");
    assertThat(lines.at(contents + 4)).hasToString("src/a.c:7");
    assertThat(lines.at(contents + 6)).isNull();
  }

  @Test
  void brokenLinesAreNoLines() {
    byte[] wasm = Wat.toBinary("(module (func (nop) (nop) (nop) (nop)) (func (nop)))");
    byte[] table = lineTable();
    for (int cut = 0; cut < table.length; cut++) {
      SourceLines lines =
          SourceLines.of(withSection(wasm, ".debug_line", Arrays.copyOf(table, cut)));
      assertThat(lines.at(0)).isNull();
      byte[] other = table.clone();
      other[cut] = (byte) 0xFF;
      assertThat(SourceLines.of(withSection(wasm, ".debug_line", other)).at(0)).isNull();
    }
    assertThat(SourceLines.of(new byte[0]).isEmpty()).isTrue();
    assertThat(SourceLines.of(wasm).isEmpty()).isTrue();
  }

  /** DWARF 4: line 3 at 2, line 7 at 4, the end at 6; and a function that the linker removed. */
  private static byte[] lineTable() {
    ByteBuffer table = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
    table.putInt(0).putShort((short) 4).putInt(0);
    int header = table.position();
    table.put(new byte[] {1, 1, 1, -5, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1});
    table.put("src\0\0a.c\0".getBytes(StandardCharsets.US_ASCII)).put(new byte[] {1, 0, 0, 0});
    table.putInt(header - 4, table.position() - header);
    // Set the address to 2, go on two lines, copy; two bytes and four lines by a special opcode.
    table.put(new byte[] {0, 5, 2, 2, 0, 0, 0, 3, 2, 1, (byte) (13 + 2 * 14 + 5 + 4)});
    table.put(new byte[] {2, 2, 0, 1, 1});
    table.put(new byte[] {0, 5, 2, 0, 0, 0, 0, 1, 2, 50, 0, 1, 1});
    table.putInt(0, table.position() - 4);
    return Arrays.copyOf(table.array(), table.position());
  }

  private static byte[] withSection(byte[] wasm, String name, byte[] contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(wasm, 0, wasm.length);
    int bytes = 1 + name.length() + contents.length;
    out.write(0);
    out.write(bytes & 0x7F | 0x80);
    out.write(bytes >>> 7);
    out.write(name.length());
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(contents);
    return out.toByteArray();
  }

  private static int indexOf(byte[] all, byte[] part) {
    for (int i = 0; i + part.length <= all.length; i++) {
      if (Arrays.equals(all, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    throw new AssertionError("not found in " + Arrays.toString(all));
  }
}
