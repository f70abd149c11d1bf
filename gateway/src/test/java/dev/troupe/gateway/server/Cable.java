package dev.troupe.gateway.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection to a server that can be cut: no FIN, no GOAWAY, only a reset. */
final class Cable implements AutoCloseable {
  private final ServerSocket listener;
  private final String address;
  private volatile boolean silent;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  Cable(String address) throws IOException {
    this.address = address;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread _ = Thread.ofPlatform().daemon().name("cable").start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket server = new Socket();
        int colon = address.lastIndexOf(':');
        server.connect(
            new InetSocketAddress(
                address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
        sockets.add(client);
        sockets.add(server);
        Thread _ = Thread.ofPlatform().daemon().start(() -> copy(client, server));
        Thread _ = Thread.ofPlatform().daemon().start(() -> copy(server, client));
      }
    } catch (IOException closed) {
      // The cable was cut.
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 << 10];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (!silent) {
          out.write(buffer, 0, count);
        }
      }
    } catch (IOException cut) {
      // The other direction notices too.
    }
  }

  /** From now on nothing comes through, and nobody is told. */
  void silence() {
    silent = true;
  }

  /** Resets all connections. */
  void cut() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      if (!socket.isClosed()) {
        socket.setSoLinger(true, 0);
        socket.close();
      }
    }
  }

  @Override
  public void close() throws IOException {
    cut();
  }
}
