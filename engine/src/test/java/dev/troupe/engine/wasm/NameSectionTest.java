package dev.troupe.engine.wasm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.testing.ByteWriter;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class NameSectionTest {
  private static byte[] section() {
    ByteWriter module = new ByteWriter().name("pkg");
    ByteWriter functions = new ByteWriter().u32(2).u32(0).name("first").u32(300).name("later");
    ByteWriter locals =
        new ByteWriter().u32(1).u32(300).u32(2).u32(0).name("x").u32(1).name("größe");
    ByteWriter unknown = new ByteWriter().u8(1).u8(2).u8(3);
    ByteWriter globals = new ByteWriter().u32(1).u32(7).name("stack_pointer");
    return new ByteWriter()
        .section(0, module)
        .section(1, functions)
        .section(2, locals)
        .section(99, unknown)
        .section(7, globals)
        .toBytes();
  }

  @Test
  void namesAreFoundBySubjectAndIndex() {
    byte[] bytes = section();
    NameSection names = NameSection.parse(bytes, 0, bytes.length);
    assertThat(names.module()).isEqualTo("pkg");
    assertThat(names.function(0)).isEqualTo("first");
    assertThat(names.function(300)).isEqualTo("later");
    assertThat(names.function(1)).isNull();
    assertThat(names.local(300, 1)).isEqualTo("größe");
    assertThat(names.local(0, 1)).isNull();
    assertThat(names.name(NameSection.Subject.GLOBAL, 7)).isEqualTo("stack_pointer");
  }

  @Test
  void whatStandsBeforeTheDamageIsKept() {
    byte[] bytes = section();
    for (int length = 0; length <= bytes.length; length++) {
      NameSection names = NameSection.parse(bytes, 0, length);
      if (length >= 25) {
        assertThat(names.module()).isEqualTo("pkg");
        assertThat(names.function(0)).isEqualTo("first");
      }
    }
  }

  @Test
  void noDamageThrows() {
    SplittableRandom random = new SplittableRandom(0x5EED_0002L);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = section();
      for (int i = 0; i < 3; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertThat(NameSection.parse(bytes, 0, bytes.length)).isNotNull();
    }
  }

  @Test
  void aModuleWithoutTheSectionHasNoNames() {
    assertThat(NameSection.EMPTY.module()).isNull();
    assertThat(NameSection.EMPTY.function(0)).isNull();
  }
}
