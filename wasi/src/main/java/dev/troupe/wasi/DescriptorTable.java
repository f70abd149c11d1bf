package dev.troupe.wasi;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A guest's open descriptors by number; a new one gets the lowest free number. */
final class DescriptorTable {
  private static final int FIRST_LENGTH = 8;

  private final int limit;
  private @Nullable Descriptor[] open = new @Nullable Descriptor[FIRST_LENGTH];

  /** An empty table for up to {@code limit} descriptors. */
  DescriptorTable(int limit) {
    this.limit = limit;
  }

  /** The descriptor, or null. */
  @Nullable Descriptor find(int number) {
    return number >= 0 && number < open.length ? open[number] : null;
  }

  Descriptor get(int number) {
    Descriptor found = find(number);
    if (found == null) {
      throw WasiError.of(WasiErrno.BADF);
    }
    return found;
  }

  /** What may have bytes: anything but a directory. */
  Descriptor bytes(int number) {
    Descriptor found = get(number);
    if (found.type() == FileType.DIRECTORY) {
      throw WasiError.of(WasiErrno.BADF);
    }
    return found;
  }

  /** An open directory. */
  DirectoryDescriptor directory(int number) {
    if (get(number) instanceof DirectoryDescriptor directory) {
      return directory;
    }
    throw WasiError.of(WasiErrno.NOTDIR);
  }

  /** The number that {@link #add} will give; nothing has to be undone when there is none. */
  int nextFree() {
    for (int i = 0; i < open.length; i++) {
      if (open[i] == null) {
        return checked(i);
      }
    }
    return checked(open.length);
  }

  private int checked(int number) {
    if (number >= limit) {
      throw WasiError.of(WasiErrno.MFILE);
    }
    return number;
  }

  int add(Descriptor descriptor) {
    int number = nextFree();
    if (number >= open.length) {
      open = Arrays.copyOf(open, 2 * open.length);
    }
    open[number] = descriptor;
    return number;
  }

  void close(int number) {
    Descriptor closing = get(number);
    // Gone even when closing fails, as on Linux.
    open[number] = null;
    closing.close();
  }

  /** Gives an open descriptor the number of another one, which is closed. */
  void renumber(int from, int to) {
    Descriptor moving = get(from);
    Descriptor replaced = get(to);
    if (from == to) {
      return;
    }
    open[to] = moving;
    open[from] = null;
    replaced.close();
  }

  /** Closes everything; what cannot be closed is gone anyway. */
  void closeAll() {
    for (int i = 0; i < open.length; i++) {
      if (open[i] != null) {
        try {
          close(i);
        } catch (WasiError e) {
          // Nobody is left to tell.
        }
      }
    }
  }
}
