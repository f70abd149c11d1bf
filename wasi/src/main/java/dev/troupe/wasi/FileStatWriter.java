package dev.troupe.wasi;

import dev.troupe.engine.os.FileStatus;
import dev.troupe.engine.os.RawMemory;

/**
 * WASI's {@code filestat} in the guest's memory.
 *
 * <pre>
 *  0 device | 8 inode | 16 file type | 24 links | 32 size | 40 accessed | 48 modified | 56 changed
 * </pre>
 */
final class FileStatWriter {
  static final int BYTES = 64;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private FileStatWriter() {}

  /** Of something that is no file of the host. */
  static void write(long address, FileType type) {
    RawMemory.fill(address, BYTES, (byte) 0);
    RawMemory.putByte(address + 16, (byte) type.ordinal());
  }

  /** Of a file of the host: {@code stat} is the kernel's struct. */
  static void writeHost(long address, long stat) {
    write(address, FileType.of(FileStatus.mode(stat)));
    RawMemory.putLong(address, FileStatus.device(stat));
    RawMemory.putLong(address + 8, FileStatus.inode(stat));
    RawMemory.putLong(address + 24, FileStatus.links(stat));
    RawMemory.putLong(address + 32, FileStatus.size(stat));
    putTime(address + 40, stat + FileStatus.ACCESSED);
    putTime(address + 48, stat + FileStatus.MODIFIED);
    putTime(address + 56, stat + FileStatus.CHANGED);
  }

  /** Of a file of ours. */
  static void write(
      long address,
      FileType type,
      long inode,
      long links,
      long size,
      long accessedNanos,
      long modifiedNanos,
      long changedNanos) {
    write(address, type);
    RawMemory.putLong(address + 8, inode);
    RawMemory.putLong(address + 24, links);
    RawMemory.putLong(address + 32, size);
    RawMemory.putLong(address + 40, accessedNanos);
    RawMemory.putLong(address + 48, modifiedNanos);
    RawMemory.putLong(address + 56, changedNanos);
  }

  private static void putTime(long address, long timespec) {
    long seconds = RawMemory.getLong(timespec);
    long nanos = RawMemory.getLong(timespec + 8);
    // Times before 1970 do not exist for WASI.
    RawMemory.putLong(address, seconds < 0 ? 0 : seconds * NANOS_PER_SECOND + nanos);
  }
}
