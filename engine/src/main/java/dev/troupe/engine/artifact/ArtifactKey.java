package dev.troupe.engine.artifact;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret with which an installation signs the artifacts in its cache. */
public final class ArtifactKey {
  /** Bytes of a key. */
  public static final int BYTES = 32;

  private final SecretKeySpec secret;

  /** A key of {@link #BYTES} bytes. */
  public ArtifactKey(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + bytes.length);
    }
    secret = new SecretKeySpec(bytes, "HmacSHA256");
  }

  /** HMAC-SHA256 over {@code digest}. */
  byte[] mac(byte[] digest) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(secret);
      return mac.doFinal(digest);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }
}
