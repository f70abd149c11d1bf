package dev.troupe.engine.profile;

import dev.troupe.engine.profile.LineTable.FileName;
import dev.troupe.engine.profile.LineTable.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of DWARF's line tables (DWARF 5, section 6.2). Everything it reads is the
 * module's; what is out of bounds ends in an exception of the buffer. Takes time and memory in
 * proportion to the table: names, which many entries may share, are only noted, and read when
 * somebody asks for a line.
 */
final class LineProgram {
  private static final int EXTENDED = 0;
  private static final int COPY = 1;
  private static final int ADVANCE_PC = 2;
  private static final int ADVANCE_LINE = 3;
  private static final int SET_FILE = 4;
  private static final int CONST_ADD_PC = 8;
  private static final int FIXED_ADVANCE_PC = 9;
  private static final int END_SEQUENCE = 1;
  private static final int SET_ADDRESS = 2;
  private static final int PATH = 1;
  private static final int DIRECTORY = 2;

  /** Sections with text that entries refer to. */
  record Strings(@Nullable ByteBuffer lineStrings, @Nullable ByteBuffer strings) {}

  private final ByteBuffer in;
  private final Strings strings;
  private final LineTable target;
  private final List<Text> directories = new ArrayList<>();

  /** Numbers of the files in the target. */
  private int firstFile;

  private int files;
  private int version;
  private int lineBase;
  private int lineRange;
  private int minimumBytes;
  private byte[] operandCounts = {};

  private LineProgram(ByteBuffer in, Strings strings, LineTable target) {
    this.in = in;
    this.strings = strings;
    this.target = target;
  }

  /** Reads one unit's table. */
  static void run(ByteBuffer table, Strings strings, LineTable target) {
    int bytes = table.getInt();
    LineProgram program = new LineProgram(take(table, bytes), strings, target);
    program.header();
    program.lines();
  }

  /** The next bytes as a buffer of their own. */
  static ByteBuffer take(ByteBuffer in, int bytes) {
    ByteBuffer part = in.slice(in.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
    in.position(in.position() + bytes);
    return part;
  }

  static long unsigned(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= shift < Long.SIZE ? (next & 0x7FL) << shift : 0;
      if (next >= 0) {
        return value;
      }
    }
  }

  private static long signed(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; ) {
      byte next = in.get();
      value |= shift < Long.SIZE ? (next & 0x7FL) << shift : 0;
      shift += 7;
      if (next >= 0) {
        boolean negative = (next & 0x40) != 0 && shift < Long.SIZE;
        return negative ? value | -1L << shift : value;
      }
    }
  }

  private void header() {
    version = in.getShort();
    if (version < 2 || version > 5) {
      throw new IllegalArgumentException("DWARF version " + version);
    }
    if (version >= 5) {
      // Sizes of addresses and of segment selectors, which are what they are in WebAssembly.
      short _ = in.getShort();
    }
    int headerBytes = in.getInt();
    int start = in.position() + headerBytes;
    minimumBytes = in.get() & 0xFF;
    if (version >= 4) {
      byte _ = in.get();
    }
    byte _ = in.get();
    lineBase = in.get();
    lineRange = in.get() & 0xFF;
    operandCounts = new byte[in.get() & 0xFF];
    in.get(operandCounts, 1, Math.max(0, operandCounts.length - 1));
    if (version >= 5) {
      entries(false);
      entries(true);
    } else {
      oldEntries();
    }
    in.position(start);
  }

  private void oldEntries() {
    directory(Text.NONE);
    for (Text name = text(); !name.isEmpty(); name = text()) {
      directory(name);
    }
    // Files count from 1.
    file(0, Text.NONE);
    for (Text name = text(); !name.isEmpty(); name = text()) {
      int directory = (int) unsigned(in);
      long _ = unsigned(in);
      long _ = unsigned(in);
      file(directory, name);
    }
  }

  private void directory(Text name) {
    target.countName();
    directories.add(name);
  }

  private void file(int directory, Text name) {
    boolean known = directory >= 0 && directory < directories.size();
    int number = target.addFile(new FileName(known ? directories.get(directory) : Text.NONE, name));
    if (files++ == 0) {
      firstFile = number;
    }
  }

  private void entries(boolean ofFiles) {
    int[] formats = new int[2 * (in.get() & 0xFF)];
    for (int i = 0; i < formats.length; i++) {
      formats[i] = (int) unsigned(in);
    }
    long count = unsigned(in);
    if (count > 0 && formats.length == 0) {
      throw new IllegalArgumentException("entries of nothing");
    }
    for (long i = 0; i < count; i++) {
      Text name = Text.NONE;
      int directory = 0;
      for (int f = 0; f < formats.length; f += 2) {
        // Others are a length, a time, a checksum.
        Object value = form(formats[f + 1]);
        if (formats[f] == PATH && value instanceof Text text) {
          name = text;
        } else if (formats[f] == DIRECTORY && value instanceof Long number) {
          directory = number.intValue();
        }
      }
      if (ofFiles) {
        file(directory, name);
      } else {
        directory(name);
      }
    }
  }

  private Object form(int form) {
    return switch (form) {
      case 0x08 -> text();
      case 0x1F -> new Text(strings.lineStrings(), in.getInt());
      case 0x0E -> new Text(strings.strings(), in.getInt());
      case 0x0B -> (long) (in.get() & 0xFF);
      case 0x05 -> (long) (in.getShort() & 0xFFFF);
      case 0x06 -> (long) in.getInt();
      case 0x07 -> in.getLong();
      case 0x0F -> unsigned(in);
      case 0x1E -> take(in, 16);
      case 0x09 -> take(in, (int) unsigned(in));
      default -> throw new IllegalArgumentException("form " + form);
    };
  }

  /** The text that begins here; goes on behind its NUL. */
  private Text text() {
    Text text = new Text(in, in.position());
    while (in.get() != 0) {
      // To the end.
    }
    return text;
  }

  // ---------------------------------------------------------------- the program

  private void lines() {
    while (in.hasRemaining()) {
      sequence();
    }
  }

  /** Runs to the end of a sequence: code without gaps. */
  private void sequence() {
    long address = 0;
    int file = 1;
    long line = 1;
    // The linker gives code that it threw away the address 0 or the highest ones.
    boolean real = false;
    while (in.hasRemaining()) {
      int code = in.get() & 0xFF;
      if (code >= operandCounts.length) {
        int adjusted = code - operandCounts.length;
        address += (long) adjusted / lineRange * minimumBytes;
        line += lineBase + adjusted % lineRange;
        row(real, address, file, line);
        continue;
      }
      switch (code) {
        case EXTENDED -> {
          ByteBuffer operands = take(in, (int) unsigned(in));
          int extended = operands.get();
          if (extended == END_SEQUENCE) {
            if (real) {
              target.addEnd(address);
            }
            return;
          }
          if (extended == SET_ADDRESS) {
            address =
                operands.remaining() >= Long.BYTES
                    ? operands.getLong()
                    : Integer.toUnsignedLong(operands.getInt());
            real = address > 0 && address < Integer.MAX_VALUE;
          }
        }
        case COPY -> row(real, address, file, line);
        case ADVANCE_PC -> address += unsigned(in) * minimumBytes;
        case ADVANCE_LINE -> line += signed(in);
        case SET_FILE -> file = (int) unsigned(in);
        case CONST_ADD_PC -> address += (255L - operandCounts.length) / lineRange * minimumBytes;
        case FIXED_ADVANCE_PC -> address += in.getShort() & 0xFFFF;
        default -> {
          for (int i = 0; i < operandCounts[code]; i++) {
            long _ = unsigned(in);
          }
        }
      }
    }
  }

  private void row(boolean real, long address, int file, long line) {
    if (real) {
      boolean known = file >= 0 && file < files;
      target.add(address, known ? firstFile + file : LineTable.NO_FILE, (int) line);
    }
  }
}
