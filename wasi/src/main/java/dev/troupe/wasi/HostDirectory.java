package dev.troupe.wasi;

import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.FileStatus;
import dev.troupe.engine.os.NameCalls;
import dev.troupe.engine.os.OpenFlags;
import dev.troupe.engine.os.PathWalk;
import dev.troupe.engine.os.RawMemory;
import org.jspecify.annotations.Nullable;

/**
 * An open directory of the host. The kernel resolves paths beneath it ({@link
 * FileCalls#openBeneath}), whatever others do to the directories meanwhile, or where it cannot we
 * do ({@link PathWalk}). What makes or removes a name resolves the directory that holds the name,
 * and then gives the kernel the name alone.
 */
final class HostDirectory extends DirectoryDescriptor {
  private static final int NEW_FILE_MODE = 0666;
  private static final int NEW_DIRECTORY_MODE = 0777;

  /** An operation on a name in an open directory of the host: what the kernel says. */
  private interface NameCall {
    long on(int directory, long name);
  }

  private final WasiContext context;
  private final int descriptor;
  private final byte @Nullable [] preopenName;

  /**
   * Takes over a descriptor of the host.
   *
   * @param context lends its scratch memory
   * @param descriptor of the host
   * @param preopenName of a directory that the guest has from the start
   */
  HostDirectory(
      WasiContext context,
      int descriptor,
      int flags,
      long base,
      long inheriting,
      byte @Nullable [] preopenName) {
    super(flags, base, inheriting);
    this.context = context;
    this.descriptor = descriptor;
    this.preopenName = preopenName;
  }

  @Override
  byte[] preopenName() {
    return preopenName == null ? super.preopenName() : preopenName;
  }

  // ---------------------------------------------------------------- resolving

  private int resolve(long path, int flags, int mode) {
    long block = context.scratch().block();
    long result =
        context.walksPaths()
            ? PathWalk.open(descriptor, path, flags, mode, block)
            : FileCalls.openBeneath(descriptor, path, flags, mode, block);
    if (result == -Errno.EXDEV) {
      // The path leads out of the directory.
      throw WasiError.of(WasiErrno.PERM);
    }
    return (int) WasiError.checkHost(result);
  }

  /** Opens what a path names, but not for use. */
  private int resolvePathOnly(GuestPath path, boolean follow) {
    int flags = OpenFlags.PATH_ONLY | (follow ? 0 : OpenFlags.NO_FOLLOW);
    return resolve(path.address(), flags, 0);
  }

  /**
   * Does something to the last name of a path, in the directory that holds it.
   *
   * @param dotsErrno what {@code .} and {@code ..} are refused with
   */
  private long onName(GuestPath path, int dotsErrno, NameCall call) {
    if (path.length() == 0) {
      throw WasiError.of(WasiErrno.NOENT);
    }
    if (path.isAbsolute()) {
      throw WasiError.of(WasiErrno.PERM);
    }
    boolean dots = path.endsWithDots();
    boolean here = path.lastName() == 0;
    long name = path.split();
    if (here) {
      return WasiError.checkHost(dots ? refused(dotsErrno) : call.on(descriptor, name));
    }
    int parent = resolve(path.address(), OpenFlags.PATH_ONLY | OpenFlags.DIRECTORY, 0);
    try {
      return WasiError.checkHost(dots ? refused(dotsErrno) : call.on(parent, name));
    } finally {
      long unused = FileCalls.close(parent);
    }
  }

  private static long refused(int errno) {
    throw WasiError.of(errno);
  }

  // ---------------------------------------------------------------- opening

  @Override
  Descriptor open(GuestPath path, OpenRequest request) {
    int mode = request.has(OpenRequest.CREATE) ? NEW_FILE_MODE : 0;
    int host = resolve(path.address(), hostFlags(request), mode);
    try {
      return opened(host, request);
    } catch (WasiError e) {
      long unused = FileCalls.close(host);
      throw e;
    }
  }

  private static int hostFlags(OpenRequest request) {
    boolean reading = (request.base() & Rights.NEED_READING) != 0;
    boolean writing = (request.base() & Rights.NEED_WRITING) != 0;
    int flags = FdFlags.toHost(request.fdFlags()) | OpenFlags.NO_TERMINAL;
    // Without it, opening a pipe would wait for its other end, and a terminal would hold its
    // thread.
    flags |= OpenFlags.NON_BLOCKING;
    if (request.has(OpenRequest.DIRECTORY)) {
      flags |= OpenFlags.DIRECTORY;
    } else if (writing) {
      flags |= reading ? OpenFlags.READ_WRITE : OpenFlags.WRITE;
    }
    if (request.has(OpenRequest.CREATE)) {
      flags |= OpenFlags.CREATE;
    }
    if (request.has(OpenRequest.EXCLUSIVE)) {
      flags |= OpenFlags.EXCLUSIVE;
    }
    if (request.has(OpenRequest.TRUNCATE)) {
      flags |= OpenFlags.TRUNCATE;
    }
    return request.follow() ? flags : flags | OpenFlags.NO_FOLLOW;
  }

  /** The guest's view of what was just opened; refuses what is nothing for a guest. */
  private Descriptor opened(int host, OpenRequest request) {
    long stat = context.scratch().block();
    WasiError.checkHost(FileCalls.status(host, stat));
    FileType type = FileType.of(FileStatus.mode(stat));
    int flags = request.fdFlags();
    return switch (type) {
      case REGULAR_FILE ->
          new HostFile(context, host, true, type, flags, request.base() & Rights.REGULAR);
      case DIRECTORY ->
          new HostDirectory(
              context, host, flags, request.base() & Rights.DIRECTORY, request.inheriting(), null);
      case CHARACTER_DEVICE ->
          new HostFile(context, host, true, type, flags, request.base() & Rights.STREAM);
      case UNKNOWN, BLOCK_DEVICE, SOCKET_DGRAM, SOCKET_STREAM, SYMBOLIC_LINK ->
          throw WasiError.of(WasiErrno.ACCES);
    };
  }

  // ---------------------------------------------------------------- paths

  @Override
  void filestat(GuestPath path, boolean follow, long address) {
    int host = resolvePathOnly(path, follow);
    try {
      long stat = context.scratch().block();
      WasiError.checkHost(FileCalls.status(host, stat));
      FileStatWriter.writeHost(address, stat);
    } finally {
      long unused = FileCalls.close(host);
    }
  }

  @Override
  void setTimes(GuestPath path, boolean follow, FileTimes times) {
    int host = resolvePathOnly(path, follow);
    try {
      long block = context.scratch().block();
      times.writeHost(block);
      WasiError.checkHost(FileCalls.setTimes(host, block, context.scratch().empty()));
    } finally {
      long unused = FileCalls.close(host);
    }
  }

  @Override
  void makeDirectory(GuestPath path) {
    long unused =
        onName(
            path,
            WasiErrno.EXIST,
            (directory, name) -> NameCalls.makeDirectory(directory, name, NEW_DIRECTORY_MODE));
  }

  @Override
  void removeDirectory(GuestPath path) {
    long unused = onName(path, WasiErrno.INVAL, NameCalls::removeDirectory);
  }

  @Override
  void unlink(GuestPath path) {
    long unused = onName(path, WasiErrno.ISDIR, NameCalls::unlink);
  }

  @Override
  long readLink(GuestPath path, long address, long bytes) {
    int link = resolvePathOnly(path, false);
    try {
      long block = context.scratch().block();
      WasiError.checkHost(FileCalls.status(link, block));
      if (FileType.of(FileStatus.mode(block)) != FileType.SYMBOLIC_LINK) {
        throw WasiError.of(WasiErrno.INVAL);
      }
      if (bytes == 0) {
        return 0;
      }
      long empty = context.scratch().empty();
      return WasiError.checkHost(FileCalls.readLink(link, empty, address, bytes));
    } finally {
      long unused = FileCalls.close(link);
    }
  }

  @Override
  void symbolicLink(GuestPath target, GuestPath path) {
    if (target.isAbsolute()) {
      // It would lead out, and others who follow it would find it leads into their own world.
      throw WasiError.of(WasiErrno.PERM);
    }
    long unused =
        onName(
            path,
            WasiErrno.EXIST,
            (directory, name) -> NameCalls.symbolicLink(target.address(), directory, name));
  }

  @Override
  void link(GuestPath path, DirectoryDescriptor to, GuestPath newPath) {
    if (path.endsWithSlash()) {
      // Of a directory there is one name; what is none is not found by a path like this.
      long unused = FileCalls.close(resolvePathOnly(path, false));
      throw WasiError.of(WasiErrno.PERM);
    }
    HostDirectory target = host(to);
    long unused =
        onName(
            path,
            WasiErrno.PERM,
            (from, name) ->
                target.onName(
                    newPath,
                    WasiErrno.EXIST,
                    (directory, newName) -> NameCalls.link(from, name, directory, newName)));
  }

  @Override
  void rename(GuestPath path, DirectoryDescriptor to, GuestPath newPath) {
    HostDirectory target = host(to);
    long unused =
        onName(
            path,
            WasiErrno.BUSY,
            (from, name) ->
                target.onName(
                    newPath,
                    WasiErrno.BUSY,
                    (directory, newName) -> NameCalls.rename(from, name, directory, newName)));
  }

  private static HostDirectory host(DirectoryDescriptor directory) {
    return switch (directory) {
      case HostDirectory host -> host;
      case MemoryDirectory _ -> throw WasiError.of(WasiErrno.XDEV);
    };
  }

  // ---------------------------------------------------------------- the directory itself

  @Override
  long entries(long address, long bytes, long cookie) {
    WasiError.checkHost(FileCalls.seek(descriptor, cookie, 0));
    long entries = context.scratch().entries();
    long written = 0;
    int told = 0;
    while (written < bytes) {
      long count =
          WasiError.checkHost(
              FileCalls.directoryEntries(descriptor, entries, Scratch.ENTRIES_BYTES));
      if (count == 0) {
        break;
      }
      for (long at = 0; at < count && written < bytes; ) {
        context.checkEntries(++told);
        long entry = entries + at;
        written += writeEntry(address + written, bytes - written, entry);
        at += Short.toUnsignedInt(RawMemory.getShort(entry + 16));
      }
    }
    return written;
  }

  /** Of struct linux_dirent64: inode, place of the next, length, type, name. */
  private long writeEntry(long address, long room, long entry) {
    int nameBytes = 0;
    while (RawMemory.getByte(entry + 19 + nameBytes) != 0) {
      nameBytes++;
    }
    // The kernel's types of entries are those of modes, shifted.
    FileType type = FileType.of(RawMemory.getByte(entry + 18) << 12);
    return DirectoryEntry.write(
        address,
        room,
        RawMemory.getLong(entry + 8),
        RawMemory.getLong(entry),
        type,
        entry + 19,
        nameBytes,
        context.scratch().block());
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
  void setTimes(FileTimes times) {
    long block = context.scratch().block();
    times.writeHost(block);
    WasiError.checkHost(FileCalls.setTimes(descriptor, block, context.scratch().empty()));
  }

  @Override
  void filestat(long address) {
    long stat = context.scratch().block();
    WasiError.checkHost(FileCalls.status(descriptor, stat));
    FileStatWriter.writeHost(address, stat);
  }

  @Override
  void close() {
    WasiError.checkHost(FileCalls.close(descriptor));
  }
}
