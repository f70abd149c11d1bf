package dev.troupe.engine.digest;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Sha256Test {
  @Test
  void theExamplesOfTheStandard() {
    assertThat(hex("abc"))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(hex(""))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assertThat(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"))
        .isEqualTo("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  }

  @Test
  void everyLengthAroundBlocksAndChunks() throws NoSuchAlgorithmException {
    byte[] bytes = random(40_000);
    for (int length = 0; length < 600; length++) {
      assertThat(Sha256.of(head(bytes, length))).isEqualTo(jdk(head(bytes, length)));
    }
    for (int length = (16 << 10) - 70; length < (16 << 10) + 70; length++) {
      assertThat(Sha256.of(head(bytes, length))).isEqualTo(jdk(head(bytes, length)));
    }
    assertThat(Sha256.of(bytes)).isEqualTo(jdk(bytes));
  }

  @Test
  void partsInArraysAndInNativeMemoryRunTogether() throws NoSuchAlgorithmException {
    byte[] bytes = random(70_001);
    Random random = new Random(2);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment array = MemorySegment.ofArray(bytes);
      MemorySegment copy = arena.allocate(bytes.length);
      MemorySegment.copy(array, 0, copy, 0, bytes.length);
      for (int time = 0; time < 200; time++) {
        int first = random.nextInt(bytes.length);
        int second = first + random.nextInt(bytes.length - first);
        MemorySegment[] parts = {
          copy.asSlice(0, first),
          array.asSlice(first, second - first),
          MemorySegment.ofArray(new byte[0]),
          copy.asSlice(second)
        };
        assertThat(Sha256.of(parts)).isEqualTo(jdk(bytes));
        assertThat(Sha256.portable(parts)).isEqualTo(jdk(bytes));
      }
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private static MemorySegment head(byte[] bytes, int length) {
    return MemorySegment.ofArray(bytes).asSlice(0, length);
  }

  private static byte[] jdk(byte[] bytes) throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(bytes);
  }

  private static byte[] jdk(MemorySegment bytes) throws NoSuchAlgorithmException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(bytes.asByteBuffer());
    return digest.digest();
  }
}
