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

  /** The bits of the mode that say what kind of file it is, and their values. */
  public static final int TYPE_MASK = 0xF000;

  public static final int CHARACTER_DEVICE = 0x2000;
  public static final int DIRECTORY = 0x4000;
  public static final int BLOCK_DEVICE = 0x6000;
  public static final int REGULAR = 0x8000;
  public static final int SYMBOLIC_LINK = 0xA000;

  /** Places in struct stat of the times: seconds, then nanoseconds, 8 bytes each. */
  public static final int ACCESSED = 72;

  public static final int MODIFIED = 88;
  public static final int CHANGED = 104;

  private static final int GROUP_OR_OTHER_WRITE = 0x12;

  /** Reads struct stat as the kernel lays it out on x86-64. */
  static FileStatus at(long address) {
    return new FileStatus(
        device(address),
        inode(address),
        mode(address),
        RawMemory.getInt(address + 28),
        size(address));
  }

  /** Device number in a struct stat at this address. */
  public static long device(long stat) {
    return RawMemory.getLong(stat);
  }

  /** Inode number in a struct stat. */
  public static long inode(long stat) {
    return RawMemory.getLong(stat + 8);
  }

  /** Number of names in a struct stat. */
  public static long links(long stat) {
    return RawMemory.getLong(stat + 16);
  }

  /** Type and permission bits in a struct stat. */
  public static int mode(long stat) {
    return RawMemory.getInt(stat + 24);
  }

  /** Length in bytes in a struct stat. */
  public static long size(long stat) {
    return RawMemory.getLong(stat + 48);
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
