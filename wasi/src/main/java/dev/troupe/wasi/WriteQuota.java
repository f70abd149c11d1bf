package dev.troupe.wasi;

/** How many bytes a guest may still write, to whatever it writes. */
final class WriteQuota {
  /** For what writes nothing. */
  static final WriteQuota NONE = new WriteQuota(Long.MAX_VALUE);

  private long left;

  /** Allows {@code bytes} bytes in all. */
  WriteQuota(long bytes) {
    left = bytes;
  }

  /** As many of {@code bytes} bytes as may be written; {@link WasiErrno#DQUOT} when none may. */
  long allowed(long bytes) {
    if (left == 0 && bytes > 0) {
      throw WasiError.of(WasiErrno.DQUOT);
    }
    return Math.min(bytes, left);
  }

  /** Insists that {@code bytes} bytes may be written. */
  void require(long bytes) {
    if (bytes > left) {
      throw WasiError.of(WasiErrno.DQUOT);
    }
  }

  /** Counts what was written. */
  void charge(long bytes) {
    left -= Math.min(left, bytes);
  }
}
