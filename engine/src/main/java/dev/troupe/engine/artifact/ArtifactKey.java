package dev.troupe.engine.artifact;

import dev.troupe.engine.digest.Sha256;
import java.util.Arrays;

/**
 * The secret with which an installation signs the artifacts in its cache.
 *
 * <p>HMAC-SHA256 (RFC 2104) is spelled out over the digest: {@code javax.crypto} would load its
 * providers first, which costs a short-lived process more than everything else about an artifact.
 */
public final class ArtifactKey {
  /** Bytes of a key. */
  public static final int BYTES = 32;

  private static final int BLOCK_BYTES = 64;

  private final byte[] inner;
  private final byte[] outer;

  /** A key of {@link #BYTES} bytes. */
  public ArtifactKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + bytes.length);
    }
    inner = padded(bytes, 0x36);
    outer = padded(bytes, 0x5C);
  }

  /** The key, filled with zeros to a block of SHA-256, with every byte changed by {@code pad}. */
  private static byte[] padded(byte[] key, int pad) {
    byte[] block = Arrays.copyOf(key, BLOCK_BYTES);
    for (int i = 0; i < BLOCK_BYTES; i++) {
      block[i] ^= (byte) pad;
    }
    return block;
  }

  /** HMAC-SHA256 over {@code message}. */
  public byte[] mac(byte[] message) {
    return Sha256.of(outer, Sha256.of(inner, message));
  }
}
