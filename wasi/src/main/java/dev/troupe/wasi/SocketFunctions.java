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

  /**
   * (fd, iovecs, count, flags, bytes received, flags of what was received).
   *
   * @param before bytes that came before the call last waited for more
   */
  static void receive(WasiContext context, GuestMemory memory, HostCall call, long before) {
    HostSocket socket = socket(context, call.i32(0), Rights.FD_READ);
    long count = Integer.toUnsignedLong(call.i32(2));
    long vectors = TransferCalls.vectors(memory, call.i32(1), count);
    int flags = call.i32(3);
    if ((flags & ~(PEEK | WAIT_ALL)) != 0) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    long result = memory.address(call.i32(4), Integer.BYTES);
    long resultFlags = memory.address(call.i32(5), Short.BYTES);
    boolean peek = (flags & PEEK) != 0;
    // A second peek would see the first bytes again.
    long used = peek ? Math.min(1, count) : count;
    Received received = receive(socket, memory, vectors, used, peek, before);
    boolean blocking = (socket.flags() & FdFlags.NONBLOCK) == 0;
    if (received.mayCome() && !peek && (flags & WAIT_ALL) != 0 && blocking) {
      context.progress(received.bytes());
      throw WasiError.of(WasiErrno.AGAIN);
    }
    if (received.mayCome() && received.bytes() == 0) {
      throw WasiError.of(WasiErrno.AGAIN);
    }
    RawMemory.putInt(result, (int) received.bytes());
    RawMemory.putShort(resultFlags, (short) 0);
  }

  /**
   * What has come.
   *
   * @param bytes how many in all
   * @param mayCome whether there is room for more, and more may come
   */
  private record Received(long bytes, boolean mayCome) {}

  /** Receives behind the first {@code before} bytes; an error when nothing has come. */
  private static Received receive(
      HostSocket socket, GuestMemory memory, long vectors, long count, boolean peek, long before) {
    long total = before;
    long skip = before;
    for (long i = 0; i < count; i++) {
      long vector = vectors + i * TransferCalls.IOVEC_BYTES;
      long length = Integer.toUnsignedLong(RawMemory.getInt(vector + 4));
      long skipped = Math.min(skip, length);
      skip -= skipped;
      long bytes = length - skipped;
      if (bytes == 0) {
        continue;
      }
      long done;
      try {
        long address = memory.address(RawMemory.getInt(vector), length) + skipped;
        done = socket.receive(address, bytes, peek ? SocketCalls.PEEK : 0);
      } catch (WasiError e) {
        boolean again = e.errno() == WasiErrno.AGAIN;
        if (total == 0 && !again) {
          throw e;
        }
        return new Received(total, again);
      }
      total += done;
      if (done == 0) {
        return new Received(total, false);
      }
      if (done < bytes) {
        return new Received(total, true);
      }
    }
    return new Received(total, false);
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
