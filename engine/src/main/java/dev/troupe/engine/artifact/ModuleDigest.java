package dev.troupe.engine.artifact;

/**
 * SHA-256 over the bytes of a module. Needs no engine, so that it can be made while one starts.
 * Compared by identity.
 */
public final class ModuleDigest {
  private final byte[] digest;

  private ModuleDigest(byte[] digest) {
    this.digest = digest;
  }

  /** The digest of a module in the binary format. */
  public static ModuleDigest of(byte[] wasm) {
    return new ModuleDigest(Digests.sha256("troupe module\0", wasm));
  }

  /** A digest that was made before, by its {@link #bytes}. */
  public static ModuleDigest ofBytes(byte[] bytes) {
    if (bytes.length != Digests.BYTES) {
      throw new IllegalArgumentException("a digest has " + Digests.BYTES + " bytes");
    }
    return new ModuleDigest(bytes.clone());
  }

  /** The 32 bytes. */
  public byte[] bytes() {
    return digest.clone();
  }
}
