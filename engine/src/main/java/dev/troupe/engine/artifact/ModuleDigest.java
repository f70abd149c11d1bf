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

  byte[] bytes() {
    return digest;
  }
}
