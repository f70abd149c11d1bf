package dev.troupe.wasi;

import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.FileStatus;
import dev.troupe.engine.os.OpenFlags;
import dev.troupe.engine.os.PathWalk;
import dev.troupe.engine.os.RawMemory;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * A folder of the host that lies under files in memory: it is listed and read, and never written.
 * Everything is opened beneath the folder by the names that were listed, none of which may have
 * become a symbolic link since: links are followed by whoever walks the files in memory, and by
 * nobody here. The folder itself may be one. Holds nothing open between two calls.
 */
final class HostLayer {
  private static final int LIST_BYTES = 32_768;
  private static final int MOST_TARGET_BYTES = 4096;
  private static final int DIRENT_NAME = 19;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  /**
   * What a folder holds.
   *
   * @param type file, directory or symbolic link
   * @param target of a link, else empty
   */
  record Found(String name, FileType type, long size, long modifiedNanos, byte[] target) {}

  private final Path folder;
  private final boolean walks;

  HostLayer(Path folder) {
    this(folder, !FileCalls.canOpenBeneath());
  }

  /** {@code walks}: whether paths are walked here, and not by the kernel. */
  HostLayer(Path folder, boolean walks) {
    this.folder = folder;
    this.walks = walks;
  }

  /** Opens what a path beneath the folder names, to read; the caller closes it. */
  int open(String path, int flags) {
    int base = (int) WasiError.checkHost(FileCalls.openDirectory(folder));
    if (path.isEmpty()) {
      return base;
    }
    try (Arena arena = Arena.ofConfined()) {
      return (int) WasiError.checkHost(openBeneath(arena, base, path, flags));
    } finally {
      long unused = FileCalls.close(base);
    }
  }

  private long openBeneath(Arena arena, int base, String path, int flags) {
    long name = arena.allocateFrom(path).address();
    long scratch = arena.allocate(FileCalls.SCRATCH_BYTES, 8).address();
    // What is not opened for use takes no other flags.
    int uses =
        (flags & OpenFlags.PATH_ONLY) != 0 ? 0 : OpenFlags.NON_BLOCKING | OpenFlags.NO_TERMINAL;
    int all = flags | OpenFlags.NO_FOLLOW | uses;
    return walks
        ? PathWalk.openWithoutLinks(base, name, all, scratch)
        : FileCalls.openWithoutLinks(base, name, all, scratch);
  }

  /** Tells everything in a directory that a guest can name and use, one after the other. */
  void list(String path, Consumer<Found> found) {
    int directory = open(path, OpenFlags.DIRECTORY);
    try (Arena arena = Arena.ofConfined()) {
      long entries = arena.allocate(LIST_BYTES, 8).address();
      while (true) {
        long bytes =
            WasiError.checkHost(FileCalls.directoryEntries(directory, entries, LIST_BYTES));
        if (bytes == 0) {
          return;
        }
        for (long at = 0; at < bytes; ) {
          long entry = entries + at;
          look(directory, name(entry + DIRENT_NAME), found);
          at += Short.toUnsignedInt(RawMemory.getShort(entry + 16));
        }
      }
    } finally {
      long unused = FileCalls.close(directory);
    }
  }

  /** A name; empty when it is not UTF-8, which a guest cannot say. */
  private static String name(long address) {
    int bytes = 0;
    while (RawMemory.getByte(address + bytes) != 0) {
      bytes++;
    }
    byte[] name = new byte[bytes];
    RawMemory.copyOut(address, name, 0, bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString();
    } catch (CharacterCodingException e) {
      return "";
    }
  }

  private void look(int directory, String name, Consumer<Found> found) {
    if (name.isEmpty() || name.equals(".") || name.equals("..")) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      long result = openBeneath(arena, directory, name, OpenFlags.PATH_ONLY);
      if (result == -Errno.ENOENT) {
        // Gone while we looked.
        return;
      }
      int node = (int) WasiError.checkHost(result);
      try {
        add(arena, node, name, found);
      } finally {
        long unused = FileCalls.close(node);
      }
    }
  }

  private static void add(Arena arena, int node, String name, Consumer<Found> found) {
    long stat = arena.allocate(FileCalls.SCRATCH_BYTES, 8).address();
    WasiError.checkHost(FileCalls.status(node, stat));
    FileType type = FileType.of(FileStatus.mode(stat));
    long seconds = Math.max(0, RawMemory.getLong(stat + FileStatus.MODIFIED));
    long nanos = RawMemory.getLong(stat + FileStatus.MODIFIED + 8);
    byte[] target = {};
    if (type == FileType.SYMBOLIC_LINK) {
      long text = arena.allocate(MOST_TARGET_BYTES).address();
      long empty = arena.allocate(1).address();
      int bytes =
          (int) WasiError.checkHost(FileCalls.readLink(node, empty, text, MOST_TARGET_BYTES));
      target = new byte[bytes];
      RawMemory.copyOut(text, target, 0, bytes);
    } else if (type != FileType.REGULAR_FILE && type != FileType.DIRECTORY) {
      // Devices and pipes are nothing to copy.
      return;
    }
    found.accept(
        new Found(name, type, FileStatus.size(stat), seconds * NANOS_PER_SECOND + nanos, target));
  }
}
