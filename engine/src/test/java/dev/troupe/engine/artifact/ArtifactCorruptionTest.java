package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every damage is rejected with the typed exception, also when somebody signs the damaged file. */
final class ArtifactCorruptionTest {
  private static final int DAMAGES = 10_000;
  private static final ArtifactKey KEY = new ArtifactKey(new byte[ArtifactKey.BYTES]);
  private static final byte[] SIGNED = signed();

  private static byte[] signed() {
    byte[] bytes = ArtifactSamples.artifact();
    ArtifactSeal.sign(bytes, KEY);
    return bytes;
  }

  private static Artifact read(byte[] bytes) {
    return ArtifactReader.read(MemorySegment.ofArray(bytes), ArtifactSamples.HOST, KEY);
  }

  @Test
  void theUndamagedFileIsAccepted() {
    assertThat(read(SIGNED).module().functions().count()).isEqualTo(ArtifactSamples.FUNCTIONS);
  }

  @Test
  void tenThousandDamagesAreRejected() {
    Map<String, Integer> rejections = new TreeMap<>();
    for (int seed = 0; seed < DAMAGES; seed++) {
      Random random = new Random(seed);
      byte[] damaged = damage(random);
      boolean resigned = seed % 2 == 0;
      if (resigned && !resign(damaged)) {
        continue; // no seal to be found: rejected already when signing
      }
      try {
        read(damaged);
      } catch (ArtifactException e) {
        rejections.merge(String.valueOf(e.getMessage()).replaceAll("[0-9]+", "N"), 1, Integer::sum);
        continue;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " ended in " + e, e);
      }
      throw new AssertionError("seed " + seed + " was accepted");
    }
    // Signing again lets damage reach parsers and checksums of every section.
    for (ArtifactSection section : ArtifactSection.values()) {
      if (ArtifactSeal.isSigned(MemorySegment.ofArray(SIGNED))
          && ElfFrame.read(MemorySegment.ofArray(SIGNED)).size(section) > 1
          && section != ArtifactSection.SEAL) {
        assertThat(rejections.keySet())
            .as(section.sectionName())
            .anyMatch(message -> message.contains("section " + section.sectionName() + ":"));
      }
    }
    assertThat(rejections.keySet())
        .anyMatch(message -> message.contains("not signed with the key"));
    assertThat(rejections.size()).isGreaterThan(40);
  }

  /** Damages one to four places, or cuts the file; half of the places lie in small sections. */
  private static byte[] damage(Random random) {
    byte[] bytes = SIGNED.clone();
    if (random.nextInt(50) == 0) {
      return Arrays.copyOf(bytes, random.nextInt(bytes.length));
    }
    do {
      int count = 1 + random.nextInt(4);
      ElfFrame frame = ElfFrame.read(MemorySegment.ofArray(SIGNED));
      for (int k = 0; k < count; k++) {
        int at = random.nextInt(bytes.length);
        if (random.nextInt(4) != 0) {
          ArtifactSection section =
              ArtifactSection.values()[random.nextInt(ArtifactSection.values().length)];
          long size = frame.size(section);
          at = (int) (frame.offset(section) + (size == 0 ? 0 : random.nextInt((int) size)));
        }
        switch (random.nextInt(3)) {
          case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
          case 1 -> bytes[at] = (byte) random.nextInt(256);
          default -> bytes[at] += (byte) (random.nextBoolean() ? 1 : -1);
        }
      }
    } while (isSame(bytes));
    return bytes;
  }

  /** Whether only the digest and MAC differ, which signing replaces. */
  private static boolean isSame(byte[] bytes) {
    int seal = (int) ElfFrame.read(MemorySegment.ofArray(SIGNED)).offset(ArtifactSection.SEAL);
    return Arrays.equals(bytes, 0, seal, SIGNED, 0, seal)
        && Arrays.equals(bytes, seal + 64, bytes.length, SIGNED, seal + 64, SIGNED.length);
  }

  private static boolean resign(byte[] damaged) {
    try {
      ArtifactSeal.sign(damaged, KEY);
      return true;
    } catch (ArtifactException e) {
      return false;
    }
  }

  @Test
  void everyBitOfTheMetadataCounts() {
    ElfFrame frame = ElfFrame.read(MemorySegment.ofArray(SIGNED));
    for (ArtifactSection section :
        new ArtifactSection[] {
          ArtifactSection.ENGINE,
          ArtifactSection.TYPES,
          ArtifactSection.BRANCH_PROTECTION,
          ArtifactSection.INFO,
          ArtifactSection.NAMES
        }) {
      // All bits of the small ones; every seventh bit, so each bit of some byte, of the large one.
      int step = section == ArtifactSection.INFO ? 7 : 1;
      for (long bit = 0; bit < frame.size(section) * 8; bit += step) {
        byte[] damaged = SIGNED.clone();
        damaged[(int) (frame.offset(section) + bit / 8)] ^= (byte) (1 << bit % 8);
        assertThat(resign(damaged)).isTrue();
        try {
          read(damaged);
        } catch (ArtifactException e) {
          continue;
        }
        throw new AssertionError(section + " bit " + bit + " was accepted");
      }
    }
  }

  @Test
  void lengthsCannotMakeTheParserAllocate() {
    // A packed list, a string, and a message that claim two gigabytes, in a section of a few bytes.
    byte[][] claims = {
      {0x12, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7},
      {0x0A, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 7, 0x0A},
    };
    for (byte[] claim : claims) {
      try {
        WireReader in = new WireReader(claim, ".troupe.info");
        in.nextField();
        in.packed();
      } catch (ArtifactException e) {
        assertThat(e).hasMessageContaining("runs past the end");
        continue;
      }
      throw new AssertionError("accepted");
    }
    assertThat(MemorySegment.ofArray(SIGNED).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 0x7F);
  }
}
