package dev.troupe.engine.os;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * Files by descriptor number, for sandboxes that translate every failure: a result below zero is a
 * negative error number. Nothing is allocated but in {@link #openDirectory}; interrupted calls are
 * repeated. Callers own addresses and descriptors.
 */
public final class FileCalls {
  /** Bytes of scratch memory that {@link #status} and {@link #openBeneath} write at most. */
  public static final int SCRATCH_BYTES = FileStatus.STRUCT_BYTES;

  private static final int AT_FDCWD = -100;
  private static final int F_SETFL = 4;
  private static final int TCGETS = 0x5401;
  private static final int OPEN_HOW_BYTES = 24;
  // include/uapi/linux/openat2.h
  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int RESOLVE_BENEATH = 8;

  /** The kernel gives up when directories are renamed while it resolves; we ask so often. */
  private static final int RESOLVE_ATTEMPTS = 128;

  private FileCalls() {}

  /** Opens a folder of the host, to resolve paths beneath it. */
  public static long openDirectory(Path folder) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(folder.toAbsolutePath().toString()).address();
      int flags = OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC;
      return repeated(Syscall.OPENAT, AT_FDCWD, name, flags, 0);
    }
  }

  /**
   * Opens a file by a path that the kernel resolves beneath a directory: absolute paths, {@code ..}
   * and symbolic links that lead out of it, and links of /proc, are refused with EXDEV or ELOOP,
   * whatever is renamed meanwhile. Needs Linux 5.6; ENOSYS or EPERM before that.
   *
   * @param path address of the path, ended by NUL
   * @param flags of {@link OpenFlags}
   * @param mode permissions of a new file; 0 without {@link OpenFlags#CREATE}
   * @param scratch memory of {@link #SCRATCH_BYTES} bytes
   */
  public static long openBeneath(int directory, long path, int flags, int mode, long scratch) {
    RawMemory.putLong(scratch, flags | OpenFlags.CLOSE_ON_EXEC);
    RawMemory.putLong(scratch + 8, mode);
    RawMemory.putLong(scratch + 16, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
    long result = -Errno.EAGAIN;
    for (int i = 0; i < RESOLVE_ATTEMPTS && result == -Errno.EAGAIN; i++) {
      result = repeated(Syscall.OPENAT2, directory, path, scratch, OPEN_HOW_BYTES);
    }
    return result;
  }

  /** Reads to an address, from the descriptor's position: how many bytes, 0 at the end. */
  public static long read(int descriptor, long address, long bytes) {
    return repeated(Syscall.READ, descriptor, address, bytes, 0);
  }

  /** Writes from an address, to the descriptor's position: how many bytes. */
  public static long write(int descriptor, long address, long bytes) {
    return repeated(Syscall.WRITE, descriptor, address, bytes, 0);
  }

  /** Moves the position: the new one. {@code whence}: 0 from the start, 1 from here, 2 from end. */
  public static long seek(int descriptor, long offset, int whence) {
    return repeated(Syscall.LSEEK, descriptor, offset, whence, 0);
  }

  /** Waits until data and metadata are on the device. */
  public static long sync(int descriptor) {
    return repeated(Syscall.FSYNC, descriptor, 0, 0, 0);
  }

  /** Writes struct stat, which {@link FileStatus} reads, to {@code target}. */
  public static long status(int descriptor, long target) {
    return repeated(Syscall.FSTAT, descriptor, target, 0, 0);
  }

  /** Replaces the flags that can change on an open file; {@link OpenFlags#APPEND} and the like. */
  public static long setFlags(int descriptor, int flags) {
    return repeated(Syscall.FCNTL, descriptor, F_SETFL, flags, 0);
  }

  /** Whether it is a terminal; {@code scratch} as for {@link #openBeneath}. */
  public static boolean isTerminal(int descriptor, long scratch) {
    return repeated(Syscall.IOCTL, descriptor, TCGETS, scratch, 0) == 0;
  }

  /** Closes. Not repeated: Linux has released the descriptor even when it was interrupted. */
  public static long close(int descriptor) {
    long result = Libc.syscall(Syscall.CLOSE, descriptor, 0, 0, 0, 0, 0);
    return result == -Errno.EINTR ? 0 : result;
  }

  private static long repeated(long call, long a, long b, long c, long d) {
    long result;
    do {
      result = Libc.syscall(call, a, b, c, d, 0, 0);
    } while (result == -Errno.EINTR);
    return result;
  }
}
