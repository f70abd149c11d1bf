package dev.troupe.engine.artifact;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 over several parts, each preceded by its length, so that parts cannot run together. */
final class Digests {
  static final int BYTES = 32;

  private Digests() {}

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  static byte[] sha256(String domain, byte[]... parts) {
    MessageDigest digest = sha256();
    digest.update(domain.getBytes(StandardCharsets.UTF_8));
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    for (byte[] part : parts) {
      digest.update(length.putLong(0, part.length).array());
      digest.update(part);
    }
    return digest.digest();
  }
}
