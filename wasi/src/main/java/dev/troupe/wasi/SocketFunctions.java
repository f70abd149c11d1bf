package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.SocketCalls;

/** The functions on sockets. Preview 1 can only use those that the guest was given. */
final class SocketFunctions {
  private static final int PEEK = 1;
  private static final int WAIT_ALL = 2;
  private static final int SHUT_READ = 1;
  private static final int SHUT_WRITE = 2;

  private SocketFunctions() {}

  private static HostSocket socket(WasiContext context, int fd, long rights) {
    if (!(context.descriptors().get(fd) instanceof HostSocket socket)) {
      throw WasiError.of(WasiErrno.NOTSOCK);
    }
    socket.require(rights);
    return socket;
  }

  /** (fd, fdflags, connection). */
  static void accept(WasiContext context, GuestMemory memory, HostCall call) {
    HostSocket listener = socket(context, call.i32(0), Rights.SOCK_ACCEPT);
    int flags = call.i32(1);
    if ((flags & ~FdFlags.NONBLOCK) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long result = memory.address(call.i32(2), Integer.BYTES);
    int unused = context.descriptors().nextFree();
    RawMemory.putInt(result, context.descriptors().add(listener.accept(flags)));
  }

  /** (fd, iovecs, count, flags, bytes received, flags of what was received). */
  static void receive(WasiContext context, GuestMemory memory, HostCall call) {
    HostSocket socket = socket(context, call.i32(0), Rights.FD_READ);
    long count = Integer.toUnsignedLong(call.i32(2));
    long vectors = TransferCalls.vectors(memory, call.i32(1), count);
    int flags = call.i32(3);
    if ((flags & ~(PEEK | WAIT_ALL)) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long result = memory.address(call.i32(4), Integer.BYTES);
    long resultFlags = memory.address(call.i32(5), Short.BYTES);
    int host =
        ((flags & PEEK) != 0 ? SocketCalls.PEEK : 0)
            | ((flags & WAIT_ALL) != 0 ? SocketCalls.WAIT_ALL : 0);
    // A second peek would see the first bytes again.
    long used = (flags & PEEK) != 0 ? Math.min(1, count) : count;
    long total = receive(socket, memory, vectors, used, host);
    RawMemory.putInt(result, (int) total);
    RawMemory.putShort(resultFlags, (short) 0);
  }

  /** What came before the first error; an error when nothing came. */
  private static long receive(
      HostSocket socket, GuestMemory memory, long vectors, long count, int flags) {
    long total = 0;
    for (long i = 0; i < count; i++) {
      long vector = vectors + i * TransferCalls.IOVEC_BYTES;
      long bytes = Integer.toUnsignedLong(RawMemory.getInt(vector + 4));
      // Who has got something waits for more only when asked to.
      boolean waits = total == 0 || (flags & SocketCalls.WAIT_ALL) != 0;
      long done;
      try {
        long address = memory.address(RawMemory.getInt(vector), bytes);
        done = socket.receive(address, bytes, waits ? flags : flags | SocketCalls.DONT_WAIT);
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

  /** (fd, iovecs, count, flags, bytes sent). */
  static void send(WasiContext context, GuestMemory memory, HostCall call) {
    HostSocket socket = socket(context, call.i32(0), Rights.FD_WRITE);
    long count = Integer.toUnsignedLong(call.i32(2));
    long vectors = TransferCalls.vectors(memory, call.i32(1), count);
    if (call.i32(3) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long result = memory.address(call.i32(4), Integer.BYTES);
    long total =
        TransferCalls.transfer(
            socket, memory, vectors, count, TransferCalls.HERE, context.writeQuota());
    RawMemory.putInt(result, (int) total);
  }

  /** (fd, directions). */
  static void shutDown(WasiContext context, HostCall call) {
    HostSocket socket = socket(context, call.i32(0), Rights.SOCK_SHUTDOWN);
    int how =
        switch (call.i32(1)) {
          case SHUT_READ -> SocketCalls.SHUT_READ;
          case SHUT_WRITE -> SocketCalls.SHUT_WRITE;
          case SHUT_READ | SHUT_WRITE -> SocketCalls.SHUT_BOTH;
          default -> throw WasiError.of(WasiErrno.INVAL);
        };
    socket.shutDown(how);
  }
}
