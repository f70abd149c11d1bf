package dev.troupe.wasi;

/**
 * A directory, and what lies beneath it. A {@link GuestPath} is resolved beneath the directory:
 * absolute paths and those that lead out are refused with {@link WasiErrno#PERM}.
 */
abstract sealed class DirectoryDescriptor extends Descriptor
    permits HostDirectory, MemoryDirectory {

  /**
   * What a guest wants to open.
   *
   * @param follow whether a symbolic link at the end is followed
   * @param openFlags {@link OpenRequest#CREATE} and the like
   * @param fdFlags {@link FdFlags}
   * @param base rights that the descriptor shall have, where they make sense
   * @param inheriting rights of what is opened through it
   */
  record OpenRequest(boolean follow, int openFlags, int fdFlags, long base, long inheriting) {
    static final int CREATE = 1;
    static final int DIRECTORY = 2;
    static final int EXCLUSIVE = 4;
    static final int TRUNCATE = 8;
    static final int ALL = 15;

    boolean has(int openFlag) {
      return (openFlags & openFlag) != 0;
    }
  }

  DirectoryDescriptor(int flags, long base, long inheriting) {
    super(FileType.DIRECTORY, flags, base, inheriting);
  }

  /** Opens a file or directory. */
  abstract Descriptor open(GuestPath path, OpenRequest request);

  /** Writes WASI's {@code filestat} of a path. */
  abstract void filestat(GuestPath path, boolean follow, long address);

  /** Sets the times of a path. */
  abstract void setTimes(GuestPath path, boolean follow, FileTimes times);

  /** Makes a directory. */
  abstract void makeDirectory(GuestPath path);

  /** Removes an empty directory. */
  abstract void removeDirectory(GuestPath path);

  /** Removes a name that is not a directory's. */
  abstract void unlink(GuestPath path);

  /** Writes the target of a symbolic link, cut to {@code bytes}: how many bytes. */
  abstract long readLink(GuestPath path, long address, long bytes);

  /** Makes a symbolic link. */
  abstract void symbolicLink(GuestPath target, GuestPath path);

  /** Gives another name, perhaps beneath another directory, to what has one. */
  abstract void link(GuestPath path, DirectoryDescriptor to, GuestPath newPath);

  /** Moves what has one name to another, perhaps beneath another directory. */
  abstract void rename(GuestPath path, DirectoryDescriptor to, GuestPath newPath);

  /**
   * Writes {@link DirectoryEntry entries} from a place on, the last one cut: how many bytes. Fewer
   * than {@code bytes} when there are no more entries.
   *
   * @param cookie 0 for the beginning, or what an entry gave as the place of the next
   */
  abstract long entries(long address, long bytes, long cookie);

  @Override
  final long read(long address, long bytes) {
    throw WasiError.of(WasiErrno.ISDIR);
  }

  @Override
  final long write(long address, long bytes) {
    throw WasiError.of(WasiErrno.ISDIR);
  }

  @Override
  final long readAt(long address, long bytes, long offset) {
    throw WasiError.of(WasiErrno.ISDIR);
  }

  @Override
  final long writeAt(long address, long bytes, long offset) {
    throw WasiError.of(WasiErrno.ISDIR);
  }

  @Override
  final long seek(long offset, int whence) {
    throw WasiError.of(WasiErrno.BADF);
  }

  @Override
  final void advise(long offset, long bytes, int advice) {
    throw WasiError.of(WasiErrno.BADF);
  }
}
