package dev.troupe.engine.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.testing.Modules;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Limits, disabled features, and inputs made to be expensive. */
class LimitsTest {
  private static final FuncType NOTHING = new FuncType(List.of(), List.of());
  private static final int I32 = 0x7F;

  private static void load(byte[] bytes, WasmFeatures features) {
    WasmModule module = ModuleDecoder.decode(bytes, features, WasmLimits.DEFAULT);
    ModuleValidator.validate(module, features, WasmLimits.DEFAULT);
  }

  private static void load(byte[] bytes) {
    load(bytes, WasmFeatures.DEFAULT);
  }

  private static byte[] repeated(int times, Consumer<ByteWriter> code, Consumer<ByteWriter> tail) {
    return Modules.withBody(
        NOTHING,
        w -> {
          for (int i = 0; i < times; i++) {
            code.accept(w);
          }
          tail.accept(w);
          w.u8(0x0B);
        });
  }

  @Test
  void nestingIsBounded() {
    int allowed = WasmLimits.DEFAULT.maxNesting() - 1;
    Consumer<ByteWriter> open = w -> w.u8(0x02).u8(0x40);
    load(repeated(allowed, open, w -> ends(w, allowed)));
    assertThatThrownBy(() -> load(repeated(allowed + 1, open, w -> ends(w, allowed + 1))))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageStartingWith("nesting too deep");
  }

  private static void ends(ByteWriter w, int count) {
    for (int i = 0; i < count; i++) {
      w.u8(0x0B);
    }
  }

  @Test
  void operandsAreBounded() {
    assertThatThrownBy(() ->
            load(repeated(WasmLimits.DEFAULT.maxOperands() + 1, w -> w.u8(0x41).u8(0), w -> {})))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageStartingWith("too many operands");
  }

  @Test
  void localsAreBoundedBeforeTheyAreAllocated() {
    int limit = WasmLimits.DEFAULT.maxLocals();
    load(Modules.withBody(NOTHING, List.of(new int[] {limit, I32}), w -> w.u8(0x0B)));
    assertThatThrownBy(() ->
            load(Modules.withBody(NOTHING, List.of(new int[] {limit + 1, I32}), w -> w.u8(0x0B))))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageStartingWith("too many locals");
    FuncType one = new FuncType(List.of(NumType.I32), List.of());
    assertThatThrownBy(
            () -> load(Modules.withBody(one, List.of(new int[] {limit, I32}), w -> w.u8(0x0B))))
        .isInstanceOf(LimitExceededException.class);
  }

  @Test
  void aMillionBranchTargetsOfOneLabelAreCheckedOnce() {
    load(
        repeated(
            1,
            w -> {
              w.u8(0x41).u8(0).u8(0x0E).u32(1_000_000);
              for (int i = 0; i < 1_000_000; i++) {
                w.u8(0);
              }
              w.u8(0);
            },
            w -> {}));
  }

  @Test
  void countsBeyondTheInputAreRejectedBeforeAllocation() {
    for (int section = 1; section <= 11; section++) {
      if (section == 8) {
        continue;
      }
      byte[] bytes =
          new ByteWriter().header().section(section, new ByteWriter().u32(900_000)).toBytes();
      assertThatThrownBy(() -> load(bytes))
          .isInstanceOf(MalformedException.class)
          .hasMessageStartingWith("length out of bounds");
    }
  }

  @Test
  void disabledFeaturesAreNamed() {
    WasmFeatures mvp = WasmFeatures.WASM1;
    byte[] signExtension =
        Modules.withBody(NOTHING, w -> w.u8(0x41).u8(0).u8(0xC0).u8(0x1A).u8(0x0B));
    load(signExtension);
    assertThatThrownBy(() -> load(signExtension, mvp))
        .isInstanceOfSatisfying(
            FeatureDisabledException.class,
            e -> assertThat(e.feature()).isEqualTo(WasmFeature.SIGN_EXTENSION))
        .hasMessageStartingWith("i32.extend8_s: sign-extension feature not enabled");
    byte[] vector =
        Modules.withBody(NOTHING, w -> w.u8(0xFD).u8(12).fixed64(0).fixed64(0).u8(0x1A).u8(0x0B));
    load(vector, WasmFeatures.WASM2);
    assertThatThrownBy(() -> load(vector, WasmFeatures.WASM2_SCALAR))
        .hasMessageStartingWith("v128.const: simd feature not enabled");
    FuncType several = new FuncType(List.of(), List.of(NumType.I32, NumType.I32));
    byte[] results = Modules.withBody(several, w -> w.u8(0x00).u8(0x0B));
    load(results);
    assertThatThrownBy(() -> load(results, mvp))
        .hasMessageStartingWith("several results: multi-value feature not enabled");
  }

  /** What 3.0 has replaced is off unless it is asked for. */
  @Test
  void legacyExceptionsAreOff() {
    byte[] rethrow = Modules.withBody(NOTHING, w -> w.u8(0x00).u8(0x09).u8(0).u8(0x0B));
    assertThatThrownBy(() -> load(rethrow, WasmFeatures.DEFAULT))
        .isInstanceOf(FeatureDisabledException.class)
        .hasMessageStartingWith("rethrow: legacy-exceptions feature not enabled");
  }

  @Test
  void aMalformedBodyComesBeforeAnInvalidOne() {
    ByteWriter out = new ByteWriter().header();
    out.section(1, new ByteWriter().u32(1).u8(0x60).u8(0).u8(0));
    out.section(3, new ByteWriter().u32(2).u8(0).u8(0));
    ByteWriter invalid = new ByteWriter().u8(0).u8(0x1A).u8(0x0B);
    ByteWriter malformed = new ByteWriter().u8(0).u8(0xFF).u8(0x0B);
    byte[] both =
        out.section(10, new ByteWriter().u32(2).sized(invalid).sized(malformed)).toBytes();
    assertThatThrownBy(() -> load(both))
        .isInstanceOf(MalformedException.class)
        .hasMessageStartingWith("illegal opcode ff");
    WasmModule module = ModuleDecoder.decode(both, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    ModuleValidator validator =
        ModuleValidator.check(module, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    assertThatThrownBy(() -> validator.functionValidator().validate(0))
        .isInstanceOfSatisfying(
            InvalidException.class,
            e -> assertThat(validator.refine(e)).isInstanceOf(MalformedException.class));
  }
}
