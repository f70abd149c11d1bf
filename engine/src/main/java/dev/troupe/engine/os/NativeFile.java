package dev.troupe.engine.os;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** An open file descriptor that we can map. Closed explicitly; mappings outlive it. */
public final class NativeFile implements AutoCloseable {
  private static final int AT_FDCWD = -100;
  private static final int O_READ_WRITE = 2;
  private static final int O_CREAT = 0x40;
  private static final int O_EXCL = 0x80;
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_NOFOLLOW = 0x20000;
  private static final int O_NONBLOCK = 0x800;
  private static final int OWNER_ONLY = 0600;
  private static final int MFD_CLOEXEC = 1;
  private static final int MFD_ALLOW_SEALING = 2;
  private static final int MFD_EXEC = 0x10;
  private static final int F_ADD_SEALS = 1033;
  private static final int F_GET_SEALS = 1034;
  private static final int ALL_SEALS = 0xF;

  private int descriptor;

  private NativeFile(int descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Opens a file for reading; a symbolic link as the last component is refused. Opening a pipe does
   * not wait for its other end.
   */
  public static NativeFile openForReading(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toAbsolutePath().toString());
      int flags = O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
      return new NativeFile(
          (int) Libc.check("open", Syscall.OPENAT, AT_FDCWD, name.address(), flags));
    }
  }

  /**
   * Makes a file for reading and writing that only its owner can open. Nothing may have its name,
   * not even a symbolic link that leads nowhere.
   */
  public static NativeFile createNew(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment name = arena.allocateFrom(path.toAbsolutePath().toString());
      int flags = O_READ_WRITE | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
      long address = name.address();
      long made = Libc.check("open", Syscall.OPENAT, AT_FDCWD, address, flags, OWNER_ONLY, 0, 0);
      return new NativeFile((int) made);
    }
  }

  /** A file that lives in memory only, empty, that can be sealed and mapped executable. */
  public static NativeFile inMemory(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long address = arena.allocateFrom(name).address();
      int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
      // MFD_EXEC is needed where vm.memfd_noexec is set, and unknown before Linux 6.3.
      long result = Libc.syscall(Syscall.MEMFD_CREATE, address, flags | MFD_EXEC, 0, 0, 0, 0);
      if (result == -Errno.EINVAL) {
        result = Libc.check("memfd_create", Syscall.MEMFD_CREATE, address, flags, 0);
      } else if (result < 0) {
        throw new OsException("memfd_create", (int) -result);
      }
      return new NativeFile((int) result);
    }
  }

  int descriptor() {
    if (descriptor < 0) {
      throw new IllegalStateException("file is closed");
    }
    return descriptor;
  }

  /** Type, owner, permissions, size of what is open: not of what the path now names. */
  public FileStatus status() {
    try (Arena arena = Arena.ofConfined()) {
      long buffer = arena.allocate(FileStatus.STRUCT_BYTES, 8).address();
      Libc.check("fstat", Syscall.FSTAT, descriptor(), buffer, 0);
      return FileStatus.at(buffer);
    }
  }

  /** Sets the length. */
  public void truncate(long sizeBytes) {
    Libc.check("ftruncate", Syscall.FTRUNCATE, descriptor(), sizeBytes, 0);
  }

  /** Reads up to {@code bytes} bytes to {@code target}: how many there were before the end. */
  public long read(long fileOffset, long target, long bytes) {
    long done = 0;
    while (done < bytes) {
      long count =
          Libc.check(
              "pread",
              Syscall.PREAD64,
              descriptor(),
              target + done,
              bytes - done,
              fileOffset + done,
              0,
              0);
      if (count == 0) {
        break;
      }
      done += count;
    }
    return done;
  }

  /** Writes all of {@code bytes} bytes from {@code source}. */
  public void write(long fileOffset, long source, long bytes) {
    long done = 0;
    while (done < bytes) {
      done +=
          Libc.check(
              "pwrite",
              Syscall.PWRITE64,
              descriptor(),
              source + done,
              bytes - done,
              fileOffset + done,
              0,
              0);
    }
  }

  /** Writes an array at {@code fileOffset}. */
  public void write(long fileOffset, byte[] source) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.max(1, source.length));
      MemorySegment.copy(source, 0, copy, JAVA_BYTE, 0, source.length);
      write(fileOffset, copy.address(), source.length);
    }
  }

  /** Forbids every later change of contents, length and seals. Only for memory files. */
  public void seal() {
    Libc.check("fcntl", Syscall.FCNTL, descriptor(), F_ADD_SEALS, ALL_SEALS);
  }

  /** Whether {@link #seal} was applied. */
  public boolean isSealed() {
    return Libc.check("fcntl", Syscall.FCNTL, descriptor(), F_GET_SEALS, 0) == ALL_SEALS;
  }

  /** Closes the descriptor; later calls do nothing. */
  @Override
  public void close() {
    if (descriptor >= 0) {
      // Not repeated on EINTR: Linux has released the descriptor even then.
      long result = Libc.syscall(Syscall.CLOSE, descriptor, 0, 0, 0, 0, 0);
      descriptor = -1;
      if (result < 0 && result != -Errno.EINTR) {
        throw new OsException("close", (int) -result);
      }
    }
  }
}
