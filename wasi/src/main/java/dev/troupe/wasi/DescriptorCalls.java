package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.RawMemory;

/** The functions on open descriptors. Pointers are checked before anything happens. */
final class DescriptorCalls {
  private static final int FDSTAT_BYTES = 24;
  private static final int PRESTAT_BYTES = 8;
  private static final int PRESTAT_DIRECTORY = 0;
  private static final int IOVEC_BYTES = 8;
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

  /** (fd, filestat). */
  static void filestatGet(WasiContext context, GuestMemory memory, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    descriptor.require(Rights.FD_FILESTAT_GET);
    descriptor.filestat(memory.address(call.i32(1), FileStatWriter.BYTES));
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

  /** (fd, iovecs, count, bytes read). */
  static void read(WasiContext context, GuestMemory memory, HostCall call) {
    transfer(context, memory, call, false);
  }

  /** (fd, iovecs, count, bytes written). */
  static void write(WasiContext context, GuestMemory memory, HostCall call) {
    transfer(context, memory, call, true);
  }

  private static void transfer(
      WasiContext context, GuestMemory memory, HostCall call, boolean writing) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    descriptor.require(writing ? Rights.FD_WRITE : Rights.FD_READ);
    long count = Integer.toUnsignedLong(call.i32(2));
    long vectors = memory.address(call.i32(1), count * IOVEC_BYTES);
    long result = memory.address(call.i32(3), Integer.BYTES);
    check(memory, vectors, count);
    RawMemory.putInt(result, (int) transfer(descriptor, memory, vectors, count, writing));
  }

  /** Every buffer must lie in memory, and together they must have a length that can be told. */
  private static void check(GuestMemory memory, long vectors, long count) {
    long total = 0;
    for (long i = 0; i < count; i++) {
      long vector = vectors + i * IOVEC_BYTES;
      long bytes = Integer.toUnsignedLong(RawMemory.getInt(vector + 4));
      long unused = memory.address(RawMemory.getInt(vector), bytes);
      total += bytes;
      if (total > 0xFFFF_FFFFL) {
        throw WasiError.of(WasiErrno.INVAL);
      }
    }
  }

  private static long transfer(
      Descriptor descriptor, GuestMemory memory, long vectors, long count, boolean writing) {
    long total = 0;
    for (long i = 0; i < count; i++) {
      long vector = vectors + i * IOVEC_BYTES;
      // Read once more: an earlier buffer may lie over this vector, so it is checked once more,
      // too.
      long bytes = Integer.toUnsignedLong(RawMemory.getInt(vector + 4));
      long done;
      try {
        long address = memory.address(RawMemory.getInt(vector), bytes);
        done = writing ? descriptor.write(address, bytes) : descriptor.read(address, bytes);
      } catch (WasiError e) {
        if (total == 0) {
          throw e;
        }
        break;
      }
      total += done;
      if (done < bytes) {
        break;
      }
    }
    return total;
  }

  /** (fd, offset, whence, new offset). */
  static void seek(WasiContext context, GuestMemory memory, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    int whence = call.i32(2);
    long result = memory.address(call.i32(3), Long.BYTES);
    if (descriptor.type() == FileType.DIRECTORY) {
      throw WasiError.of(WasiErrno.BADF);
    }
    if (descriptor.type() != FileType.REGULAR_FILE && (descriptor.base() & Rights.FD_SEEK) == 0) {
      throw WasiError.of(WasiErrno.SPIPE);
    }
    descriptor.require(Rights.FD_SEEK);
    if (whence < 0 || whence > LAST_WHENCE) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    RawMemory.putLong(result, descriptor.seek(call.i64(1), whence));
  }

  /** (fd). */
  static void sync(WasiContext context, HostCall call) {
    Descriptor descriptor = context.descriptors().get(call.i32(0));
    descriptor.require(Rights.FD_SYNC);
    descriptor.sync();
  }
}
