package dev.troupe.engine.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.engine.text.Wat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** File and line of an instruction, from DWARF of which nothing can be believed. */
class SourceLinesTest {
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

  @ParameterizedTest
  @CsvSource({"dwarf4.wasm, divide.c", "dwarf5.wasm, /src/divide.c"})
  void linesOfClangAreThoseOfTheTrap(String file, String source) throws IOException {
    byte[] wasm = resource(file);
    try (Engine engine = Engine.create();
        Module module = Module.fromBinary(engine, wasm);
        Store<String> store = Store.create(engine, "")) {
      Func run = Linker.<String>create(engine).instantiate(store, module).func("run");
      TrapException trap = catchThrowableOfType(TrapException.class, () -> run.call(Value.i32(0)));
      SourceLines lines = SourceLines.of(wasm);
      assertThat(trap.frames())
          .extracting(frame -> String.valueOf(lines.at(frame.wasmOffset())))
          .containsExactly(source + ":11", source + ":17");
    }
  }

  private static byte[] resource(String file) throws IOException {
    try (InputStream in = SourceLinesTest.class.getResourceAsStream("/dwarf/" + file)) {
      if (in == null) {
        throw new IOException("no resource " + file);
      }
      return in.readAllBytes();
    }
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

  private static void number(ByteArrayOutputStream out, int value) {
    int left = value;
    for (; left >>> 7 != 0; left >>>= 7) {
      out.write(left & 0x7F | 0x80);
    }
    out.write(left);
  }

  /** A table of DWARF 5 whose directory and files, so many, have their names in another section. */
  private static byte[] sharedNames(int files) {
    ByteBuffer table = ByteBuffer.allocate(200 + 5 * files).order(ByteOrder.LITTLE_ENDIAN);
    table.putInt(0).putShort((short) 5).put((byte) 4).put((byte) 0).putInt(0);
    int header = table.position();
    table.put(new byte[] {1, 1, 1, -5, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1});
    // One directory, in .debug_line_str; each file has its name there and the directory's number.
    table.put(new byte[] {1, 1, 0x1F, 1}).putInt(0);
    table.put(new byte[] {2, 1, 0x1F, 2, 0x0B});
    for (int shift = 0; shift < 28; shift += 7) {
      table.put((byte) (files >>> shift & 0x7F | (shift < 21 ? 0x80 : 0)));
    }
    for (int i = 0; i < files; i++) {
      table.putInt(0).put((byte) 0);
    }
    table.putInt(header - 4, table.position() - header);
    table.put(new byte[] {0, 5, 2, 2, 0, 0, 0, 3, 2, 1, 2, 4, 0, 1, 1});
    table.putInt(0, table.position() - 4);
    return Arrays.copyOf(table.array(), table.position());
  }

  @Test
  void aNameThatManyShareIsKeptOnce() {
    byte[] wasm = Wat.toBinary("(module (func (nop) (nop) (nop) (nop)) (func (nop)))");
    byte[] text = new byte[1 << 20];
    Arrays.fill(text, 0, text.length - 1, (byte) 'x');
    byte[] all =
        withSection(withSection(wasm, ".debug_line", sharedNames(50_000)), ".debug_line_str", text);
    int contents = indexOf(wasm, new byte[] {0x0A, 0x0C, 2, 6}) + 2;
    String place = String.valueOf(SourceLines.of(all).at(contents + 2));
    assertThat(place).startsWith("xxx").contains("/").endsWith(":3").hasSizeLessThan(3000);
  }

  @Test
  void rowsWithoutEndAreCutOff() {
    byte[] wasm = Wat.toBinary("(module (func (nop) (nop) (nop) (nop)) (func (nop)))");
    byte[] table = lineTable();
    int program = indexOf(table, new byte[] {0, 5, 2, 2, 0, 0, 0});
    byte[] endless = Arrays.copyOf(table, program + 7 + (5 << 20));
    // Special opcodes: the next address and the next line.
    Arrays.fill(endless, program + 7, endless.length, (byte) (13 + 14 + 6));
    ByteBuffer.wrap(endless).order(ByteOrder.LITTLE_ENDIAN).putInt(0, endless.length - 4);
    SourceLines lines = SourceLines.of(withSection(wasm, ".debug_line", endless));
    int contents = indexOf(wasm, new byte[] {0x0A, 0x0C, 2, 6}) + 2;
    assertThat(lines.at(contents + 3)).hasToString("src/a.c:2");
    int rows = 1 << 22;
    assertThat(lines.at(contents + 2 + rows)).hasToString("src/a.c:" + (rows + 1));
    assertThat(lines.at(contents + 2 + rows + 1)).hasToString("src/a.c:" + (rows + 1));
  }

  @Test
  void anEndDoesNotHideWhatBeginsThere() {
    byte[] wasm = Wat.toBinary("(module (func (nop) (nop) (nop) (nop)) (func (nop)))");
    byte[] table = lineTable();
    // The second sequence, which the linker removed, is at 6 and comes before an end at 6.
    int second = indexOf(table, new byte[] {0, 5, 2, 0, 0, 0, 0});
    byte[] sequences = Arrays.copyOfRange(table, second, table.length);
    sequences[3] = 6;
    int first = indexOf(table, new byte[] {0, 5, 2, 2, 0, 0, 0});
    ByteBuffer turned = ByteBuffer.allocate(table.length).order(ByteOrder.LITTLE_ENDIAN);
    turned.put(table, 0, first).put(sequences).put(table, first, second - first);
    SourceLines lines = SourceLines.of(withSection(wasm, ".debug_line", turned.array()));
    int contents = indexOf(wasm, new byte[] {0x0A, 0x0C, 2, 6}) + 2;
    assertThat(lines.at(contents + 5)).hasToString("src/a.c:7");
    assertThat(lines.at(contents + 6)).hasToString("src/a.c:1");
  }

  @Test
  void aNameThatIsNotThereIsNotMadeRoomFor() {
    byte[] wasm = Wat.toBinary("(module)");
    byte[] broken = Arrays.copyOf(wasm, wasm.length + 7);
    byte[] section = {0, 5, -1, -1, -1, -1, 7};
    System.arraycopy(section, 0, broken, wasm.length, section.length);
    assertThat(SourceLines.of(broken).isEmpty()).isTrue();
  }

  private static byte[] withSection(byte[] wasm, String name, byte[] contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(wasm, 0, wasm.length);
    int bytes = 1 + name.length() + contents.length;
    out.write(0);
    number(out, bytes);
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
