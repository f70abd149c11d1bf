package dev.troupe.engine.artifact;

import dev.troupe.engine.digest.Sha256;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** SHA-256 over several parts, each preceded by its length, so that parts cannot run together. */
final class Digests {
  static final int BYTES = Sha256.BYTES;

  private Digests() {}

  static byte[] sha256(String domain, byte[]... parts) {
    byte[][] all = new byte[1 + 2 * parts.length][];
    all[0] = domain.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < parts.length; i++) {
      ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      all[1 + 2 * i] = length.putLong(0, parts[i].length).array();
      all[2 + 2 * i] = parts[i];
    }
    return Sha256.of(all);
  }
}
