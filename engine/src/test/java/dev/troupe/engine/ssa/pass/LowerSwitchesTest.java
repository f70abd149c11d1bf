package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tables of all kinds lead where they led before, and those that few tests decide are gone. */
class LowerSwitchesTest {
  /** A function that gives another number for each place; arguments tell two edges apart. */
  private static String table(int... places) {
    StringBuilder text =
        new StringBuilder(
                "function 0 \"\" (i32) -> (i32) {\nblock0(v0: i32):\n  v1 = iconst.i32 7\n")
            .append("  v2 = iconst.i32 8\n  br_table v0");
    for (int place : places) {
      text.append(", ").append(place < 2 ? "block1(v" + (1 + place) + ")" : "block" + place);
    }
    text.append("\nblock1(v3: i32):\n  return v3\n");
    for (int block = 2; block < 6; block++) {
      text.append("block").append(block).append(":\n  v").append(block + 2);
      text.append(" = iconst.i32 ").append(block * 10);
      text.append("\n  return v").append(block + 2).append('\n');
    }
    return text.append('}').toString();
  }

  /** Runs the pass, compares all indexes around the table, and says whether it is still there. */
  private static boolean remains(int... places) {
    String text = table(places);
    SsaFunction before = SsaParser.parse(text);
    RemoveUnreachableBlocks.run(before);
    SsaFunction after = SsaParser.parse(text);
    RemoveUnreachableBlocks.run(after);
    LowerSwitches.run(after);
    SsaVerifier.verify(after, "the pass");
    for (long index = -2; index < places.length + 2; index++) {
      long[] arguments = {index & 0xFFFF_FFFFL};
      assertThat(RecordingMachine.observe(after, 5, arguments, 1000))
          .as("index %d of %s", index, text)
          .isEqualTo(RecordingMachine.observe(before, 5, arguments, 1000));
    }
    return after.toString().contains("br_table");
  }

  @Test
  void rangesAreCompared() {
    assertThat(remains(0, 0, 1)).isFalse();
    assertThat(remains(2, 3, 3, 2)).isFalse();
    assertThat(remains(2, 3, 4, 5)).isFalse();
    int[] places = new int[1000];
    places[500] = 2;
    assertThat(remains(places)).isFalse();
  }

  @Test
  void scatteredIndexesAreBits() {
    assertThat(remains(0, 1, 0, 1, 0, 1, 0)).isFalse();
    assertThat(remains(0, 1, 3, 1, 0, 1, 3)).isFalse();
    assertThat(remains(0, 1, 0, 1, 0, 1, 3)).isFalse();
  }

  @Test
  void manyPlacesStay() {
    assertThat(remains(0, 1, 2, 3, 4, 5)).isTrue();
    int[] places = new int[65];
    for (int k = 0; k < places.length; k++) {
      places[k] = k & 1;
    }
    assertThat(remains(places)).isTrue();
  }

  @Test
  void anyTable() {
    Random random = new Random(4);
    int lowered = 0;
    for (int round = 0; round < 2000; round++) {
      int[] places = new int[1 + random.nextInt(68)];
      int kinds = 1 + random.nextInt(5);
      int sticky = 1 + random.nextInt(20);
      for (int k = 0; k < places.length; k++) {
        places[k] = k > 0 && random.nextInt(sticky) > 0 ? places[k - 1] : random.nextInt(kinds);
      }
      lowered += remains(places) ? 0 : 1;
    }
    assertThat(lowered).isBetween(400, 1900);
  }
}
