package dev.troupe.wasi;

import dev.troupe.engine.os.FileStatus;

/** WASI's {@code filetype}; the ordinal is the number. */
enum FileType {
  UNKNOWN,
  BLOCK_DEVICE,
  CHARACTER_DEVICE,
  DIRECTORY,
  REGULAR_FILE,
  SOCKET_DGRAM,
  SOCKET_STREAM,
  SYMBOLIC_LINK;

  /** The type of a file of the host; pipes and sockets are unknown to WASI. */
  static FileType of(int mode) {
    return switch (mode & FileStatus.TYPE_MASK) {
      case FileStatus.REGULAR -> REGULAR_FILE;
      case FileStatus.DIRECTORY -> DIRECTORY;
      case FileStatus.CHARACTER_DEVICE -> CHARACTER_DEVICE;
      case FileStatus.BLOCK_DEVICE -> BLOCK_DEVICE;
      case FileStatus.SYMBOLIC_LINK -> SYMBOLIC_LINK;
      default -> UNKNOWN;
    };
  }
}
