package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import org.junit.jupiter.api.Test;

/** Which data segments go into images. */
class HeapImagesTest {
  private static HeapImages.Result build(String fields) {
    byte[] wasm = Wat.toBinary("(module " + fields + ")");
    WasmModule module = ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    return HeapImages.build(module);
  }

  @Test
  void laterSegmentsOverwriteEarlierOnes() {
    HeapImages.Result result =
        build(
            "(memory 1) (data (i32.const 5000) \"abcd\") (data \"passive\")"
                + " (data (i32.const 5002) \"XY\")");
    assertThat(result.segmentsInImages()).containsExactly(true, false, true);
    HeapImages.Image image = result.images().getFirst();
    assertThat(image.offsetBytes()).isEqualTo(4096);
    assertThat(image.bytes()).hasSize(4096);
    assertThat(
            new String(image.bytes(), 5000 - 4096, 4, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("abXY");
  }

  @Test
  void nothingBehindASegmentThatMayTrapIsPrepared() {
    HeapImages.Result result =
        build(
            "(memory 1) (data (i32.const 0) \"a\") (data (i32.const 65536) \"b\")"
                + " (data (i32.const 8) \"c\")");
    assertThat(result.segmentsInImages()).containsExactly(true, false, false);
    assertThat(result.images()).hasSize(1);
  }

  @Test
  void offsetsFromGlobalsAndImportedMemoriesAreLeftToInstantiation() {
    assertThat(
            build("(import \"m\" \"g\" (global i32)) (memory 1)" + " (data (global.get 0) \"a\")")
                .images())
        .isEmpty();
    assertThat(build("(import \"m\" \"m\" (memory 1)) (data (i32.const 0) \"a\")").images())
        .isEmpty();
  }

  @Test
  void sparseDataOverMuchMemoryIsNotPrepared() {
    String far = "(data (i32.const 100000000) \"z\")";
    assertThat(build("(memory 2000) (data (i32.const 0) \"a\") " + far).images()).isEmpty();
    HeapImages.Result near =
        build("(memory 2000) (data (i32.const 0) \"a\") (data (i32.const 9000000) \"z\")");
    assertThat(near.images()).hasSize(1);
  }

  @Test
  void emptySegmentsAtTheVeryEndAreFine() {
    HeapImages.Result result = build("(memory 1) (data (i32.const 65536) \"\")");
    assertThat(result.images()).isEmpty();
    assertThat(result.segmentsInImages()).containsExactly(false);
  }
}
