package dev.troupe.engine.artifact;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;

/**
 * What Jazzer calls: an artifact with any contents of one section, signed, is read or refused with
 * a typed error. The first byte says which section.
 */
public final class ArtifactTarget {
  private static final ArtifactKey KEY = new ArtifactKey(new byte[ArtifactKey.BYTES]);
  private static final byte[] SAMPLE = ArtifactSamples.artifact();

  private ArtifactTarget() {}

  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    ArtifactSection[] all = ArtifactSection.values();
    ArtifactSection section = all[Byte.toUnsignedInt(data[0]) % all.length];
    if (section == ArtifactSection.SEAL || section == ArtifactSection.TEXT) {
      return;
    }
    Map<ArtifactSection, byte[]> sections = ResignedArtifactTest.sections(SAMPLE);
    sections.put(section, Arrays.copyOfRange(data, 1, data.length));
    byte[] file = ResignedArtifactTest.rebuilt(sections, KEY);
    try {
      var unused = ArtifactReader.read(MemorySegment.ofArray(file), ArtifactSamples.HOST, KEY);
    } catch (ArtifactException e) {
      // That is how artifacts are refused.
    }
  }
}
