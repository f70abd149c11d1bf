package dev.troupe.gateway.server;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client that no library would write: it speaks just enough HTTP/2 (RFC 9113) to begin a remote
 * call, to announce a message, to send a part of it, and to fall silent.
 */
final class HalfRequest implements AutoCloseable {
  private static final int HEADERS = 1;
  private static final int DATA = 0;
  private static final int SETTINGS = 4;
  private static final int END_HEADERS = 4;
  private static final int MOST_FRAME_BYTES = 16_384;

  private final Socket socket;
  private final OutputStream out;
  private int nextStream = 1;

  HalfRequest(String address) throws IOException {
    int colon = address.lastIndexOf(':');
    socket =
        new Socket(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
    out = socket.getOutputStream();
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    frame(SETTINGS, 0, 0, new byte[0], 0, 0);
    out.flush();
  }

  /** Begins a call of a method and sends {@code sentBytes} of a message of {@code bytes} bytes. */
  void begin(String method, int bytes, int sentBytes) throws IOException {
    int stream = nextStream;
    nextStream += 2;
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    literal(headers, ":method", "POST");
    literal(headers, ":scheme", "http");
    literal(headers, ":path", "/" + method);
    literal(headers, ":authority", "localhost");
    literal(headers, "content-type", "application/grpc");
    literal(headers, "te", "trailers");
    byte[] block = headers.toByteArray();
    frame(HEADERS, END_HEADERS, stream, block, 0, block.length);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream data = new DataOutputStream(message);
    data.writeByte(0);
    data.writeInt(bytes);
    data.write(new byte[sentBytes]);
    byte[] all = message.toByteArray();
    for (int at = 0; at < all.length; at += MOST_FRAME_BYTES) {
      frame(DATA, 0, stream, all, at, Math.min(MOST_FRAME_BYTES, all.length - at));
    }
    out.flush();
  }

  /** A header that needs no table and no Huffman code (RFC 7541, 6.2.3). */
  private static void literal(ByteArrayOutputStream into, String name, String value) {
    into.write(0x10);
    string(into, name);
    string(into, value);
  }

  private static void string(ByteArrayOutputStream into, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length >= 127) {
      throw new IllegalArgumentException("too long for a length of one byte");
    }
    into.write(bytes.length);
    into.write(bytes, 0, bytes.length);
  }

  private void frame(int type, int flags, int stream, byte[] payload, int offset, int length)
      throws IOException {
    out.write(
        new byte[] {
          (byte) (length >> 16),
          (byte) (length >> 8),
          (byte) length,
          (byte) type,
          (byte) flags,
          (byte) (stream >> 24),
          (byte) (stream >> 16),
          (byte) (stream >> 8),
          (byte) stream
        });
    out.write(payload, offset, length);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
