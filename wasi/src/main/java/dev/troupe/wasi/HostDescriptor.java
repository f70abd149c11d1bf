package dev.troupe.wasi;

import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.FileStatus;
import org.jspecify.annotations.Nullable;

/** An open file or directory of the host. The kernel keeps the position. */
final class HostDescriptor extends Descriptor {
  private final WasiContext context;
  private final int descriptor;
  private final boolean owned;
  private final byte @Nullable [] preopenName;

  /**
   * Takes over a descriptor of the host.
   *
   * @param context lends its scratch memory
   * @param descriptor of the host
   * @param owned whether closing it here closes it
   * @param preopenName of a directory that the guest has from the start
   */
  HostDescriptor(
      WasiContext context,
      int descriptor,
      boolean owned,
      FileType type,
      int flags,
      long base,
      long inheriting,
      byte @Nullable [] preopenName) {
    super(type, flags, base, inheriting);
    this.context = context;
    this.descriptor = descriptor;
    this.owned = owned;
    this.preopenName = preopenName;
  }

  /** Standard input, output or error of this process; {@code number} is 0, 1 or 2. */
  static HostDescriptor standard(WasiContext context, int number) {
    long stat = context.scratch();
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
    return new HostDescriptor(context, number, false, type, 0, rights & ~wrongWay, 0, null);
  }

  /** The descriptor of the host. */
  int host() {
    return descriptor;
  }

  @Override
  byte[] preopenName() {
    return preopenName == null ? super.preopenName() : preopenName;
  }

  @Override
  long read(long address, long bytes) {
    return WasiError.checkHost(FileCalls.read(descriptor, address, bytes));
  }

  @Override
  long write(long address, long bytes) {
    return WasiError.checkHost(FileCalls.write(descriptor, address, bytes));
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
  void filestat(long address) {
    long stat = context.scratch();
    WasiError.checkHost(FileCalls.status(descriptor, stat));
    FileStatWriter.writeHost(address, stat);
  }

  @Override
  void close() {
    if (owned) {
      WasiError.checkHost(FileCalls.close(descriptor));
    }
  }
}
