package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.Errno;
import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.FileStatus;
import dev.troupe.engine.os.OpenFlags;
import dev.troupe.engine.os.RawMemory;

/**
 * The functions on paths. A path is resolved by the kernel beneath the directory that the guest
 * names ({@link FileCalls#openBeneath}): absolute paths, {@code ..} and links that lead out are
 * refused by it, whatever others do to the directories meanwhile.
 */
final class PathCalls {
  private static final int FOLLOW = 1;
  private static final int CREATE = 1;
  private static final int DIRECTORY = 2;
  private static final int EXCLUSIVE = 4;
  private static final int TRUNCATE = 8;
  private static final int ALL_OPEN_FLAGS = 15;
  private static final int NEW_FILE_MODE = 0666;

  private PathCalls() {}

  /** (fd, lookup flags, path, length, open flags, rights, inheriting, fdflags, opened fd). */
  static void open(WasiContext context, GuestMemory memory, HostCall call) {
    HostDescriptor directory = context.descriptors().directory(call.i32(0));
    int openFlags = call.i32(4);
    int fdFlags = call.i32(7);
    if (((openFlags & ~ALL_OPEN_FLAGS) | (fdFlags & ~FdFlags.ALL)) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long base = call.i64(5);
    long inheriting = call.i64(6);
    requireRights(directory, openFlags, base | inheriting);
    long result = memory.address(call.i32(8), Integer.BYTES);
    long path = context.pathBuffer();
    GuestPath.copy(memory, call.i32(2), call.i32(3), path);
    int unused = context.descriptors().nextFree();
    int flags = hostFlags(call.i32(1), openFlags, fdFlags, base);
    int mode = (openFlags & CREATE) != 0 ? NEW_FILE_MODE : 0;
    int host = openBeneath(context, directory, path, flags, mode);
    Descriptor opened = describe(context, host, fdFlags, base, inheriting);
    RawMemory.putInt(result, context.descriptors().add(opened));
  }

  private static void requireRights(HostDescriptor directory, int openFlags, long wanted) {
    directory.require(Rights.PATH_OPEN);
    if ((openFlags & CREATE) != 0) {
      directory.require(Rights.PATH_CREATE_FILE);
    }
    if ((openFlags & TRUNCATE) != 0) {
      directory.require(Rights.PATH_FILESTAT_SET_SIZE);
    }
    if ((wanted & ~directory.inheriting()) != 0) {
      throw WasiError.of(WasiErrno.NOTCAPABLE);
    }
  }

  private static int hostFlags(int lookupFlags, int openFlags, int fdFlags, long rights) {
    boolean reading = (rights & Rights.NEED_READING) != 0;
    boolean writing = (rights & Rights.NEED_WRITING) != 0;
    int flags = FdFlags.toHost(fdFlags) | OpenFlags.NO_TERMINAL;
    // Without it, opening a pipe would wait for its other end.
    flags |= OpenFlags.NON_BLOCKING;
    if ((openFlags & DIRECTORY) != 0) {
      flags |= OpenFlags.DIRECTORY;
    } else if (writing) {
      flags |= reading ? OpenFlags.READ_WRITE : OpenFlags.WRITE;
    }
    if ((openFlags & CREATE) != 0) {
      flags |= OpenFlags.CREATE;
    }
    if ((openFlags & EXCLUSIVE) != 0) {
      flags |= OpenFlags.EXCLUSIVE;
    }
    if ((openFlags & TRUNCATE) != 0) {
      flags |= OpenFlags.TRUNCATE;
    }
    return (lookupFlags & FOLLOW) != 0 ? flags : flags | OpenFlags.NO_FOLLOW;
  }

  private static int openBeneath(
      WasiContext context, HostDescriptor directory, long path, int flags, int mode) {
    long result = FileCalls.openBeneath(directory.host(), path, flags, mode, context.scratch());
    if (result == -Errno.EXDEV) {
      // The path leads out of the directory.
      throw WasiError.of(WasiErrno.PERM);
    }
    return (int) WasiError.checkHost(result);
  }

  /** The guest's view of what was just opened; closes it when it is nothing for a guest. */
  private static Descriptor describe(
      WasiContext context, int host, int fdFlags, long base, long inheriting) {
    try {
      long stat = context.scratch();
      WasiError.checkHost(FileCalls.status(host, stat));
      FileType type = FileType.of(FileStatus.mode(stat));
      long possible =
          switch (type) {
            case REGULAR_FILE -> Rights.REGULAR;
            case DIRECTORY -> Rights.DIRECTORY;
            case CHARACTER_DEVICE -> Rights.STREAM;
            case UNKNOWN, BLOCK_DEVICE, SOCKET_DGRAM, SOCKET_STREAM, SYMBOLIC_LINK ->
                throw WasiError.of(WasiErrno.ACCES);
          };
      if (type == FileType.CHARACTER_DEVICE && (fdFlags & FdFlags.NONBLOCK) == 0) {
        WasiError.checkHost(FileCalls.setFlags(host, FdFlags.toHost(fdFlags)));
      }
      long beneath = type == FileType.DIRECTORY ? inheriting : 0;
      return new HostDescriptor(context, host, true, type, fdFlags, base & possible, beneath, null);
    } catch (WasiError e) {
      long unused = FileCalls.close(host);
      throw e;
    }
  }

  /** (fd, lookup flags, path, length, filestat). */
  static void filestatGet(WasiContext context, GuestMemory memory, HostCall call) {
    HostDescriptor directory = context.descriptors().directory(call.i32(0));
    directory.require(Rights.PATH_FILESTAT_GET);
    long result = memory.address(call.i32(4), FileStatWriter.BYTES);
    long path = context.pathBuffer();
    GuestPath.copy(memory, call.i32(2), call.i32(3), path);
    int follow = (call.i32(1) & FOLLOW) != 0 ? 0 : OpenFlags.NO_FOLLOW;
    int host = openBeneath(context, directory, path, OpenFlags.PATH_ONLY | follow, 0);
    try {
      long stat = context.scratch();
      WasiError.checkHost(FileCalls.status(host, stat));
      FileStatWriter.writeHost(result, stat);
    } finally {
      long unused = FileCalls.close(host);
    }
  }
}
