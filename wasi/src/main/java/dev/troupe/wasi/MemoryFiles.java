package dev.troupe.wasi;

import dev.troupe.wasi.MemoryNode.Folder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Files that live in memory only, bounded in bytes and in number; a scratch directory for a guest.
 * Used by one thread at a time, like the guests that have it.
 */
public final class MemoryFiles {
  /** Whoever pays for the memory of the files. */
  public interface Meter {
    /** Asks for {@code bytes} more; whoever gets true has them. */
    boolean tryTake(long bytes);

    /** Bytes that are not needed any more. */
    void giveBack(long bytes);
  }

  private static final Meter FREE =
      new Meter() {
        @Override
        public boolean tryTake(long bytes) {
          return true;
        }

        @Override
        public void giveBack(long bytes) {
          // Nobody paid.
        }
      };

  /** What a name or a node costs besides its pages, roughly. */
  private static final long NODE_BYTES = 512;

  private final Meter meter;
  private final long maxBytes;
  private final int maxNodes;
  private final Folder root;
  private long pageBytes;
  private int nodes;
  private long lastInode;

  private MemoryFiles(long maxBytes, int maxNodes, Meter meter, @Nullable HostLayer lower) {
    this.meter = meter;
    this.maxBytes = maxBytes;
    this.maxNodes = maxNodes;
    long inode = ++lastInode;
    this.root = lower == null ? new Folder(inode, 0) : new Folder(inode, 0, () -> load(lower, ""));
    root.named(1);
  }

  /**
   * Files in memory over a folder of the host: what is there can be read and, as far as the guest
   * sees, changed and removed; the host's files stay as they are. What a directory holds is found
   * out when the guest first looks into it; contents are read from the host until they are written,
   * by pages.
   *
   * @param maxBytes bytes of all pages that were written
   * @param maxNodes names that were made, and those of the host in directories that were looked at
   */
  public static MemoryFiles over(Path folder, long maxBytes, int maxNodes) {
    if (maxBytes < 0 || maxNodes < 0) {
      throw new IllegalArgumentException("limits cannot be negative");
    }
    return new MemoryFiles(maxBytes, maxNodes, FREE, new HostLayer(folder));
  }

  /** What a directory of the host holds, as nodes; all of it or, where there is no room, none. */
  private Map<String, MemoryNode> load(HostLayer lower, String path) {
    Map<String, MemoryNode> nodesByName = new LinkedHashMap<>();
    try {
      lower.list(
          path,
          found -> {
            MemoryNode before = nodesByName.put(found.name(), node(lower, path, found));
            if (before != null) {
              removeName();
            }
          });
    } catch (WasiError full) {
      nodesByName.values().forEach(_ -> removeName());
      throw full;
    }
    return nodesByName;
  }

  private MemoryNode node(HostLayer lower, String path, HostLayer.Found found) {
    String full = path.isEmpty() ? found.name() : path + "/" + found.name();
    long inode = nextInode();
    long time = found.modifiedNanos();
    return switch (found.type()) {
      case REGULAR_FILE ->
          new MemoryNode.File(inode, time, new LowerFile(lower, full, found.size()), found.size());
      case DIRECTORY -> new Folder(inode, time, () -> load(lower, full));
      case SYMBOLIC_LINK ->
          new MemoryNode.Link(inode, time, new String(found.target(), StandardCharsets.UTF_8));
      case UNKNOWN, BLOCK_DEVICE, CHARACTER_DEVICE, SOCKET_DGRAM, SOCKET_STREAM ->
          throw new IllegalStateException("not listed: " + found.type());
    };
  }

  /**
   * An empty directory.
   *
   * @param maxBytes bytes of all files, counted in pages of 16 KiB
   * @param maxNodes files, directories and links, each as often as it has names
   */
  public static MemoryFiles create(long maxBytes, int maxNodes) {
    return create(maxBytes, maxNodes, FREE);
  }

  /**
   * The same, and somebody pays: for pages and, roughly, for names. Where he refuses, there is no
   * space left.
   */
  public static MemoryFiles create(long maxBytes, int maxNodes, Meter meter) {
    if (maxBytes < 0 || maxNodes < 0) {
      throw new IllegalArgumentException("limits cannot be negative");
    }
    return new MemoryFiles(maxBytes, maxNodes, meter, null);
  }

  /** Bytes that all files take. */
  public long usedBytes() {
    return pageBytes;
  }

  /** Names of files, directories and links, and what is open without a name; the root apart. */
  public int usedNodes() {
    return nodes;
  }

  /**
   * Makes a file, and the directories on the way to it.
   *
   * @param path names with slashes between them
   * @throws IOException when the path is none, or there is no room
   */
  public void write(String path, byte[] contents) throws IOException {
    List<String> names = names(path);
    try {
      Folder folder = root;
      for (String name : names.subList(0, names.size() - 1)) {
        folder = folder(folder, name);
      }
      String last = names.getLast();
      if (folder.find(last) != null) {
        throw new IOException(path + " exists already");
      }
      folder.add(last, filled(contents));
    } catch (WasiError e) {
      throw new IOException("no room for " + path, e);
    }
  }

  private MemoryNode.File filled(byte[] contents) {
    MemoryNode.File file = newFile(0);
    try {
      for (int at = 0; at < contents.length; at += MemoryNode.File.PAGE_BYTES) {
        byte[] page = writable(file, at / MemoryNode.File.PAGE_BYTES);
        System.arraycopy(contents, at, page, 0, Math.min(page.length, contents.length - at));
      }
    } catch (WasiError full) {
      released(file);
      throw full;
    }
    file.resize(contents.length);
    return file;
  }

  private Folder folder(Folder parent, String name) throws IOException {
    MemoryNode found = parent.find(name);
    if (found == null) {
      Folder made = newFolder(0);
      parent.add(name, made);
      return made;
    }
    if (found instanceof Folder folder) {
      return folder;
    }
    throw new IOException(name + " is no directory");
  }

  /**
   * The contents of a file; symbolic links are not followed.
   *
   * @throws IOException when there is none, or it has 2 GiB or more
   */
  public byte[] read(String path) throws IOException {
    MemoryNode node = root;
    try {
      for (String name : names(path)) {
        node = node instanceof Folder folder ? folder.find(name) : null;
        if (node == null) {
          throw new IOException("no file " + path);
        }
      }
    } catch (WasiError e) {
      throw new IOException("cannot look for " + path, e);
    }
    if (!(node instanceof MemoryNode.File file) || file.size() > Integer.MAX_VALUE - 8) {
      throw new IOException(path + " is no file, or too long");
    }
    try {
      return contents(file);
    } catch (WasiError e) {
      throw new IOException("cannot read " + path, e);
    } finally {
      if (!file.isOpen()) {
        file.closeLower();
      }
    }
  }

  private static byte[] contents(MemoryNode.File file) {
    byte[] contents = new byte[(int) file.size()];
    // In longs: the last page may begin near the largest array.
    for (long at = 0; at < contents.length; at += MemoryNode.File.PAGE_BYTES) {
      long index = at / MemoryNode.File.PAGE_BYTES;
      byte[] written = file.page(index);
      byte[] page = written != null ? written : file.missing(index);
      int part = (int) Math.min(page.length, contents.length - at);
      System.arraycopy(page, 0, contents, (int) at, part);
    }
    return contents;
  }

  private static List<String> names(String path) throws IOException {
    List<String> names =
        Arrays.stream(path.split("/", -1)).filter(name -> !name.isEmpty()).toList();
    boolean dots = names.contains(".") || names.contains("..");
    if (names.isEmpty() || dots || path.indexOf('\0') >= 0) {
      throw new IOException("'" + path + "' is no path of a file");
    }
    return names;
  }

  Folder root() {
    return root;
  }

  // ---------------------------------------------------------------- what costs something

  /** Makes room for a name; the first of something new is made with it. */
  void addName() {
    if (nodes >= maxNodes || !meter.tryTake(NODE_BYTES)) {
      throw WasiError.of(WasiErrno.NOSPC);
    }
    nodes++;
  }

  private void removeName() {
    nodes--;
    meter.giveBack(NODE_BYTES);
  }

  private long nextInode() {
    addName();
    return ++lastInode;
  }

  MemoryNode.File newFile(long nowNanos) {
    return new MemoryNode.File(nextInode(), nowNanos);
  }

  Folder newFolder(long nowNanos) {
    return new Folder(nextInode(), nowNanos);
  }

  MemoryNode.Link newLink(long nowNanos, byte[] target) {
    return new MemoryNode.Link(nextInode(), nowNanos, new String(target, StandardCharsets.UTF_8));
  }

  /** The page of a file, made when it is not there. */
  byte[] writable(MemoryNode.File file, long index) {
    byte[] page = file.page(index);
    if (page != null) {
      return page;
    }
    take(1);
    return newPage(file, index);
  }

  /** Pays for pages that {@link #newPage} is going to make, or {@link #giveBack} gives back. */
  private void take(long pages) {
    long room = (maxBytes - pageBytes) / MemoryNode.File.PAGE_BYTES;
    if (pages > room || !meter.tryTake(pages * MemoryNode.File.PAGE_BYTES)) {
      throw WasiError.of(WasiErrno.NOSPC);
    }
    pageBytes += pages * MemoryNode.File.PAGE_BYTES;
  }

  private void giveBack(long pages) {
    pageBytes -= pages * MemoryNode.File.PAGE_BYTES;
    meter.giveBack(pages * MemoryNode.File.PAGE_BYTES);
  }

  /** Makes a page that is paid for; where that fails, as the host's file does, it is not needed. */
  private byte[] newPage(MemoryNode.File file, long index) {
    boolean made = false;
    try {
      byte[] page = file.newPage(index);
      made = true;
      return page;
    } finally {
      if (!made) {
        giveBack(1);
      }
    }
  }

  /**
   * Makes all pages of a range, or none when there is no room for all. Pages that were made before
   * the host fails stay: they read as before.
   */
  void reserve(MemoryNode.File file, long firstPage, long lastPage) {
    long missing = lastPage - firstPage + 1 - file.pageCount(firstPage, lastPage);
    take(missing);
    long left = missing;
    try {
      for (long page = firstPage; page <= lastPage && left > 0; page++) {
        if (file.page(page) == null) {
          left--;
          byte[] unused = newPage(file, page);
        }
      }
    } finally {
      if (left > 0) {
        giveBack(left);
      }
    }
  }

  /** Changes the length of a file and counts the pages that go. */
  void resize(MemoryNode.File file, long bytes) {
    int before = file.pageCount();
    file.resize(bytes);
    long freed = (long) (before - file.pageCount()) * MemoryNode.File.PAGE_BYTES;
    pageBytes -= freed;
    meter.giveBack(freed);
  }

  /** A name is gone; the last one gives back what nobody can reach. */
  void nameGone(MemoryNode node) {
    if (node.names() > 0) {
      removeName();
    } else {
      released(node);
    }
  }

  /** The last name or a descriptor is gone: gives back what nobody can reach. */
  void released(MemoryNode node) {
    if (node.isLost()) {
      removeName();
      if (node instanceof MemoryNode.File file) {
        resize(file, 0);
      }
    }
  }
}
