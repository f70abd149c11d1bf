package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.testing.Json;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

/** Text and JSON of {@code inspect}. */
final class ArtifactInspectionTest {
  private static final ArtifactInspection INSPECTION =
      ArtifactInspection.of(MemorySegment.ofArray(ArtifactSamples.artifact()));

  @Test
  void theTextNamesWhatPeopleLookFor() {
    assertThat(INSPECTION.toText())
        .startsWith("kind: module\n")
        .contains("signed: false\n", "  target: x86_64-unknown-linux-gnu\n")
        .contains("    traps: SIGNALS\n", "  isa_features: bmi1 lzcnt\n")
        .contains("- index=1 name=add type=(i32) -> (i64) text_offset=0 bytes=11 frame_bytes=0\n")
        .contains("name=su?ub")
        .contains("- module=host name=hello kind=func\n")
        .contains("- name=.text offset=");
  }

  @Test
  void theJsonIsJson() {
    String json = INSPECTION.toJson();
    assertThat(Json.parse(json)).isNotNull();
    assertThat(json)
        .contains("\"name\": \"su\\u000aub\"")
        .contains("\"name\": \"tab\\u00e9\"")
        .contains("\"guard_bytes\": 33554432")
        .contains("\"UNREACHABLE\": ");
  }
}
