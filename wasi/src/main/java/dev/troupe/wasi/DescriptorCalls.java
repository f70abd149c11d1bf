package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.RawMemory;

/** The functions on open descriptors. Pointers are checked before anything happens. */
final class DescriptorCalls {
  private static final int FDSTAT_BYTES = 24;
  private static final int PRESTAT_BYTES = 8;
  private static final int PRESTAT_DIRECTORY = 0;
  private static final int WHENCE_CURRENT = 1;
  private static final int LAST_WHENCE = 2;

  private DescriptorCalls() {}

  /** (fd, fdstat). */
  static void fdstatGet(WasiContext context, GuestMemory memory, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    long address = memory.address(call.i32(1), FDSTAT_BYTES);
    RawMemory.putLong(address, descriptor.type().ordinal() | (long) descriptor.flags() << 16);
    RawMemory.putLong(address + 8, descriptor.base());
    RawMemory.putLong(address + 16, descriptor.inheriting());
  }

  /** (fd, fdflags). */
  static void fdstatSetFlags(WasiContext context, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    int flags = call.i32(1);
    if ((flags & ~FdFlags.ALL) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    descriptor.require(Rights.FD_FDSTAT_SET_FLAGS);
    descriptor.setFlags(flags);
  }

  /** (fd, rights, inheriting). */
  static void fdstatSetRights(WasiContext context, HostCall call) {
    context.descriptors().get(call.i32(0)).restrict(call.i64(1), call.i64(2));
  }

  /** (fd, filestat). */
  static void filestatGet(WasiContext context, GuestMemory memory, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    descriptor.require(Rights.FD_FILESTAT_GET);
    descriptor.filestat(memory.address(call.i32(1), FileStatWriter.BYTES));
  }

  /** (fd, size). */
  static void filestatSetSize(WasiContext context, HostCall call) {
    Descriptor descriptor = context.descriptors().bytes(call.i32(0));
    descriptor.require(Rights.FD_FILESTAT_SET_SIZE);
    long size = call.i64(1);
    if (size < 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long more = Math.max(0, size - descriptor.size());
    context.writeQuota().require(more);
    descriptor.setSize(size);
    context.writeQuota().charge(more);
  }

  /** (fd, accessed, modified, fstflags). */
  static void filestatSetTimes(WasiContext context, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    FileTimes times = FileTimes.of(call.i64(1), call.i64(2), call.i32(3));
    descriptor.require(Rights.FD_FILESTAT_SET_TIMES);
    descriptor.setTimes(times);
  }

  /** (fd, prestat). */
  static void prestatGet(WasiContext context, GuestMemory memory, HostCall call) {
    byte[] name = context.descriptors().get(call.i32(0)).preopenName();
    long address = memory.address(call.i32(1), PRESTAT_BYTES);
    RawMemory.putInt(address, PRESTAT_DIRECTORY);
    RawMemory.putInt(address + 4, name.length);
  }

  /** (fd, buffer, length): the name has no NUL at its end. */
  static void prestatDirName(WasiContext context, GuestMemory memory, HostCall call) {
    byte[] name = context.descriptors().get(call.i32(0)).preopenName();
    if (name.length > Integer.toUnsignedLong(call.i32(2))) {
      throw WasiError.of(WasiErrno.NAMETOOLONG);
    }
    RawMemory.copyIn(name, 0, memory.address(call.i32(1), name.length), name.length);
  }

  /** (fd, offset, whence, new offset). */
  static void seek(WasiContext context, GuestMemory memory, HostCall call) {
    int whence = call.i32(2);
    boolean asks = whence == WHENCE_CURRENT && call.i64(1) == 0;
    seek(context, memory, call.i32(0), call.i64(1), whence, asks, call.i32(3));
  }

  /** (fd, offset). */
  static void tell(WasiContext context, GuestMemory memory, HostCall call) {
    seek(context, memory, call.i32(0), 0, WHENCE_CURRENT, true, call.i32(1));
  }

  private static void seek(
      WasiContext context,
      GuestMemory memory,
      int fd,
      long offset,
      int whence,
      boolean asks,
      int resultPointer) {
    Descriptor descriptor = context.descriptors().bytes(fd);
    long result = memory.address(resultPointer, Long.BYTES);
    // Who may move the place may ask where it is.
    long rights = asks ? Rights.FD_SEEK | Rights.FD_TELL : Rights.FD_SEEK;
    if ((descriptor.base() & rights) == 0) {
      throw WasiError.of(
          descriptor.type() == FileType.REGULAR_FILE ? WasiErrno.NOTCAPABLE : WasiErrno.SPIPE);
    }
    if (whence < 0 || whence > LAST_WHENCE) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    RawMemory.putLong(result, descriptor.seek(offset, whence));
  }

  /** (fd). */
  static void sync(WasiContext context, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    descriptor.require(Rights.FD_SYNC);
    descriptor.sync();
  }

  /** (fd). */
  static void dataSync(WasiContext context, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    descriptor.require(Rights.FD_DATASYNC);
    descriptor.syncData();
  }

  /** (fd, offset, length, advice). */
  static void advise(WasiContext context, HostCall call) {
    Descriptor descriptor = context.descriptors().bytes(call.i32(0));
    descriptor.require(Rights.FD_ADVISE);
    descriptor.advise(call.i64(1), call.i64(2), call.i32(3));
  }

  /** (fd, offset, length). */
  static void allocate(WasiContext context, HostCall call) {
    Descriptor descriptor = context.descriptors().bytes(call.i32(0));
    descriptor.require(Rights.FD_ALLOCATE);
    long offset = call.i64(1);
    long bytes = call.i64(2);
    if (offset < 0 || bytes <= 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    if (offset + bytes < 0) {
      throw WasiError.of(WasiErrno.FBIG);
    }
    // All of it: a file may be long and have nothing on the device.
    context.writeQuota().require(bytes);
    descriptor.allocate(offset, bytes);
    context.writeQuota().charge(bytes);
  }

  /** (fd, buffer, length, cookie, bytes used). */
  static void readDirectory(WasiContext context, GuestMemory memory, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    if (!(descriptor instanceof DirectoryDescriptor directory)) {
      throw WasiError.of(WasiErrno.NOTDIR);
    }
    directory.require(Rights.FD_READDIR);
    long bytes = Integer.toUnsignedLong(call.i32(2));
    long address = memory.address(call.i32(1), bytes);
    long result = memory.address(call.i32(4), Integer.BYTES);
    RawMemory.putInt(result, (int) directory.entries(address, bytes, call.i64(3)));
  }

  /** (from, to): what was open as {@code to} is closed. */
  static void renumber(WasiContext context, HostCall call) {
    context.descriptors().renumber(call.i32(0), call.i32(1));
  }
}
