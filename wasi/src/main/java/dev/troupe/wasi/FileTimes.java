package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;

/**
 * New times of a file: nanoseconds since 1970, {@link #NOW} or {@link #KEEP}.
 *
 * @param accessed time of the last access
 * @param modified time of the last change
 */
record FileTimes(long accessed, long modified) {
  static final long NOW = -1;
  static final long KEEP = -2;
  static final int BYTES = 32;

  private static final int ACCESSED = 1;
  private static final int MODIFIED = 4;
  private static final int ALL_FLAGS = 15;
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  // include/linux/stat.h
  private static final long UTIME_NOW = 0x3FFF_FFFF;
  private static final long UTIME_OMIT = 0x3FFF_FFFE;

  /** From the arguments of WASI; {@code fstflags}: set, now, for one and for the other. */
  static FileTimes of(long accessed, long modified, int fstflags) {
    if ((fstflags & ~ALL_FLAGS) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    return new FileTimes(
        one(accessed, fstflags / ACCESSED & 3), one(modified, fstflags / MODIFIED & 3));
  }

  private static long one(long nanos, int setAndNow) {
    return switch (setAndNow) {
      case 0 -> KEEP;
      case 1 -> {
        if (nanos < 0) {
          // Beyond the year 2262, which no file system of Linux knows in nanoseconds.
          throw WasiError.of(WasiErrno.INVAL);
        }
        yield nanos;
      }
      case 2 -> NOW;
      default -> throw WasiError.of(WasiErrno.INVAL);
    };
  }

  /** Writes two struct timespec of the host, {@link #BYTES} bytes. */
  void writeHost(long address) {
    write(address, accessed);
    write(address + 16, modified);
  }

  private static void write(long address, long time) {
    boolean given = time >= 0;
    RawMemory.putLong(address, given ? time / NANOS_PER_SECOND : 0);
    RawMemory.putLong(
        address + 8, given ? time % NANOS_PER_SECOND : time == NOW ? UTIME_NOW : UTIME_OMIT);
  }
}
