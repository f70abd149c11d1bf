package dev.troupe.gateway.cli;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The digest that names modules and requests. */
public final class Sha256 {
  /** Length of a digest. */
  public static final int BYTES = 32;

  private Sha256() {}

  /** A digest of nothing yet. */
  public static MessageDigest begin() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** The digest of {@code bytes}. */
  public static byte[] of(byte[] bytes) {
    return begin().digest(bytes);
  }
}
