package dev.troupe.wasi;

/** What may be done with a descriptor: bits of WASI's {@code rights}. */
final class Rights {
  static final long FD_DATASYNC = 1;
  static final long FD_READ = 1 << 1;
  static final long FD_SEEK = 1 << 2;
  static final long FD_SYNC = 1 << 4;
  static final long FD_TELL = 1 << 5;
  static final long FD_WRITE = 1 << 6;
  static final long FD_ADVISE = 1 << 7;
  static final long FD_ALLOCATE = 1 << 8;
  static final long PATH_CREATE_FILE = 1 << 10;
  static final long PATH_OPEN = 1 << 13;
  static final long FD_READDIR = 1 << 14;
  static final long PATH_FILESTAT_GET = 1 << 18;
  static final long PATH_FILESTAT_SET_SIZE = 1 << 19;
  static final long FD_FILESTAT_GET = 1 << 21;
  static final long FD_FILESTAT_SET_SIZE = 1 << 22;

  /** Every right that preview 1 names. */
  static final long ALL = (1L << 30) - 1;

  private static final long FDSTAT_SET_FLAGS = 1 << 3;
  private static final long FILESTAT_SET_TIMES = 1 << 23;
  private static final long POLL = 1 << 27;
  private static final long SOCKETS = 3L << 28;

  /** Those that mean something for what has bytes to read and write. */
  static final long STREAM =
      FD_READ | FD_WRITE | FDSTAT_SET_FLAGS | FD_SYNC | FD_DATASYNC | FD_FILESTAT_GET | POLL;

  /** Those that mean something for a regular file. */
  static final long REGULAR =
      STREAM
          | FD_SEEK
          | FD_TELL
          | FD_ADVISE
          | FD_ALLOCATE
          | FD_FILESTAT_SET_SIZE
          | FILESTAT_SET_TIMES;

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
              | SOCKETS);

  /** Those for which a file must be open for reading. */
  static final long NEED_READING = FD_READ | FD_READDIR;

  /** Those for which a file must be open for writing. */
  static final long NEED_WRITING = FD_WRITE | FD_DATASYNC | FD_ALLOCATE | FD_FILESTAT_SET_SIZE;

  private Rights() {}
}
