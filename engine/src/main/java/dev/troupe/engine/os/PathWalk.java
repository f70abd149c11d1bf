package dev.troupe.engine.os;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Resolves a path beneath a directory one name at a time, for kernels without openat2 and filters
 * that forbid it. The kernel sees single names only, and follows no link: links are read and their
 * names walked here. {@code ..} goes back to the directory that we came from, which is still open;
 * so whatever is renamed meanwhile, there is no way out.
 *
 * <p>Slower than {@link FileCalls#openBeneath}, with the same results but for races: a name that
 * becomes a link between two steps is looked at again.
 */
public final class PathWalk {
  private static final int MOST_LINKS = 40;

  /** Directories that are open at once. */
  private static final int MOST_DEPTH = 128;

  private static final int MOST_BYTES = 4096;
  private static final int ATTEMPTS = 128;
  private static final int EEXIST = 17;
  private static final int ENOTDIR = 20;
  private static final int EISDIR = 21;
  private static final int ENAMETOOLONG = 36;
  private static final int LOOK = OpenFlags.PATH_ONLY | OpenFlags.NO_FOLLOW;

  /** A link took the place of a name while we looked: everything once more. */
  private static final long CHANGED = Long.MIN_VALUE;

  /** The last name was that of a link, and those of the link are to be walked now. */
  private static final long FOLLOWED = Long.MIN_VALUE + 1;

  private final int directory;
  private final int flags;
  private final int mode;
  private final int mostLinks;
  private final long scratch;
  private final long name;
  private final long text;
  private final Deque<String> left = new ArrayDeque<>();
  private final List<Integer> opened = new ArrayList<>();
  private int links;

  /** Whether the end of the path says that a directory is meant, and whether by dots. */
  private boolean slash;

  private boolean dots;

  private PathWalk(int directory, int flags, int mode, int mostLinks, long scratch, Arena arena) {
    this.directory = directory;
    this.flags = flags;
    this.mode = mode;
    this.mostLinks = mostLinks;
    this.scratch = scratch;
    this.name = arena.allocate(MOST_BYTES).address();
    this.text = arena.allocate(MOST_BYTES).address();
  }

  /** Opens as {@link FileCalls#openBeneath} does, with the same parameters. */
  public static long open(int directory, long path, int flags, int mode, long scratch) {
    return open(directory, path, flags, mode, MOST_LINKS, scratch);
  }

  /** Opens as {@link FileCalls#openWithoutLinks} does, with the same parameters. */
  public static long openWithoutLinks(int directory, long path, int flags, long scratch) {
    return open(directory, path, flags, 0, 0, scratch);
  }

  private static long open(
      int directory, long path, int flags, int mode, int mostLinks, long scratch) {
    byte[] bytes = new byte[MOST_BYTES];
    int length = 0;
    for (; RawMemory.getByte(path + length) != 0; length++) {
      if (length == MOST_BYTES - 1) {
        return -ENAMETOOLONG;
      }
      bytes[length] = RawMemory.getByte(path + length);
    }
    // Each byte is a character: names need not be UTF-8.
    String all = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    long result = CHANGED;
    for (int i = 0; i < ATTEMPTS && result == CHANGED; i++) {
      try (Arena arena = Arena.ofConfined()) {
        PathWalk walk = new PathWalk(directory, flags, mode, mostLinks, scratch, arena);
        try {
          result = walk.run(all);
        } finally {
          walk.closeAll();
        }
      }
    }
    return result == CHANGED ? -Errno.EAGAIN : result;
  }

  private void closeAll() {
    for (int descriptor : opened) {
      long unused = FileCalls.close(descriptor);
    }
  }

  private int here() {
    return opened.isEmpty() ? directory : opened.getLast();
  }

  private long run(String path) {
    if ((flags & OpenFlags.CREATE) != 0 && (flags & OpenFlags.DIRECTORY) != 0) {
      return -Errno.EINVAL;
    }
    if (path.isEmpty()) {
      return -Errno.ENOENT;
    }
    long failure = push(path);
    while (failure == 0) {
      String next = left.poll();
      if (next == null) {
        // All that is left is a directory we are in.
        return last(".");
      }
      if (next.equals("..")) {
        if (opened.isEmpty()) {
          return -Errno.EXDEV;
        }
        long unused = FileCalls.close(opened.removeLast());
      } else if (left.isEmpty() && !slash) {
        long result = lastName(next);
        if (result != FOLLOWED) {
          return result;
        }
      } else if (left.isEmpty() && !dots && (flags & OpenFlags.CREATE) != 0) {
        return -EISDIR;
      } else {
        failure = enter(next);
      }
    }
    return failure;
  }

  /** Puts the names of a path before those that are left. */
  private long push(String path) {
    if (path.startsWith("/")) {
      return -Errno.EXDEV;
    }
    boolean end = left.isEmpty();
    List<String> names = new ArrayList<>(Arrays.asList(path.split("/", -1)));
    boolean endsWithSlash = names.getLast().isEmpty();
    names.removeIf(String::isEmpty);
    if (end) {
      String lastName = names.getLast();
      dots |= lastName.equals(".") || lastName.equals("..");
      slash |= endsWithSlash || dots;
    }
    names.removeIf(part -> part.equals("."));
    for (String part : names.reversed()) {
      left.addFirst(part);
    }
    return 0;
  }

  private void putName(String value) {
    for (int i = 0; i < value.length(); i++) {
      RawMemory.putByte(name + i, (byte) value.charAt(i));
    }
    RawMemory.putByte(name + value.length(), (byte) 0);
  }

  private long openName(String value, int how) {
    putName(value);
    int all = how | OpenFlags.CLOSE_ON_EXEC;
    int permissions = (how & OpenFlags.CREATE) != 0 ? mode : 0;
    return Libc.repeated(Syscall.OPENAT, here(), name, all, permissions);
  }

  /** A name with others behind it: a directory, or a link to one. */
  private long enter(String next) {
    long found = openName(next, LOOK);
    if (found < 0) {
      return found;
    }
    int type = type((int) found);
    if (type == FileStatus.SYMBOLIC_LINK) {
      return follow((int) found);
    }
    if (type != FileStatus.DIRECTORY || opened.size() == MOST_DEPTH) {
      long unused = FileCalls.close((int) found);
      return type != FileStatus.DIRECTORY ? -ENOTDIR : -ENAMETOOLONG;
    }
    opened.add((int) found);
    return 0;
  }

  private int type(int descriptor) {
    long result = FileCalls.status(descriptor, scratch);
    return result < 0 ? 0 : FileStatus.mode(scratch) & FileStatus.TYPE_MASK;
  }

  /** Reads a link that is open, closes it, and goes on with its names. */
  private long follow(int link) {
    RawMemory.putByte(name, (byte) 0);
    long length = FileCalls.readLink(link, name, text, MOST_BYTES);
    long unused = FileCalls.close(link);
    if (length < 0) {
      return length;
    }
    if (++links > mostLinks) {
      return -Errno.ELOOP;
    }
    if (length == 0 || length == MOST_BYTES) {
      return length == 0 ? -Errno.ENOENT : -ENAMETOOLONG;
    }
    StringBuilder target = new StringBuilder();
    for (int i = 0; i < length; i++) {
      target.append((char) (RawMemory.getByte(text + i) & 0xFF));
    }
    return push(target.toString());
  }

  /** The last name: what was opened, or {@link #FOLLOWED}. */
  private long lastName(String value) {
    boolean exclusive = (flags & OpenFlags.CREATE) != 0 && (flags & OpenFlags.EXCLUSIVE) != 0;
    if ((flags & OpenFlags.NO_FOLLOW) == 0 && !exclusive) {
      long found = openName(value, LOOK);
      if (found >= 0) {
        if (type((int) found) == FileStatus.SYMBOLIC_LINK) {
          long failure = follow((int) found);
          return failure == 0 ? FOLLOWED : failure;
        }
        long unused = FileCalls.close((int) found);
      } else if (found != -Errno.ENOENT) {
        return found;
      }
      long result = last(value);
      // Nobody asked us not to follow: it is a link only now.
      return result == -Errno.ELOOP ? CHANGED : result;
    }
    return last(value);
  }

  private long last(String value) {
    if (slash && (flags & OpenFlags.CREATE) != 0) {
      // As the kernel has it: dots are a name that is there, a slash is a directory.
      return (flags & OpenFlags.EXCLUSIVE) != 0 && dots ? -EEXIST : -EISDIR;
    }
    int more = slash ? OpenFlags.DIRECTORY : 0;
    return openName(value, flags | more | OpenFlags.NO_FOLLOW);
  }
}
