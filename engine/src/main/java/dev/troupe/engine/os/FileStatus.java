package dev.troupe.engine.os;

/**
 * What fstat says about an open file.
 *
 * @param device device number
 * @param inode inode number
 * @param mode type and permission bits
 * @param owner numeric user id
 * @param sizeBytes length
 */
public record FileStatus(long device, long inode, int mode, int owner, long sizeBytes) {
  static final int STRUCT_BYTES = 144;
  private static final int TYPE_MASK = 0xF000;
  private static final int REGULAR = 0x8000;
  private static final int GROUP_OR_OTHER_WRITE = 0x12;

  /** Reads struct stat as the kernel lays it out on x86-64. */
  static FileStatus at(long address) {
    return new FileStatus(
        RawMemory.getLong(address),
        RawMemory.getLong(address + 8),
        RawMemory.getInt(address + 24),
        RawMemory.getInt(address + 28),
        RawMemory.getLong(address + 48));
  }

  /** Whether it is a plain file. */
  public boolean isRegular() {
    return (mode & TYPE_MASK) == REGULAR;
  }

  /** Whether someone besides the owner may write it. */
  public boolean isWritableByOthers() {
    return (mode & GROUP_OR_OTHER_WRITE) != 0;
  }
}
