package dev.troupe.engine.profile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
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

  /** Where lines begin; null where a sequence of code ends. */
  private final NavigableMap<Integer, @Nullable Place> places = new TreeMap<>();

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
    try {
      Map<String, ByteBuffer> sections = new HashMap<>();
      int codeStart = sections(ByteBuffer.wrap(wasm).order(ByteOrder.LITTLE_ENDIAN), sections);
      ByteBuffer table = sections.get(".debug_line");
      if (table != null && codeStart > 0) {
        LineProgram.Strings strings =
            new LineProgram.Strings(sections.get(".debug_line_str"), sections.get(".debug_str"));
        while (table.remaining() > Integer.BYTES) {
          LineProgram.run(
              table,
              strings,
              (address, place) -> lines.places.put((int) (codeStart + address), place));
        }
      }
    } catch (RuntimeException broken) {
      // Lines that were read before are as good as they were.
      return lines;
    }
    return lines;
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
        byte[] name = new byte[(int) LineProgram.unsigned(contents)];
        contents.get(name);
        var _ =
            custom.put(
                new String(name, StandardCharsets.UTF_8),
                contents.slice().order(ByteOrder.LITTLE_ENDIAN));
      }
    }
    return codeStart;
  }

  /** The place of the instruction at a byte offset in the module, or null. */
  public @Nullable Place at(int wasmOffset) {
    Map.Entry<Integer, @Nullable Place> entry = places.floorEntry(wasmOffset);
    return entry == null ? null : entry.getValue();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return places.isEmpty();
  }
}
