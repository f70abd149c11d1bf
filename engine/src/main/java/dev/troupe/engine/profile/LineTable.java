package dev.troupe.engine.profile;

import dev.troupe.engine.profile.SourceLines.Place;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of line tables in the order of their addresses: 16 bytes each, and no more of them than a
 * process can bear, whatever a module says.
 */
final class LineTable {
  /** In place of a file's number. */
  static final int NO_FILE = -1;

  /** Rows that are kept: enough for code of about 30 MB. */
  private static final int MOST_ROWS = 1 << 22;

  /** Directories and files that are kept. */
  private static final int MOST_NAMES = 1 << 20;

  private static final int MOST_TEXT_BYTES = 1024;
  private static final int ROW_BITS = 31;
  private static final long ROW_MASK = (1L << ROW_BITS) - 1;
  private static final int REAL_BIT = 1 << 30;
  private static final int FIRST_ROWS = 1024;

  /**
   * Text in a section, up to its NUL: read when it is asked for.
   *
   * @param section null for none
   */
  record Text(@Nullable ByteBuffer section, int offset) {
    static final Text NONE = new Text(null, 0);

    boolean isEmpty() {
      return section == null || section.get(offset) == 0;
    }

    @Override
    public String toString() {
      if (section == null || offset < 0) {
        return "";
      }
      int end = offset;
      int most = (int) Math.min(section.limit(), (long) offset + MOST_TEXT_BYTES);
      while (end < most && section.get(end) != 0) {
        end++;
      }
      byte[] bytes = new byte[end - Math.min(end, offset)];
      if (bytes.length > 0) {
        section.get(offset, bytes);
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }

  /** A file and where it is; the directory is empty when nobody knows. */
  record FileName(Text directory, Text name) {
    @Override
    public String toString() {
      String file = name.toString();
      String folder = file.startsWith("/") ? "" : directory.toString();
      return folder.isEmpty() ? file : folder + "/" + file;
    }
  }

  /** Address, and the row's number below, which is behind that of an end at the same address. */
  private long[] keys = new long[FIRST_ROWS];

  private int[] files = new int[FIRST_ROWS];
  private int[] lines = new int[FIRST_ROWS];
  private int rows;
  private int names;
  private final List<FileName> fileNames = new ArrayList<>();

  /** Counts a directory's name. */
  void countName() {
    if (++names > MOST_NAMES) {
      throw new IllegalArgumentException("more than " + MOST_NAMES + " names");
    }
  }

  /** Adds a file: its number, one more than the one before. */
  int addFile(FileName file) {
    countName();
    fileNames.add(file);
    return fileNames.size() - 1;
  }

  /** A line that begins at an address. */
  void add(long address, int file, int line) {
    add(address, REAL_BIT, file, line);
  }

  /** Code ends at an address. */
  void addEnd(long address) {
    add(address, 0, NO_FILE, 0);
  }

  private void add(long address, int real, int file, int line) {
    if (address < 0 || address > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("address " + address);
    }
    if (rows == MOST_ROWS) {
      throw new IllegalArgumentException("more than " + MOST_ROWS + " rows");
    }
    if (rows == keys.length) {
      keys = Arrays.copyOf(keys, 2 * rows);
      files = Arrays.copyOf(files, 2 * rows);
      lines = Arrays.copyOf(lines, 2 * rows);
    }
    keys[rows] = address << ROW_BITS | real | rows;
    files[rows] = file;
    lines[rows] = line;
    rows++;
  }

  /** No more rows come. */
  void sort() {
    Arrays.sort(keys, 0, rows);
  }

  boolean isEmpty() {
    return rows == 0;
  }

  /** The place that an address belongs to; null behind an end and before everything. */
  @Nullable Place at(long address) {
    int found = Arrays.binarySearch(keys, 0, rows, address << ROW_BITS | ROW_MASK);
    int before = found >= 0 ? found : -found - 2;
    if (before < 0 || (keys[before] & REAL_BIT) == 0) {
      return null;
    }
    int row = (int) (keys[before] & (REAL_BIT - 1));
    String file = files[row] == NO_FILE ? "?" : fileNames.get(files[row]).toString();
    return new Place(file, lines[row]);
  }
}
