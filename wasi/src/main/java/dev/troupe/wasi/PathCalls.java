package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.wasi.DirectoryDescriptor.OpenRequest;

/** The functions on paths: rights, flags and pointers are checked before anything happens. */
final class PathCalls {
  private static final int FOLLOW = 1;

  private PathCalls() {}

  private static boolean follow(int lookupFlags) {
    if ((lookupFlags & ~FOLLOW) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    return lookupFlags == FOLLOW;
  }

  private static DirectoryDescriptor directory(WasiContext context, int fd, long rights) {
    DirectoryDescriptor directory = context.descriptors().directory(fd);
    directory.require(rights);
    return directory;
  }

  private static GuestPath path(
      WasiContext context, GuestMemory memory, HostCall call, int pointerIndex) {
    return context
        .scratch()
        .path()
        .read(memory, call.i32(pointerIndex), call.i32(pointerIndex + 1));
  }

  private static GuestPath newPath(
      WasiContext context, GuestMemory memory, HostCall call, int pointerIndex) {
    return context
        .scratch()
        .newPath()
        .read(memory, call.i32(pointerIndex), call.i32(pointerIndex + 1));
  }

  /** (fd, lookup flags, path, length, open flags, rights, inheriting, fdflags, opened fd). */
  static void open(WasiContext context, GuestMemory memory, HostCall call) {
    DirectoryDescriptor directory = context.descriptors().directory(call.i32(0));
    OpenRequest request =
        new OpenRequest(follow(call.i32(1)), call.i32(4), call.i32(7), call.i64(5), call.i64(6));
    if (((request.openFlags() & ~OpenRequest.ALL) | (request.fdFlags() & ~FdFlags.ALL)) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    if (request.has(OpenRequest.CREATE) && request.has(OpenRequest.DIRECTORY)) {
      // Before Linux 6.4 it would make a file.
      throw WasiError.of(WasiErrno.INVAL);
    }
    requireRights(directory, request);
    long result = memory.address(call.i32(8), Integer.BYTES);
    GuestPath path = path(context, memory, call, 2);
    int unused = context.descriptors().nextFree();
    Descriptor opened = directory.open(path, request);
    RawMemory.putInt(result, context.descriptors().add(opened));
  }

  private static void requireRights(DirectoryDescriptor directory, OpenRequest request) {
    directory.require(Rights.PATH_OPEN);
    if (request.has(OpenRequest.CREATE)) {
      directory.require(Rights.PATH_CREATE_FILE);
    }
    if (request.has(OpenRequest.TRUNCATE)) {
      directory.require(Rights.PATH_FILESTAT_SET_SIZE);
    }
    if (((request.base() | request.inheriting()) & ~directory.inheriting()) != 0) {
      throw WasiError.of(WasiErrno.NOTCAPABLE);
    }
  }

  /** (fd, lookup flags, path, length, filestat). */
  static void filestatGet(WasiContext context, GuestMemory memory, HostCall call) {
    DirectoryDescriptor directory = directory(context, call.i32(0), Rights.PATH_FILESTAT_GET);
    long result = memory.address(call.i32(4), FileStatWriter.BYTES);
    directory.filestat(path(context, memory, call, 2), follow(call.i32(1)), result);
  }

  /** (fd, lookup flags, path, length, accessed, modified, fstflags). */
  static void filestatSetTimes(WasiContext context, GuestMemory memory, HostCall call) {
    DirectoryDescriptor directory = directory(context, call.i32(0), Rights.PATH_FILESTAT_SET_TIMES);
    FileTimes times = FileTimes.of(call.i64(4), call.i64(5), call.i32(6));
    directory.setTimes(path(context, memory, call, 2), follow(call.i32(1)), times);
  }

  /** (fd, path, length). */
  static void createDirectory(WasiContext context, GuestMemory memory, HostCall call) {
    directory(context, call.i32(0), Rights.PATH_CREATE_DIRECTORY)
        .makeDirectory(path(context, memory, call, 1));
  }

  /** (fd, path, length). */
  static void removeDirectory(WasiContext context, GuestMemory memory, HostCall call) {
    directory(context, call.i32(0), Rights.PATH_REMOVE_DIRECTORY)
        .removeDirectory(path(context, memory, call, 1));
  }

  /** (fd, path, length). */
  static void unlinkFile(WasiContext context, GuestMemory memory, HostCall call) {
    directory(context, call.i32(0), Rights.PATH_UNLINK_FILE).unlink(path(context, memory, call, 1));
  }

  /** (fd, path, length, buffer, length, bytes used). */
  static void readLink(WasiContext context, GuestMemory memory, HostCall call) {
    DirectoryDescriptor directory = directory(context, call.i32(0), Rights.PATH_READLINK);
    long bytes = Integer.toUnsignedLong(call.i32(4));
    long buffer = memory.address(call.i32(3), bytes);
    long result = memory.address(call.i32(5), Integer.BYTES);
    RawMemory.putInt(
        result, (int) directory.readLink(path(context, memory, call, 1), buffer, bytes));
  }

  /** (target, length, fd, path, length). */
  static void symbolicLink(WasiContext context, GuestMemory memory, HostCall call) {
    DirectoryDescriptor directory = directory(context, call.i32(2), Rights.PATH_SYMLINK);
    GuestPath target = path(context, memory, call, 0);
    if (target.length() == 0) {
      throw WasiError.of(WasiErrno.NOENT);
    }
    directory.symbolicLink(target, newPath(context, memory, call, 3));
  }

  /** (fd, lookup flags, path, length, new fd, new path, length). */
  static void link(WasiContext context, GuestMemory memory, HostCall call) {
    DirectoryDescriptor from = directory(context, call.i32(0), Rights.PATH_LINK_SOURCE);
    DirectoryDescriptor to = directory(context, call.i32(4), Rights.PATH_LINK_TARGET);
    if (follow(call.i32(1))) {
      // Linux cannot do it without a moment between finding the file and naming it.
      throw WasiError.of(WasiErrno.INVAL);
    }
    from.link(path(context, memory, call, 2), to, newPath(context, memory, call, 5));
  }

  /** (fd, path, length, new fd, new path, length). */
  static void rename(WasiContext context, GuestMemory memory, HostCall call) {
    DirectoryDescriptor from = directory(context, call.i32(0), Rights.PATH_RENAME_SOURCE);
    DirectoryDescriptor to = directory(context, call.i32(3), Rights.PATH_RENAME_TARGET);
    from.rename(path(context, memory, call, 1), to, newPath(context, memory, call, 4));
  }
}
