package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A file, folder or symbolic link of {@link MemoryFiles}, apart from its names. */
abstract sealed class MemoryNode {
  private final long inode;
  private int names;
  private int opened;
  private long accessedNanos;
  private long modifiedNanos;
  private long changedNanos;

  MemoryNode(long inode, long nowNanos) {
    this.inode = inode;
    touch(new FileTimes(nowNanos, nowNanos), nowNanos);
  }

  final long inode() {
    return inode;
  }

  abstract FileType type();

  /** The length that its status tells. */
  abstract long size();

  /** Number of names. */
  final int names() {
    return names;
  }

  final void named(int more) {
    names += more;
  }

  final void opened(int more) {
    opened += more;
  }

  final boolean isOpen() {
    return opened > 0;
  }

  /** Whether nobody can reach it any more. */
  final boolean isLost() {
    return names == 0 && opened == 0;
  }

  /** Sets times that are given; {@code nowNanos} stands for those that are not. */
  final void touch(FileTimes times, long nowNanos) {
    accessedNanos = time(times.accessed(), accessedNanos, nowNanos);
    modifiedNanos = time(times.modified(), modifiedNanos, nowNanos);
    changedNanos = nowNanos;
  }

  private static long time(long wanted, long kept, long nowNanos) {
    return wanted == FileTimes.NOW ? nowNanos : wanted == FileTimes.KEEP ? kept : wanted;
  }

  /** Writes WASI's {@code filestat}. */
  final void filestat(long address) {
    FileStatWriter.write(
        address, type(), inode, names, size(), accessedNanos, modifiedNanos, changedNanos);
  }

  /** Bytes in pages; pages that nobody wrote do not exist and read as zeros. */
  static final class File extends MemoryNode {
    static final int PAGE_BYTES = 16_384;

    private final TreeMap<Long, byte[]> pages = new TreeMap<>();
    private final @Nullable LowerFile lower;
    private long size;

    File(long inode, long nowNanos) {
      super(inode, nowNanos);
      this.lower = null;
    }

    /** A file whose contents are the host's, as far as nobody writes them. */
    File(long inode, long nowNanos, LowerFile lower, long size) {
      super(inode, nowNanos);
      this.lower = lower;
      this.size = size;
    }

    /** Reads within a page that does not exist. */
    void readMissing(long address, int bytes, long offset) {
      if (lower == null) {
        RawMemory.fill(address, bytes, (byte) 0);
      } else {
        lower.read(address, bytes, offset);
      }
    }

    /** Nobody has it open: lets go of the host's file. */
    void closeLower() {
      if (lower != null) {
        lower.close();
      }
    }

    @Override
    FileType type() {
      return FileType.REGULAR_FILE;
    }

    @Override
    long size() {
      return size;
    }

    /** Number of pages that exist. */
    int pageCount() {
      return pages.size();
    }

    /** Number of pages that exist from one to another. */
    int pageCount(long first, long last) {
      return pages.subMap(first, true, last, true).size();
    }

    byte @Nullable [] page(long index) {
      return pages.get(index);
    }

    byte[] newPage(long index) {
      byte[] page = missing(index);
      pages.put(index, page);
      return page;
    }

    /** What a page that does not exist reads as. */
    byte[] missing(long index) {
      return lower == null ? new byte[PAGE_BYTES] : lower.page(PAGE_BYTES, index * PAGE_BYTES);
    }

    /** Sets the length; what was behind it is gone, what comes after it is zero. */
    void resize(long bytes) {
      if (lower != null) {
        lower.cut(bytes);
      }
      long last = bytes / PAGE_BYTES;
      int kept = (int) (bytes % PAGE_BYTES);
      // Pages may stand behind the end when there was no room for the rest.
      pages.tailMap(last, kept == 0).clear();
      if (bytes < size) {
        byte[] page = pages.get(last);
        if (page != null) {
          Arrays.fill(page, kept, PAGE_BYTES, (byte) 0);
        }
      }
      size = bytes;
    }
  }

  /** Finds out what a folder holds, once. */
  interface Loader {
    Map<String, MemoryNode> load();
  }

  /** Names in the order in which they were made. */
  static final class Folder extends MemoryNode {

    /** A name with its place in the order. */
    record Entry(long place, String name, MemoryNode node) {}

    private final Map<String, Entry> byName = new HashMap<>();
    private final TreeMap<Long, Entry> byPlace = new TreeMap<>();
    private @Nullable Folder parent;
    private @Nullable Loader loader;
    private long lastPlace;

    Folder(long inode, long nowNanos) {
      super(inode, nowNanos);
    }

    /** A folder whose names are the host's, found out when somebody looks. */
    Folder(long inode, long nowNanos, Loader loader) {
      super(inode, nowNanos);
      this.loader = loader;
    }

    private void load() {
      Loader due = loader;
      if (due != null) {
        Map<String, MemoryNode> found = due.load();
        loader = null;
        found.forEach(this::add);
      }
    }

    @Override
    FileType type() {
      return FileType.DIRECTORY;
    }

    @Override
    long size() {
      return byName.size();
    }

    @Nullable MemoryNode find(String name) {
      load();
      Entry entry = byName.get(name);
      return entry == null ? null : entry.node();
    }

    boolean isEmpty() {
      load();
      return byName.isEmpty();
    }

    @Nullable Folder parent() {
      return parent;
    }

    /** The first entry behind a place, or null. */
    @Nullable Entry after(long place) {
      load();
      Map.Entry<Long, Entry> found = byPlace.higherEntry(place);
      return found == null ? null : found.getValue();
    }

    /** Adds a name that is not there. */
    void add(String name, MemoryNode node) {
      load();
      Entry entry = new Entry(++lastPlace, name, node);
      byName.put(name, entry);
      byPlace.put(entry.place(), entry);
      node.named(1);
      if (node instanceof Folder folder) {
        folder.parent = this;
      }
    }

    /** Removes a name that is there. */
    void remove(String name) {
      Entry entry = byName.remove(name);
      if (entry == null) {
        throw new IllegalStateException("no entry " + name);
      }
      byPlace.remove(entry.place());
      entry.node().named(-1);
      if (entry.node() instanceof Folder folder) {
        folder.parent = null;
      }
    }
  }

  /** The text of a symbolic link. */
  static final class Link extends MemoryNode {
    private final String target;

    Link(long inode, long nowNanos, String target) {
      super(inode, nowNanos);
      this.target = target;
    }

    @Override
    FileType type() {
      return FileType.SYMBOLIC_LINK;
    }

    @Override
    long size() {
      return target.getBytes(StandardCharsets.UTF_8).length;
    }

    String target() {
      return target;
    }
  }
}
