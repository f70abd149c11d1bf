package dev.troupe.engine.os;

/**
 * Stream sockets by descriptor number; a result below zero is a negative error number. Interrupted
 * calls are repeated.
 */
public final class SocketCalls {
  public static final int SHUT_READ = 0;
  public static final int SHUT_WRITE = 1;
  public static final int SHUT_BOTH = 2;

  public static final int PEEK = 2;

  private static final int AF_INET = 2;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int NO_SIGNAL = 0x4000;
  private static final int BACKLOG = 128;
  private static final int ADDRESS_BYTES = 16;

  private SocketCalls() {}

  /**
   * A socket that listens; taking a connection never waits.
   *
   * @param address IPv4 address in network order, the first byte highest
   * @param port 0 for any free one
   * @param scratch memory of 24 bytes
   */
  public static long listen(int address, int port, long scratch) {
    long socket =
        Libc.syscall(
            Syscall.SOCKET, AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0, 0, 0);
    if (socket < 0) {
      return socket;
    }
    RawMemory.putLong(scratch, 0);
    RawMemory.putLong(scratch + 8, 0);
    RawMemory.putShort(scratch, (short) AF_INET);
    RawMemory.putShort(scratch + 2, Short.reverseBytes((short) port));
    RawMemory.putInt(scratch + 4, Integer.reverseBytes(address));
    long result = Libc.syscall(Syscall.BIND, socket, scratch, ADDRESS_BYTES, 0, 0, 0);
    if (result >= 0) {
      result = Libc.syscall(Syscall.LISTEN, socket, BACKLOG, 0, 0, 0, 0);
    }
    if (result < 0) {
      long unused = FileCalls.close((int) socket);
      return result;
    }
    return socket;
  }

  /** The port of a socket that listens. */
  public static long localPort(int socket, long scratch) {
    RawMemory.putLong(scratch + ADDRESS_BYTES, ADDRESS_BYTES);
    long result =
        Libc.syscall(Syscall.GETSOCKNAME, socket, scratch, scratch + ADDRESS_BYTES, 0, 0, 0);
    return result < 0
        ? result
        : Short.toUnsignedInt(Short.reverseBytes(RawMemory.getShort(scratch + 2)));
  }

  /** Takes a connection, whose reads and writes never wait: its descriptor. */
  public static long accept(int socket) {
    int flags = SOCK_CLOEXEC | SOCK_NONBLOCK;
    return Libc.repeated(Syscall.ACCEPT4, socket, 0, 0, flags);
  }

  /** Receives up to {@code bytes} bytes: how many; 0 is the end. */
  public static long receive(int socket, long address, long bytes, int flags) {
    return Libc.repeated(Syscall.RECVFROM, socket, address, bytes, flags);
  }

  /** Sends up to {@code bytes} bytes: how many. */
  public static long send(int socket, long address, long bytes) {
    return Libc.repeated(Syscall.SENDTO, socket, address, bytes, NO_SIGNAL);
  }

  /** Ends one or both directions. */
  public static long shutDown(int socket, int how) {
    return Libc.repeated(Syscall.SHUTDOWN, socket, how, 0, 0);
  }
}
