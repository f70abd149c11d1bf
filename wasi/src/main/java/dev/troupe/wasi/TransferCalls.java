package dev.troupe.wasi;

import static dev.troupe.wasi.FileType.REGULAR_FILE;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.RawMemory;

/** Reading and writing, at the place of the descriptor or at an offset. Allocates nothing. */
final class TransferCalls {
  static final int IOVEC_BYTES = 8;

  /** As many vectors as Linux takes (IOV_MAX): bounds the system calls of one call. */
  private static final int MOST_VECTORS = 1024;

  /** In place of an offset: at the place of the descriptor. */
  static final long HERE = -1;

  private TransferCalls() {}

  /** (fd, iovecs, count, bytes read). */
  static void read(WasiContext context, GuestMemory memory, HostCall call) {
    transfer(context, memory, call, HERE, call.i32(3), false);
  }

  /** (fd, iovecs, count, bytes written). */
  static void write(WasiContext context, GuestMemory memory, HostCall call) {
    transfer(context, memory, call, HERE, call.i32(3), true);
  }

  /** (fd, iovecs, count, offset, bytes read). */
  static void readAt(WasiContext context, GuestMemory memory, HostCall call) {
    transfer(context, memory, call, offset(call), call.i32(4), false);
  }

  /** (fd, iovecs, count, offset, bytes written). */
  static void writeAt(WasiContext context, GuestMemory memory, HostCall call) {
    transfer(context, memory, call, offset(call), call.i32(4), true);
  }

  private static long offset(HostCall call) {
    long offset = call.i64(3);
    if (offset < 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    return offset;
  }

  private static void transfer(
      WasiContext context,
      GuestMemory memory,
      HostCall call,
      long offset,
      int resultPointer,
      boolean writing) {
    Descriptor descriptor = context.descriptors().bytes(call.i32(0));
    descriptor.require(writing ? Rights.FD_WRITE : Rights.FD_READ);
    if (offset != HERE && (descriptor.base() & Rights.FD_SEEK) == 0) {
      throw WasiError.of(
          descriptor.type() == REGULAR_FILE ? WasiErrno.NOTCAPABLE : WasiErrno.SPIPE);
    }
    long count = Integer.toUnsignedLong(call.i32(2));
    long vectors = vectors(memory, call.i32(1), count);
    long result = memory.address(resultPointer, Integer.BYTES);
    WriteQuota quota = writing ? context.writeQuota() : WriteQuota.NONE;
    RawMemory.putInt(result, (int) transfer(descriptor, memory, vectors, count, offset, quota));
  }

  /**
   * The address of the iovecs. Every buffer must lie in memory, and together they must have a
   * length that can be told.
   */
  static long vectors(GuestMemory memory, int pointer, long count) {
    long vectors = memory.address(pointer, count * IOVEC_BYTES);
    if (count > MOST_VECTORS) {
      throw WasiError.of(WasiErrno.INVAL);
    }
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
    return vectors;
  }

  /** What could be done before the first error; an error when nothing could. */
  static long transfer(
      Descriptor descriptor,
      GuestMemory memory,
      long vectors,
      long count,
      long offset,
      WriteQuota quota) {
    long total = 0;
    for (long i = 0; i < count; i++) {
      long vector = vectors + i * IOVEC_BYTES;
      // Read once more: an earlier buffer may lie over this vector, so it is checked once more,
      // too.
      long bytes = Integer.toUnsignedLong(RawMemory.getInt(vector + 4));
      long done;
      try {
        long address = memory.address(RawMemory.getInt(vector), bytes);
        long at = offset == HERE ? HERE : offset + total;
        done =
            quota == WriteQuota.NONE
                ? read(descriptor, address, bytes, at)
                : write(descriptor, address, bytes, at, quota);
      } catch (WasiError e) {
        if (total == 0) {
          throw e;
        }
        break;
      }
      total += done;
      // Who has got something from a stream must not wait for more.
      boolean enough = quota == WriteQuota.NONE && total > 0 && descriptor.type() != REGULAR_FILE;
      if (done < bytes || enough) {
        break;
      }
    }
    return total;
  }

  private static long read(Descriptor descriptor, long address, long bytes, long offset) {
    return offset == HERE
        ? descriptor.read(address, bytes)
        : descriptor.readAt(address, bytes, offset);
  }

  private static long write(
      Descriptor descriptor, long address, long bytes, long offset, WriteQuota quota) {
    long allowed = quota.allowed(bytes);
    long done =
        offset == HERE
            ? descriptor.write(address, allowed)
            : descriptor.writeAt(address, allowed, offset);
    quota.charge(done);
    return done;
  }
}
