package dev.troupe.engine.profile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * File and line of an instruction, from the line tables of DWARF 2 to 5 in a module's custom
 * section {@code .debug_line}. Addresses in it count from the beginning of the code section's
 * contents (WebAssembly tool conventions). What is broken or unknown gives no lines, and no
 * failure.
 */
public final class SourceLines {
  private static final int CODE_SECTION = 10;
  private static final int PREAMBLE_BYTES = 8;

  /** By addresses that count from the beginning of the code section's contents. */
  private final LineTable table = new LineTable();

  private int codeStart;

  /**
   * A place in a source file.
   *
   * @param file as the compiler named it
   * @param line from 1 on
   */
  public record Place(String file, int line) {
    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  private SourceLines() {}

  /** The lines of a module in the binary format; none when it has no such section. */
  public static SourceLines of(byte[] wasm) {
    SourceLines lines = new SourceLines();
    lines.read(ByteBuffer.wrap(wasm).order(ByteOrder.LITTLE_ENDIAN));
    lines.table.sort();
    return lines;
  }

  private void read(ByteBuffer wasm) {
    try {
      Map<String, ByteBuffer> sections = new HashMap<>();
      codeStart = sections(wasm, sections);
      ByteBuffer units = sections.get(".debug_line");
      if (units != null && codeStart > 0) {
        LineProgram.Strings strings =
            new LineProgram.Strings(sections.get(".debug_line_str"), sections.get(".debug_str"));
        while (units.remaining() > Integer.BYTES) {
          LineProgram.run(units, strings, table);
        }
      }
    } catch (RuntimeException broken) {
      // Lines that were read before are as good as they were.
      return;
    }
  }

  /** Finds custom sections: where the contents of the code section begin. */
  private static int sections(ByteBuffer module, Map<String, ByteBuffer> custom) {
    int codeStart = 0;
    module.position(PREAMBLE_BYTES);
    while (module.hasRemaining()) {
      int id = module.get();
      int bytes = (int) LineProgram.unsigned(module);
      ByteBuffer contents = LineProgram.take(module, bytes);
      if (id == CODE_SECTION) {
        codeStart = module.position() - bytes;
      } else if (id == 0) {
        ByteBuffer name = LineProgram.take(contents, (int) LineProgram.unsigned(contents));
        var _ =
            custom.put(
                StandardCharsets.UTF_8.decode(name).toString(),
                contents.slice().order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return codeStart;
  }

  /** The place of the instruction at a byte offset in the module, or null. */
  public @Nullable Place at(int wasmOffset) {
    return wasmOffset < codeStart ? null : table.at((long) wasmOffset - codeStart);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return table.isEmpty();
  }
}
