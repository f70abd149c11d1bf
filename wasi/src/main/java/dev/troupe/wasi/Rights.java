package dev.troupe.wasi;

/** What may be done with a descriptor: bits of WASI's {@code rights}. */
final class Rights {
  static final long FD_DATASYNC = 1;
  static final long FD_READ = 1 << 1;
  static final long FD_SEEK = 1 << 2;
  static final long FD_FDSTAT_SET_FLAGS = 1 << 3;
  static final long FD_SYNC = 1 << 4;
  static final long FD_TELL = 1 << 5;
  static final long FD_WRITE = 1 << 6;
  static final long FD_ADVISE = 1 << 7;
  static final long FD_ALLOCATE = 1 << 8;
  static final long PATH_CREATE_DIRECTORY = 1 << 9;
  static final long PATH_CREATE_FILE = 1 << 10;
  static final long PATH_LINK_SOURCE = 1 << 11;
  static final long PATH_LINK_TARGET = 1 << 12;
  static final long PATH_OPEN = 1 << 13;
  static final long FD_READDIR = 1 << 14;
  static final long PATH_READLINK = 1 << 15;
  static final long PATH_RENAME_SOURCE = 1 << 16;
  static final long PATH_RENAME_TARGET = 1 << 17;
  static final long PATH_FILESTAT_GET = 1 << 18;
  static final long PATH_FILESTAT_SET_SIZE = 1 << 19;
  static final long PATH_FILESTAT_SET_TIMES = 1 << 20;
  static final long FD_FILESTAT_GET = 1 << 21;
  static final long FD_FILESTAT_SET_SIZE = 1 << 22;
  static final long FD_FILESTAT_SET_TIMES = 1 << 23;
  static final long PATH_SYMLINK = 1 << 24;
  static final long PATH_REMOVE_DIRECTORY = 1 << 25;
  static final long PATH_UNLINK_FILE = 1 << 26;
  static final long POLL_FD_READWRITE = 1 << 27;
  static final long SOCK_SHUTDOWN = 1 << 28;
  static final long SOCK_ACCEPT = 1 << 29;

  /** Every right that preview 1 names. */
  static final long ALL = (1L << 30) - 1;

  /** Those that mean something for what has bytes to read and write. */
  static final long STREAM =
      FD_READ
          | FD_WRITE
          | FD_FDSTAT_SET_FLAGS
          | FD_SYNC
          | FD_DATASYNC
          | FD_FILESTAT_GET
          | POLL_FD_READWRITE;

  /** Those that mean something for a regular file. */
  static final long REGULAR =
      STREAM
          | FD_SEEK
          | FD_TELL
          | FD_ADVISE
          | FD_ALLOCATE
          | FD_FILESTAT_SET_SIZE
          | FD_FILESTAT_SET_TIMES;

  /** Those that mean something for a directory. */
  static final long DIRECTORY =
      ALL
          & ~(FD_READ
              | FD_WRITE
              | FD_SEEK
              | FD_TELL
              | FD_ADVISE
              | FD_ALLOCATE
              | FD_FILESTAT_SET_SIZE
              | SOCK_SHUTDOWN
              | SOCK_ACCEPT);

  /** Those that change what is in a directory, or beneath it. */
  static final long CHANGE_DIRECTORY =
      PATH_CREATE_DIRECTORY
          | PATH_CREATE_FILE
          | PATH_LINK_SOURCE
          | PATH_LINK_TARGET
          | PATH_RENAME_SOURCE
          | PATH_RENAME_TARGET
          | PATH_FILESTAT_SET_SIZE
          | PATH_FILESTAT_SET_TIMES
          | PATH_SYMLINK
          | PATH_REMOVE_DIRECTORY
          | PATH_UNLINK_FILE
          | FD_FILESTAT_SET_TIMES
          | FD_SYNC
          | FD_DATASYNC;

  /** Those that change a file. */
  static final long CHANGE_FILE =
      FD_WRITE | FD_ALLOCATE | FD_FILESTAT_SET_SIZE | FD_FILESTAT_SET_TIMES | FD_SYNC | FD_DATASYNC;

  /** Those of a connection. */
  static final long CONNECTION =
      FD_READ
          | FD_WRITE
          | FD_FDSTAT_SET_FLAGS
          | FD_FILESTAT_GET
          | POLL_FD_READWRITE
          | SOCK_SHUTDOWN;

  /** Those of a socket that waits for connections. */
  static final long LISTENER =
      FD_FDSTAT_SET_FLAGS | FD_FILESTAT_GET | POLL_FD_READWRITE | SOCK_ACCEPT;

  /** Those for which a file must be open for reading. */
  static final long NEED_READING = FD_READ | FD_READDIR;

  /** Those for which a file must be open for writing; what syncs need not be, on Linux. */
  static final long NEED_WRITING = FD_WRITE | FD_ALLOCATE | FD_FILESTAT_SET_SIZE;

  private Rights() {}
}
