package dev.troupe.engine.digest;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * SHA-256 (FIPS 180-4).
 *
 * <p>The JDK's digest comes with security providers, whose start takes a short-lived process longer
 * than everything else about a cached artifact, and before its JIT compiles them for good they are
 * slow: so this calls the processor's own instructions, and the JDK's digest only where there are
 * none.
 */
public final class Sha256 {
  /** Length of a digest. */
  public static final int BYTES = 32;

  private static final int BLOCK_BYTES = 64;

  /** How much of an array is copied at once to where the processor's instructions may see it. */
  private static final int CHUNK_BYTES = 16 << 10;

  private static final int SMALL_CHUNK_BYTES = 4 * BLOCK_BYTES;

  private static final int[] INITIAL = {
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19
  };

  private Sha256() {}

  /** The digest of the bytes of all parts, one after the other. */
  public static byte[] of(byte[]... parts) {
    MemorySegment[] segments = new MemorySegment[parts.length];
    for (int i = 0; i < parts.length; i++) {
      segments[i] = MemorySegment.ofArray(parts[i]);
    }
    return of(segments);
  }

  /** The digest of the bytes of all parts, one after the other. */
  public static byte[] of(MemorySegment... parts) {
    Sha256Code code = Sha256Code.available();
    return code == null ? portable(parts) : accelerated(code, parts);
  }

  static byte[] portable(MemorySegment... parts) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (MemorySegment part : parts) {
      for (long at = 0; at < part.byteSize(); at += 1 << 30) {
        digest.update(part.asSlice(at, Math.min(1 << 30, part.byteSize() - at)).asByteBuffer());
      }
    }
    return digest.digest();
  }

  static byte[] accelerated(Sha256Code code, MemorySegment... parts) {
    long bytes = 0;
    for (MemorySegment part : parts) {
      bytes += part.byteSize();
    }
    try (Arena arena = Arena.ofConfined()) {
      State state = new State(code, arena, bytes);
      for (MemorySegment part : parts) {
        state.update(part);
      }
      return state.finish(bytes);
    }
  }

  /**
   * The eight words and what is not hashed yet. Bytes are copied before the processor's
   * instructions see them: arrays move, and where the end of a mapped file is cut off meanwhile the
   * JVM makes an error of it, but only in code of its own.
   */
  private static final class State {
    private final Sha256Code code;
    private final MemorySegment words;
    private final MemorySegment chunk;
    private int pending;

    State(Sha256Code code, Arena arena, long bytes) {
      this.code = code;
      this.words = arena.allocate(BYTES, 16);
      this.chunk = arena.allocate(bytes < CHUNK_BYTES ? SMALL_CHUNK_BYTES : CHUNK_BYTES, 16);
      MemorySegment.copy(MemorySegment.ofArray(INITIAL), 0, words, 0, BYTES);
    }

    void update(MemorySegment part) {
      long count;
      for (long at = 0; at < part.byteSize(); at += count) {
        count = Math.min(chunk.byteSize() - pending, part.byteSize() - at);
        MemorySegment.copy(part, at, chunk, pending, count);
        pending += (int) count;
        if (pending == chunk.byteSize()) {
          code.blocks(words, chunk, pending);
          pending = 0;
        }
      }
    }

    /** Pads by a bit, zeros and the length in bits, as the standard says. */
    byte[] finish(long bytes) {
      int zeros = -(pending + 1 + Long.BYTES) & BLOCK_BYTES - 1;
      byte[] padding = new byte[1 + zeros + Long.BYTES];
      padding[0] = (byte) 0x80;
      for (int i = 0; i < Long.BYTES; i++) {
        padding[padding.length - 1 - i] = (byte) (bytes * 8 >>> 8 * i);
      }
      update(MemorySegment.ofArray(padding));
      code.blocks(words, chunk, pending);
      int[] state = new int[INITIAL.length];
      MemorySegment.copy(words, 0, MemorySegment.ofArray(state), 0, BYTES);
      byte[] digest = new byte[BYTES];
      for (int i = 0; i < BYTES; i++) {
        digest[i] = (byte) (state[i / 4] >>> 24 - i % 4 * 8);
      }
      return digest;
    }
  }
}
