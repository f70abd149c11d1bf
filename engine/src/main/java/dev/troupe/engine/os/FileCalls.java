package dev.troupe.engine.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int TCGETS = 0x5401;
  private static final int FIONREAD = 0x541B;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final MemorySegment ONE = one();
  private static final int OPEN_HOW_BYTES = 24;
  // include/uapi/linux/openat2.h
  private static final int RESOLVE_NO_MAGICLINKS = 2;
  private static final int RESOLVE_NO_SYMLINKS = 4;
  private static final int RESOLVE_BENEATH = 8;

  /** The kernel gives up when directories are renamed while it resolves; we ask so often. */
  private static final int RESOLVE_ATTEMPTS = 128;

  private FileCalls() {}

  private static MemorySegment one() {
    MemorySegment one = Arena.global().allocate(Long.BYTES, Long.BYTES);
    RawMemory.putLong(one.address(), 1);
    return one;
  }

  /** Opens a folder of the host, to resolve paths beneath it. */
  public static long openDirectory(Path folder) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(folder.toAbsolutePath().toString()).address();
      int flags = OpenFlags.DIRECTORY | OpenFlags.CLOSE_ON_EXEC;
      return Libc.repeated(Syscall.OPENAT, AT_FDCWD, name, flags, 0);
    }
  }

  /** Opens a file of the host to read; nothing waits, neither opening nor reading. */
  public static long openForReading(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      long name = arena.allocateFrom(file.toAbsolutePath().toString()).address();
      int flags = OpenFlags.CLOSE_ON_EXEC | OpenFlags.NON_BLOCKING | OpenFlags.NO_TERMINAL;
      return Libc.repeated(Syscall.OPENAT, AT_FDCWD, name, flags, 0);
    }
  }

  /**
   * Opens a file by a path that the kernel resolves beneath a directory: absolute paths, {@code ..}
   * and symbolic links that lead out of it, and links of /proc, are refused with EXDEV or ELOOP,
   * whatever is renamed meanwhile.
   *
   * @param path address of the path, ended by NUL
   * @param flags of {@link OpenFlags}
   * @param mode permissions of a new file; 0 without {@link OpenFlags#CREATE}
   * @param scratch memory of {@link #SCRATCH_BYTES} bytes
   */
  public static long openBeneath(int directory, long path, int flags, int mode, long scratch) {
    int resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return open(directory, path, flags, mode, resolve, scratch);
  }

  /**
   * The same for a path of which no name may be a symbolic link: ELOOP. A link at its end can be
   * opened as one, by {@link OpenFlags#PATH_ONLY} and {@link OpenFlags#NO_FOLLOW}.
   */
  public static long openWithoutLinks(int directory, long path, int flags, long scratch) {
    int resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
    return open(directory, path, flags, 0, resolve, scratch);
  }

  private static long open(
      int directory, long path, int flags, int mode, int resolve, long scratch) {
    RawMemory.putLong(scratch, flags | OpenFlags.CLOSE_ON_EXEC);
    RawMemory.putLong(scratch + 8, mode);
    RawMemory.putLong(scratch + 16, resolve);
    long result = -Errno.EAGAIN;
    for (int i = 0; i < RESOLVE_ATTEMPTS && result == -Errno.EAGAIN; i++) {
      result = Libc.repeated(Syscall.OPENAT2, directory, path, scratch, OPEN_HOW_BYTES);
    }
    return result;
  }

  /**
   * Whether the kernel knows {@link #openBeneath} and no filter forbids it; else there is {@link
   * PathWalk}. Asks the kernel.
   */
  public static boolean canOpenBeneath() {
    try (Arena arena = Arena.ofConfined()) {
      long dot = arena.allocateFrom(".").address();
      long scratch = arena.allocate(SCRATCH_BYTES, 8).address();
      long opened = openBeneath(AT_FDCWD, dot, OpenFlags.PATH_ONLY, 0, scratch);
      return opened >= 0 && close((int) opened) == 0;
    }
  }

  /** Reads to an address, from the descriptor's position: how many bytes, 0 at the end. */
  public static long read(int descriptor, long address, long bytes) {
    return Libc.repeated(Syscall.READ, descriptor, address, bytes, 0);
  }

  /** Writes from an address, to the descriptor's position: how many bytes. */
  public static long write(int descriptor, long address, long bytes) {
    return Libc.repeated(Syscall.WRITE, descriptor, address, bytes, 0);
  }

  /** Reads to an address, from an offset of the file; the position stays. */
  public static long readAt(int descriptor, long address, long bytes, long offset) {
    return Libc.repeated(Syscall.PREAD64, descriptor, address, bytes, offset);
  }

  /** Writes from an address, to an offset of the file; the position stays. */
  public static long writeAt(int descriptor, long address, long bytes, long offset) {
    return Libc.repeated(Syscall.PWRITE64, descriptor, address, bytes, offset);
  }

  /** Moves the position: the new one. {@code whence}: 0 from the start, 1 from here, 2 from end. */
  public static long seek(int descriptor, long offset, int whence) {
    return Libc.repeated(Syscall.LSEEK, descriptor, offset, whence, 0);
  }

  /** Waits until data and metadata are on the device. */
  public static long sync(int descriptor) {
    return Libc.repeated(Syscall.FSYNC, descriptor, 0, 0, 0);
  }

  /** Waits until data, and the metadata needed to read them, are on the device. */
  public static long syncData(int descriptor) {
    return Libc.repeated(Syscall.FDATASYNC, descriptor, 0, 0, 0);
  }

  /** Reserves space, and makes the file longer when the range ends behind it. */
  public static long allocate(int descriptor, long offset, long bytes) {
    return Libc.repeated(Syscall.FALLOCATE, descriptor, 0, offset, bytes);
  }

  /** Tells the kernel how a range will be used: POSIX_FADV of Linux. */
  public static long advise(int descriptor, long offset, long bytes, int advice) {
    return Libc.repeated(Syscall.FADVISE64, descriptor, offset, bytes, advice);
  }

  /** Sets the length. */
  public static long truncate(int descriptor, long bytes) {
    return Libc.repeated(Syscall.FTRUNCATE, descriptor, bytes, 0, 0);
  }

  /**
   * Sets the times of an open file, or of one that is open by {@link OpenFlags#PATH_ONLY}.
   *
   * @param times address of two struct timespec: of the last access, of the last change
   * @param empty address of a NUL
   */
  public static long setTimes(int descriptor, long times, long empty) {
    return Libc.repeated(Syscall.UTIMENSAT, descriptor, empty, times, AT_EMPTY_PATH);
  }

  /** Writes the target of a symbolic link that is open by path only: how many bytes. */
  public static long readLink(int link, long empty, long target, long bytes) {
    return Libc.repeated(Syscall.READLINKAT, link, empty, target, bytes);
  }

  /** Writes struct linux_dirent64 after each other, from the position on: how many bytes. */
  public static long directoryEntries(int directory, long target, long bytes) {
    return Libc.repeated(Syscall.GETDENTS64, directory, target, bytes, 0);
  }

  /** Bytes that could be read at once; {@code scratch} as for {@link #openBeneath}. */
  public static long readable(int descriptor, long scratch) {
    long result = Libc.repeated(Syscall.IOCTL, descriptor, FIONREAD, scratch, 0);
    return result < 0 ? result : Integer.toUnsignedLong(RawMemory.getInt(scratch));
  }

  /**
   * Waits until one of several descriptors is ready or the time is over: how many are. Not repeated
   * after a signal: {@code -EINTR}.
   *
   * @param polls address of the struct pollfd
   * @param timeout address of a struct timespec, or 0 to wait as long as it takes
   */
  public static long poll(long polls, int count, long timeout) {
    return Libc.syscall(Syscall.PPOLL, polls, count, timeout, 0, 0, 0);
  }

  /** A counter of the kernel (eventfd(2)): readable when it is not 0, reading sets it to 0. */
  public static long openCounter() {
    return Libc.syscall(Syscall.EVENTFD2, 0, EFD_NONBLOCK | EFD_CLOEXEC, 0, 0, 0, 0);
  }

  /** Adds one to a counter. */
  public static void count(int counter) {
    long unused = Libc.repeated(Syscall.WRITE, counter, ONE.address(), Long.BYTES, 0);
  }

  /**
   * Whether a descriptor is ready now, or has something to tell, as an error; not when the kernel
   * cannot say.
   *
   * @param events of {@link PollFd}
   * @param scratch as for {@link #openBeneath}
   */
  public static boolean isReady(int descriptor, int events, long scratch) {
    PollFd.put(scratch, descriptor, events);
    RawMemory.putLong(scratch + PollFd.BYTES, 0);
    RawMemory.putLong(scratch + 2 * PollFd.BYTES, 0);
    long result;
    do {
      result = poll(scratch, 1, scratch + PollFd.BYTES);
    } while (result == -Errno.EINTR);
    return result > 0;
  }

  /** Writes struct stat, which {@link FileStatus} reads, to {@code target}. */
  public static long status(int descriptor, long target) {
    return Libc.repeated(Syscall.FSTAT, descriptor, target, 0, 0);
  }

  /** Replaces the flags that can change on an open file; {@link OpenFlags#APPEND} and the like. */
  public static long setFlags(int descriptor, int flags) {
    return Libc.repeated(Syscall.FCNTL, descriptor, F_SETFL, flags, 0);
  }

  /** Whether it is a terminal; {@code scratch} as for {@link #openBeneath}. */
  public static boolean isTerminal(int descriptor, long scratch) {
    return Libc.repeated(Syscall.IOCTL, descriptor, TCGETS, scratch, 0) == 0;
  }

  /** Closes. Not repeated: Linux has released the descriptor even when it was interrupted. */
  public static long close(int descriptor) {
    long result = Libc.syscall(Syscall.CLOSE, descriptor, 0, 0, 0, 0, 0);
    return result == -Errno.EINTR ? 0 : result;
  }
}
