package dev.troupe.engine.artifact;

import dev.troupe.engine.digest.Sha256;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code .troupe.seal}:
 *
 * <pre>
 * 32 bytes  SHA-256 over the file with these first 64 bytes of the section taken as zeros
 * 32 bytes  HMAC-SHA256 of that digest under the installation's key; zeros when unsigned
 * u32 each  CRC-32 of the frame (ELF header, section headers, padding) and of each other section
 * </pre>
 *
 * <p>The digest finds accidents, the MAC finds attackers. The checksums say which part is damaged,
 * and still hold when somebody signs a damaged file again: the parsers check structure, this checks
 * the rest. One pass over the file serves digest and MAC.
 */
public final class ArtifactSeal {
  private static final String SECTION = ".troupe.seal";
  private static final int SIGNATURES_BYTES = 2 * Digests.BYTES;
  private static final ArtifactSection[] SECTIONS = ArtifactSection.values();
  static final int SECTION_BYTES = SIGNATURES_BYTES + 4 * SECTIONS.length;

  private ArtifactSeal() {}

  /** Signs the bytes of an artifact in place. */
  public static void sign(byte[] artifact, ArtifactKey key) {
    MemorySegment file = MemorySegment.ofArray(artifact);
    long at = ElfFrame.read(file).offset(ArtifactSection.SEAL);
    byte[] digest = digest(file, at);
    System.arraycopy(digest, 0, artifact, (int) at, Digests.BYTES);
    System.arraycopy(key.mac(digest), 0, artifact, (int) at + Digests.BYTES, Digests.BYTES);
  }

  /** Whether the artifact carries a MAC, right or wrong. */
  public static boolean isSigned(MemorySegment file) {
    byte[] mac = signatures(file, ElfFrame.read(file).offset(ArtifactSection.SEAL), Digests.BYTES);
    return !Arrays.equals(mac, new byte[Digests.BYTES]);
  }

  /** Fills in checksums and digest of an unsigned file whose other bytes are complete. */
  static void seal(byte[] artifact, ElfFrame frame) {
    MemorySegment file = MemorySegment.ofArray(artifact);
    int at = (int) frame.offset(ArtifactSection.SEAL);
    ByteBuffer out = ByteBuffer.wrap(artifact).order(ByteOrder.LITTLE_ENDIAN);
    int[] checksums = checksums(file, frame);
    for (int k = 0; k < checksums.length; k++) {
      out.putInt(at + SIGNATURES_BYTES + 4 * k, checksums[k]);
    }
    System.arraycopy(digest(file, at), 0, artifact, at, Digests.BYTES);
  }

  /**
   * Checks digest and, with a key, MAC.
   *
   * @throws ArtifactException CORRUPT for the digest, UNTRUSTED for the MAC
   */
  static void verify(MemorySegment file, ElfFrame frame, @Nullable ArtifactKey key) {
    long at = frame.offset(ArtifactSection.SEAL);
    byte[] digest = digest(file, at);
    if (key != null) {
      byte[] mac = signatures(file, at, Digests.BYTES);
      if (Arrays.equals(mac, new byte[Digests.BYTES])) {
        throw new ArtifactException(
            ArtifactException.Reason.UNTRUSTED, "untrusted artifact: it is not signed");
      }
      if (!MessageDigest.isEqual(mac, key.mac(digest))) {
        throw new ArtifactException(
            ArtifactException.Reason.UNTRUSTED,
            "untrusted artifact: it is not signed with the key of this installation, or changed");
      }
    }
    if (!MessageDigest.isEqual(digest, signatures(file, at, 0))) {
      throw ArtifactException.corrupt(SECTION, "the digest of the file is another");
    }
  }

  /** Compares the checksums of all parts. */
  static void verifyChecksums(MemorySegment file, ElfFrame frame) {
    int[] checksums = checksums(file, frame);
    long at = frame.offset(ArtifactSection.SEAL) + SIGNATURES_BYTES;
    for (int k = 0; k < checksums.length; k++) {
      int stored = file.get(ValueLayout.JAVA_INT_UNALIGNED, at + 4L * k);
      if (stored != checksums[k]) {
        String part =
            k == ArtifactSection.SEAL.ordinal() ? "frame of the file" : SECTIONS[k].sectionName();
        throw ArtifactException.corrupt(part, "its checksum is another");
      }
    }
  }

  private static byte[] signatures(MemorySegment file, long at, int offset) {
    return file.asSlice(at + offset, Digests.BYTES).toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] digest(MemorySegment file, long sealOffset) {
    return Sha256.of(
        file.asSlice(0, sealOffset),
        MemorySegment.ofArray(new byte[SIGNATURES_BYTES]),
        file.asSlice(sealOffset + SIGNATURES_BYTES));
  }

  /** Per section its checksum; in the place of the seal itself, that of the frame. */
  private static int[] checksums(MemorySegment file, ElfFrame frame) {
    int[] result = new int[SECTIONS.length];
    CRC32 frameChecksum = new CRC32();
    long behind = 0;
    for (ArtifactSection section : SECTIONS) {
      long offset = frame.offset(section);
      update(frameChecksum, file.asSlice(behind, offset - behind));
      behind = offset + frame.size(section);
      if (section != ArtifactSection.SEAL) {
        CRC32 checksum = new CRC32();
        update(checksum, file.asSlice(offset, frame.size(section)));
        result[section.ordinal()] = (int) checksum.getValue();
      }
    }
    update(frameChecksum, file.asSlice(behind));
    result[ArtifactSection.SEAL.ordinal()] = (int) frameChecksum.getValue();
    return result;
  }

  private static void update(CRC32 checksum, MemorySegment part) {
    for (long at = 0; at < part.byteSize(); at += 1 << 30) {
      checksum.update(part.asSlice(at, Math.min(1 << 30, part.byteSize() - at)).asByteBuffer());
    }
  }
}
