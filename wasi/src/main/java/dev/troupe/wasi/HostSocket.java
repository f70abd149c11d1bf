package dev.troupe.wasi;

import dev.troupe.engine.os.FileCalls;
import dev.troupe.engine.os.SocketCalls;

/**
 * A TCP socket of the host: one that waits for connections, or a connection. For the kernel it
 * never waits; whether the guest does is the business of its flags here.
 */
final class HostSocket extends Descriptor {
  private final WasiContext context;
  private final int descriptor;

  /** Takes over a descriptor of the host. */
  HostSocket(WasiContext context, int descriptor, int flags, long base, long inheriting) {
    super(FileType.SOCKET_STREAM, flags, base, inheriting);
    this.context = context;
    this.descriptor = descriptor;
  }

  /** The port of this end. */
  int localPort() {
    return (int) WasiError.checkHost(SocketCalls.localPort(descriptor, context.scratch().block()));
  }

  /** Takes a connection. */
  HostSocket accept(int flags) {
    int connection = (int) WasiError.checkHost(SocketCalls.accept(descriptor));
    return new HostSocket(context, connection, flags, inheriting(), 0);
  }

  /** Receives up to {@code bytes} bytes; {@code flags} of {@link SocketCalls}. */
  long receive(long address, long bytes, int flags) {
    return WasiError.checkHost(SocketCalls.receive(descriptor, address, bytes, flags));
  }

  /** Ends one or both directions. */
  void shutDown(int how) {
    WasiError.checkHost(SocketCalls.shutDown(descriptor, how));
  }

  @Override
  long read(long address, long bytes) {
    return receive(address, bytes, 0);
  }

  @Override
  long write(long address, long bytes) {
    return WasiError.checkHost(SocketCalls.send(descriptor, address, bytes));
  }

  @Override
  void sync() {
    throw WasiError.of(WasiErrno.INVAL);
  }

  @Override
  int pollable() {
    return descriptor;
  }

  @Override
  long readable() {
    return Math.max(0, FileCalls.readable(descriptor, context.scratch().block()));
  }

  @Override
  void filestat(long address) {
    FileStatWriter.write(address, type());
  }

  @Override
  void close() {
    Poller.closing(descriptor);
    WasiError.checkHost(FileCalls.close(descriptor));
  }
}
