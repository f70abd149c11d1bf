package dev.troupe.wasi;

import dev.troupe.engine.os.RawMemory;

/**
 * WASI's {@code dirent} in the guest's memory, the name behind it.
 *
 * <pre>
 *  0 place of the next entry | 8 inode | 16 length of the name | 20 file type | 24 name
 * </pre>
 */
final class DirectoryEntry {
  static final int HEAD_BYTES = 24;

  private DirectoryEntry() {}

  /**
   * Writes an entry, cut to {@code room} bytes: how many bytes.
   *
   * @param scratch memory of {@link #HEAD_BYTES} bytes
   */
  static long write(
      long address,
      long room,
      long next,
      long inode,
      FileType type,
      long name,
      int nameBytes,
      long scratch) {
    RawMemory.putLong(scratch, next);
    RawMemory.putLong(scratch + 8, inode);
    RawMemory.putInt(scratch + 16, nameBytes);
    RawMemory.putInt(scratch + 20, type.ordinal());
    long head = Math.min(room, HEAD_BYTES);
    RawMemory.copy(address, scratch, head);
    long rest = Math.min(room - head, nameBytes);
    RawMemory.copy(address + head, name, rest);
    return head + rest;
  }
}
