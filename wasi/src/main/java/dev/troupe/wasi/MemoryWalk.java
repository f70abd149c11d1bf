package dev.troupe.wasi;

import dev.troupe.wasi.MemoryNode.Folder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a path leads in {@link MemoryFiles}: what {@code openat2} does with {@code
 * RESOLVE_BENEATH}.
 */
final class MemoryWalk {
  private static final int MOST_LINKS = 40;
  private static final int MOST_NAME_BYTES = 255;

  /** The folders from the one where the walk began to where it is. */
  private final List<Folder> stack = new ArrayList<>();

  private final Deque<String> names = new ArrayDeque<>();
  private boolean directoryWanted;
  private boolean fileWanted;
  private boolean dots;
  private int links;
  private String name = "";
  private @Nullable MemoryNode node;

  private MemoryWalk(Folder base) {
    stack.add(base);
  }

  /** Walks a path to its end; {@code follow} a symbolic link there, too. */
  static MemoryWalk of(Folder base, GuestPath path, boolean follow) {
    MemoryWalk walk = begin(base, path);
    // A slash behind a link asks for what it leads to.
    walk.run(follow || walk.directoryWanted);
    return walk;
  }

  /** The same to make a file, whose name must not have a slash behind it. */
  static MemoryWalk toFile(Folder base, GuestPath path, boolean follow) {
    MemoryWalk walk = begin(base, path);
    walk.fileWanted = true;
    walk.run(follow);
    return walk;
  }

  /** Walks to the last name of a path, which is not followed. */
  static MemoryWalk toName(Folder base, GuestPath path, int dotsErrno) {
    MemoryWalk walk = begin(base, path);
    walk.dots = path.endsWithDots();
    if (walk.dots) {
      String unused = walk.names.removeLast();
      walk.names.addLast(".");
    }
    walk.run(false);
    if (walk.dots) {
      throw WasiError.of(dotsErrno);
    }
    return walk;
  }

  private static MemoryWalk begin(Folder base, GuestPath path) {
    if (path.length() == 0) {
      throw WasiError.of(WasiErrno.NOENT);
    }
    MemoryWalk walk = new MemoryWalk(base);
    walk.push(new String(path.bytes(), StandardCharsets.UTF_8));
    walk.directoryWanted = path.endsWithSlash();
    return walk;
  }

  private void push(String path) {
    if (path.startsWith("/")) {
      throw WasiError.of(WasiErrno.PERM);
    }
    List<String> parts =
        Arrays.stream(path.split("/", -1)).filter(part -> !part.isEmpty()).toList();
    for (String part : parts.reversed()) {
      names.addFirst(part);
    }
  }

  private void run(boolean follow) {
    while (!names.isEmpty()) {
      String next = names.removeFirst();
      boolean last = names.isEmpty();
      name = next;
      switch (next) {
        case "." -> node = parent();
        case ".." -> {
          if (stack.size() == 1) {
            throw WasiError.of(WasiErrno.PERM);
          }
          stack.removeLast();
          node = parent();
        }
        default -> step(next, last, follow);
      }
    }
  }

  private void step(String next, boolean last, boolean follow) {
    if (next.getBytes(StandardCharsets.UTF_8).length > MOST_NAME_BYTES) {
      throw WasiError.of(WasiErrno.NAMETOOLONG);
    }
    if (parent().names() == 0) {
      // Removed while it was open: nothing is in it, and nothing can be made in it.
      throw WasiError.of(WasiErrno.NOENT);
    }
    if (last && fileWanted && directoryWanted) {
      throw WasiError.of(WasiErrno.ISDIR);
    }
    MemoryNode found = parent().find(next);
    if (found instanceof MemoryNode.Link link && (!last || follow)) {
      if (++links > MOST_LINKS) {
        throw WasiError.of(WasiErrno.LOOP);
      }
      directoryWanted |= last && link.target().endsWith("/");
      push(link.target());
      return;
    }
    node = found;
    if (last) {
      return;
    }
    if (found == null) {
      throw WasiError.of(WasiErrno.NOENT);
    }
    if (!(found instanceof Folder folder)) {
      throw WasiError.of(WasiErrno.NOTDIR);
    }
    stack.add(folder);
  }

  /** The folder that holds the last name. */
  Folder parent() {
    return stack.getLast();
  }

  /** The last name. */
  String name() {
    return name;
  }

  /** What has the last name, or null. */
  @Nullable MemoryNode node() {
    return node;
  }

  /** What has the last name; {@link WasiErrno#NOENT} when nothing has. */
  MemoryNode any() {
    if (node == null) {
      throw WasiError.of(WasiErrno.NOENT);
    }
    return node;
  }

  /** The same, and a directory when there is a slash behind the name. */
  MemoryNode existing() {
    MemoryNode found = any();
    if (directoryWanted && !(found instanceof Folder)) {
      throw WasiError.of(WasiErrno.NOTDIR);
    }
    return found;
  }

  /** Whether a slash is behind the last name. */
  boolean directoryWanted() {
    return directoryWanted;
  }
}
