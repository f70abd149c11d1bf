package dev.troupe.engine.os;

/**
 * Makes, removes and moves names in open directories, for sandboxes: a result below zero is a
 * negative error number. A name is one component of a path, ended by NUL, perhaps with a slash
 * behind it; the caller has seen to it that it is neither {@code .} nor {@code ..} and that no
 * slash is in it, so that the kernel has nothing to resolve.
 */
public final class NameCalls {
  private static final int AT_REMOVEDIR = 0x200;

  private NameCalls() {}

  /** Makes a directory. */
  public static long makeDirectory(int directory, long name, int mode) {
    return Libc.syscall(Syscall.MKDIRAT, directory, name, mode, 0, 0, 0);
  }

  /** Removes a name that is not that of a directory. */
  public static long unlink(int directory, long name) {
    return Libc.syscall(Syscall.UNLINKAT, directory, name, 0, 0, 0, 0);
  }

  /** Removes an empty directory. */
  public static long removeDirectory(int directory, long name) {
    return Libc.syscall(Syscall.UNLINKAT, directory, name, AT_REMOVEDIR, 0, 0, 0);
  }

  /** Moves what has one name to another, replacing what has that. */
  public static long rename(int from, long name, int to, long newName) {
    return Libc.syscall(Syscall.RENAMEAT, from, name, to, newName, 0, 0);
  }

  /** Gives another name to what has one; a symbolic link itself, not what it leads to. */
  public static long link(int from, long name, int to, long newName) {
    return Libc.syscall(Syscall.LINKAT, from, name, to, newName, 0, 0);
  }

  /** Makes a symbolic link that contains the text at {@code target}. */
  public static long symbolicLink(long target, int directory, long name) {
    return Libc.syscall(Syscall.SYMLINKAT, target, directory, name, 0, 0, 0);
  }
}
