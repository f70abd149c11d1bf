package dev.troupe.wasi;

import dev.troupe.engine.os.PollFd;
import java.util.concurrent.CompletableFuture;

/**
 * What a descriptor number of a guest stands for, with the rights that the guest has on it.
 * Operations throw {@link WasiError}; those that a kind of descriptor does not have are refused
 * here. None ever waits: one that would have to throws {@link WasiErrno#AGAIN}, and {@link
 * #whenReady} says when to ask again.
 */
abstract sealed class Descriptor
    permits DirectoryDescriptor,
        HostFile,
        HostSocket,
        InputDescriptor,
        MemoryFile,
        OutputDescriptor,
        PipeDescriptor {
  /** In place of a descriptor of the host. */
  static final int NO_HOST = -1;

  private final FileType type;
  private int flags;
  private long base;
  private long inheriting;

  /**
   * A descriptor.
   *
   * @param flags {@link FdFlags} that it was opened with
   * @param base rights on it
   * @param inheriting most rights of what is opened through it
   */
  Descriptor(FileType type, int flags, long base, long inheriting) {
    this.type = type;
    this.flags = flags;
    this.base = base;
    this.inheriting = inheriting;
  }

  final FileType type() {
    return type;
  }

  final int flags() {
    return flags;
  }

  final long base() {
    return base;
  }

  final long inheriting() {
    return inheriting;
  }

  /** Insists on rights. */
  final void require(long rights) {
    if ((base & rights) != rights) {
      throw WasiError.of(WasiErrno.NOTCAPABLE);
    }
  }

  /** Gives rights away; none can be won. */
  final void restrict(long newBase, long newInheriting) {
    if ((newBase & ~base) != 0 || (newInheriting & ~inheriting) != 0) {
      throw WasiError.of(WasiErrno.NOTCAPABLE);
    }
    base = newBase;
    inheriting = newInheriting;
  }

  /** Replaces the {@link FdFlags} that can change: appending and not waiting. */
  final void setFlags(int newFlags) {
    if (((newFlags ^ flags) & ~(FdFlags.APPEND | FdFlags.NONBLOCK)) != 0) {
      throw WasiError.of(WasiErrno.NOTSUP);
    }
    applyFlags(newFlags);
    flags = newFlags;
  }

  /** Tells the host of new flags. */
  void applyFlags(int newFlags) {
    // What is not the host's has nobody to tell.
  }

  /** The name under which it was given to the guest, as UTF-8; only preopened directories. */
  byte[] preopenName() {
    throw WasiError.of(WasiErrno.BADF);
  }

  /** Reads up to {@code bytes} bytes to an address: how many; 0 is the end. */
  abstract long read(long address, long bytes);

  /** Writes up to {@code bytes} bytes from an address: how many. */
  abstract long write(long address, long bytes);

  /** Reads from an offset of the file; the place of the next read stays. */
  long readAt(long address, long bytes, long offset) {
    throw WasiError.of(WasiErrno.SPIPE);
  }

  /** Writes to an offset of the file; the place of the next write stays. */
  long writeAt(long address, long bytes, long offset) {
    throw WasiError.of(WasiErrno.SPIPE);
  }

  /** Moves the place of the next read or write; {@code whence} as in WASI, from 0 to 2. */
  long seek(long offset, int whence) {
    throw WasiError.of(WasiErrno.SPIPE);
  }

  /** Sees to it that what was written is on the device. */
  abstract void sync();

  /** The same for data alone. */
  void syncData() {
    sync();
  }

  /** Takes an advice of WASI about a range. */
  void advise(long offset, long bytes, int advice) {
    throw WasiError.of(WasiErrno.SPIPE);
  }

  /** Reserves space for a range. */
  void allocate(long offset, long bytes) {
    throw WasiError.of(WasiErrno.INVAL);
  }

  /** The length of a file. */
  long size() {
    throw WasiError.of(WasiErrno.INVAL);
  }

  /** Sets the length of a file. */
  void setSize(long bytes) {
    throw WasiError.of(WasiErrno.INVAL);
  }

  /** Sets the times of access and change. */
  void setTimes(FileTimes times) {
    throw WasiError.of(WasiErrno.INVAL);
  }

  /** The descriptor of the host to wait for, or {@link #NO_HOST}. */
  int pollable() {
    return NO_HOST;
  }

  /** Whether reading or else writing need not wait; of those that are not the host's. */
  boolean isReady(boolean forReading) {
    return true;
  }

  /**
   * Completes, on any thread, when reading or else writing may be tried again; with false when that
   * cannot be found out.
   *
   * @throws WasiError when nobody can wait now
   */
  CompletableFuture<Boolean> whenReady(boolean forReading) {
    int host = pollable();
    return host == NO_HOST
        ? CompletableFuture.completedFuture(Boolean.TRUE)
        : Poller.shared().await(host, forReading ? PollFd.IN : PollFd.OUT);
  }

  /** Bytes that can be read at once, as far as that is known. */
  long readable() {
    return 0;
  }

  /** Writes WASI's {@code filestat}, {@link FileStatWriter#BYTES} bytes. */
  abstract void filestat(long address);

  /** Releases it. */
  abstract void close();
}
