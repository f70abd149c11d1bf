package dev.troupe.wasi;

import dev.troupe.engine.os.OpenFlags;

/** WASI's {@code fdflags}, and the flags of Linux that they stand for. */
final class FdFlags {
  static final int APPEND = 1;
  static final int DSYNC = 2;
  static final int NONBLOCK = 4;
  static final int RSYNC = 8;
  static final int SYNC = 16;
  static final int ALL = 31;

  private FdFlags() {}

  static int toHost(int flags) {
    int host = 0;
    if ((flags & APPEND) != 0) {
      host |= OpenFlags.APPEND;
    }
    if ((flags & DSYNC) != 0) {
      host |= OpenFlags.DSYNC;
    }
    if ((flags & NONBLOCK) != 0) {
      host |= OpenFlags.NON_BLOCKING;
    }
    // Linux has no weaker form of "reads are synchronized, too".
    if ((flags & (RSYNC | SYNC)) != 0) {
      host |= OpenFlags.SYNC;
    }
    return host;
  }
}
