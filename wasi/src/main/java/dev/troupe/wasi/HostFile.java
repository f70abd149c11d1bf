package dev.troupe.wasi;

import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.FileStatus;
import dev.troupe.engine.os.OpenFlags;
import dev.troupe.engine.os.PollFd;
import java.io.IOException;
import java.nio.file.Path;

/** An open file or device of the host, or a standard stream. The kernel keeps the position. */
final class HostFile extends Descriptor {
  /** Of WASI's advices, which order them in another way. */
  private static final int[] HOST_ADVICES = {0, 2, 1, 3, 4, 5};

  /** A pipe that is ready takes so many bytes without waiting (PIPE_BUF). */
  private static final int READY_BYTES = 4096;

  private final WasiContext context;
  private final int descriptor;
  private final boolean owned;

  /** Whether the kernel would wait in reads and writes: we must not change what others share. */
  private final boolean waits;

  /**
   * Takes over a descriptor of the host.
   *
   * @param context lends its scratch memory
   * @param descriptor of the host
   * @param owned whether closing it here closes it
   */
  HostFile(
      WasiContext context, int descriptor, boolean owned, FileType type, int flags, long base) {
    super(type, flags, base, 0);
    this.context = context;
    this.descriptor = descriptor;
    this.owned = owned;
    this.waits = !owned && type != FileType.REGULAR_FILE;
  }

  /** Standard input, output or error of this process; {@code number} is 0, 1 or 2. */
  static HostFile standard(WasiContext context, int number) {
    long stat = context.scratch().block();
    boolean open = FileCalls.status(number, stat) == 0;
    FileType type = open ? FileType.of(FileStatus.mode(stat)) : FileType.UNKNOWN;
    long rights =
        switch (type) {
          case REGULAR_FILE -> Rights.REGULAR;
          // A guest takes a character device that it cannot seek in for a terminal.
          case CHARACTER_DEVICE ->
              FileCalls.isTerminal(number, stat)
                  ? Rights.STREAM
                  : Rights.STREAM | Rights.FD_SEEK | Rights.FD_TELL;
          case UNKNOWN, BLOCK_DEVICE, DIRECTORY, SOCKET_DGRAM, SOCKET_STREAM, SYMBOLIC_LINK ->
              Rights.STREAM;
        };
    long wrongWay = number == 0 ? Rights.FD_WRITE : Rights.FD_READ;
    return new HostFile(context, number, false, type, 0, rights & ~wrongWay);
  }

  /**
   * A file or device of the host as standard input.
   *
   * @throws IOException when it cannot be opened
   */
  static HostFile standardInput(WasiContext context, Path file) throws IOException {
    long host = FileCalls.openForReading(file);
    if (host < 0) {
      throw new IOException("cannot open " + file + ": " + Errno.describe((int) -host));
    }
    long stat = context.scratch().block();
    FileType type =
        FileCalls.status((int) host, stat) == 0
            ? FileType.of(FileStatus.mode(stat))
            : FileType.UNKNOWN;
    if (type == FileType.DIRECTORY) {
      long unused = FileCalls.close((int) host);
      throw new IOException(file + " is a directory");
    }
    long rights = type == FileType.REGULAR_FILE ? Rights.REGULAR : Rights.STREAM;
    return new HostFile(context, (int) host, true, type, 0, rights & ~Rights.NEED_WRITING);
  }

  @Override
  void applyFlags(int newFlags) {
    // Whoever shares a standard stream with us must not find it changed.
    if (owned) {
      int host = FdFlags.toHost(newFlags) | OpenFlags.NON_BLOCKING;
      WasiError.checkHost(FileCalls.setFlags(descriptor, host));
    }
  }

  @Override
  long read(long address, long bytes) {
    if (waits && !FileCalls.isReady(descriptor, PollFd.IN, context.scratch().block())) {
      throw WasiError.of(WasiErrno.AGAIN);
    }
    return WasiError.checkHost(FileCalls.read(descriptor, address, bytes));
  }

  @Override
  long write(long address, long bytes) {
    if (!waits) {
      return WasiError.checkHost(FileCalls.write(descriptor, address, bytes));
    }
    long done = 0;
    do {
      if (!FileCalls.isReady(descriptor, PollFd.OUT, context.scratch().block())) {
        if (done == 0) {
          throw WasiError.of(WasiErrno.AGAIN);
        }
        break;
      }
      long part = Math.min(bytes - done, READY_BYTES);
      long written = FileCalls.write(descriptor, address + done, part);
      if (written < 0 && done > 0) {
        break;
      }
      done += WasiError.checkHost(written);
    } while (done < bytes);
    return done;
  }

  @Override
  long readAt(long address, long bytes, long offset) {
    return WasiError.checkHost(FileCalls.readAt(descriptor, address, bytes, offset));
  }

  @Override
  long writeAt(long address, long bytes, long offset) {
    return WasiError.checkHost(FileCalls.writeAt(descriptor, address, bytes, offset));
  }

  @Override
  long seek(long offset, int whence) {
    return WasiError.checkHost(FileCalls.seek(descriptor, offset, whence));
  }

  @Override
  void sync() {
    WasiError.checkHost(FileCalls.sync(descriptor));
  }

  @Override
  void syncData() {
    WasiError.checkHost(FileCalls.syncData(descriptor));
  }

  @Override
  void advise(long offset, long bytes, int advice) {
    if (advice < 0 || advice >= HOST_ADVICES.length || offset < 0 || bytes < 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    WasiError.checkHost(FileCalls.advise(descriptor, offset, bytes, HOST_ADVICES[advice]));
  }

  @Override
  void allocate(long offset, long bytes) {
    WasiError.checkHost(FileCalls.allocate(descriptor, offset, bytes));
  }

  @Override
  long size() {
    return FileStatus.size(status());
  }

  @Override
  void setSize(long bytes) {
    WasiError.checkHost(FileCalls.truncate(descriptor, bytes));
  }

  @Override
  void setTimes(FileTimes times) {
    long block = context.scratch().block();
    times.writeHost(block);
    WasiError.checkHost(FileCalls.setTimes(descriptor, block, context.scratch().empty()));
  }

  @Override
  int pollable() {
    return type() == FileType.REGULAR_FILE ? NO_HOST : descriptor;
  }

  @Override
  long readable() {
    if (type() == FileType.REGULAR_FILE) {
      long position = FileCalls.seek(descriptor, 0, 1);
      return position < 0 ? 0 : Math.max(0, size() - position);
    }
    return Math.max(0, FileCalls.readable(descriptor, context.scratch().block()));
  }

  @Override
  void filestat(long address) {
    if (owned || type() == FileType.REGULAR_FILE) {
      FileStatWriter.writeHost(address, status());
    } else {
      // Of a stream that is the host's, a guest knows what it is.
      FileStatWriter.write(address, type());
    }
  }

  private long status() {
    long stat = context.scratch().block();
    WasiError.checkHost(FileCalls.status(descriptor, stat));
    return stat;
  }

  @Override
  void close() {
    if (owned) {
      if (type() != FileType.REGULAR_FILE) {
        Poller.closing(descriptor);
      }
      WasiError.checkHost(FileCalls.close(descriptor));
    }
  }
}
