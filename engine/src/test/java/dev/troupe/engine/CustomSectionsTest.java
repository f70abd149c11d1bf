package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class CustomSectionsTest {
  private static final byte[] MODULE =
      Wat.toBinary(
          "(module $m (@custom \"a\" (before first) \"one\") (func) (@custom \"b\" \"\")"
              + " (@custom \"a\" (after func) \"two\"))");

  @Test
  void areFoundByNameInOrder() {
    assertThat(CustomSections.names(MODULE)).isEqualTo(List.of("a", "a", "b", "name"));
    assertThat(CustomSections.named(MODULE, "a"))
        .extracting(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo(List.of("one", "two"));
    assertThat(CustomSections.named(MODULE, "b")).singleElement().isEqualTo(new byte[0]);
    assertThat(CustomSections.named(MODULE, "c")).isEmpty();
  }

  @Test
  void areCopies() {
    CustomSections.named(MODULE, "a").getFirst()[0] = 'X';
    assertThat(CustomSections.named(MODULE, "a").getFirst()[0]).isEqualTo((byte) 'o');
  }

  @Test
  void aMalformedModuleIsAnError() {
    assertThatThrownBy(() -> CustomSections.names(new byte[] {0, 'a', 's', 'm', 2, 0, 0, 0}))
        .isInstanceOf(MalformedException.class);
  }
}
