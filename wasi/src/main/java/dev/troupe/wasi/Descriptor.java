package dev.troupe.wasi;

/**
 * What a descriptor number of a guest stands for, with the rights that the guest has on it.
 * Operations throw {@link WasiError}.
 */
abstract sealed class Descriptor permits HostDescriptor, InputDescriptor, OutputDescriptor {
  private final FileType type;
  private final int flags;
  private final long base;
  private final long inheriting;

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

  /** The name under which it was given to the guest, as UTF-8; only preopened directories. */
  byte[] preopenName() {
    throw WasiError.of(WasiErrno.BADF);
  }

  /** Reads up to {@code bytes} bytes to an address: how many; 0 is the end. */
  abstract long read(long address, long bytes);

  /** Writes up to {@code bytes} bytes from an address: how many. */
  abstract long write(long address, long bytes);

  /** Moves the place of the next read or write; {@code whence} as in WASI, from 0 to 2. */
  abstract long seek(long offset, int whence);

  /** Sees to it that what was written is on the device. */
  abstract void sync();

  /** Writes WASI's {@code filestat}, {@link FileStatWriter#BYTES} bytes. */
  abstract void filestat(long address);

  /** Releases it. */
  abstract void close();
}
