package dev.troupe.engine.validate;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import org.junit.jupiter.api.Test;

/**
 * A local whose type has no default is read only where every way sets it: code behind the checks of
 * a reference relies on it not being null.
 */
class InitializedLocalsTest {
  private static final WasmFeatures FEATURES =
      WasmFeatures.DEFAULT.with(WasmFeature.LEGACY_EXCEPTIONS);

  private static void validate(String body) {
    String text =
        "(module (type $s (struct (field i32))) (tag $e)"
            + " (func $may) (func (result i32) (local $r (ref $s)) "
            + body
            + " (struct.get $s 0 (local.get $r))))";
    WasmModule module = ModuleDecoder.decode(Wat.toBinary(text), FEATURES, WasmLimits.DEFAULT);
    ModuleValidator.validate(module, FEATURES, WasmLimits.DEFAULT);
  }

  private static void assertUninitialized(String body) {
    assertThatThrownBy(() -> validate(body))
        .isInstanceOf(InvalidException.class)
        .hasMessageContaining("uninitialized local");
  }

  private static final String SET = "(local.set $r (struct.new_default $s)) ";
  private static final String USE = "(drop (struct.get $s 0 (local.get $r))) ";

  @Test
  void whatABlockSetsIsKnownInsideOnly() {
    validate(SET);
    validate(SET + "block " + USE + "end");
    assertUninitialized("block " + SET + "end");
    assertUninitialized("i32.const 0 if " + SET + "else " + SET + "end");
    assertUninitialized("block try_table (catch_all 0) call $may " + SET + "end end");
  }

  @Test
  void aLegacyCatchKnowsNothingOfItsTry() {
    validate(SET + "try call $may catch $e " + USE + "catch_all " + USE + "end");
    assertUninitialized("try " + SET + "call $may catch $e " + USE + "end " + SET);
    assertUninitialized("try " + SET + "call $may catch_all " + USE + "end " + SET);
    assertUninitialized("try call $may catch $e " + SET + "catch_all " + USE + "end " + SET);
    assertUninitialized("try " + SET + "call $may catch_all " + SET + "end");
  }

  @Test
  void nothingIsKnownBehindADelegate() {
    validate("try " + SET + USE + "call $may delegate 0 " + SET);
    assertUninitialized("try " + SET + "call $may delegate 0");
    assertUninitialized("block try " + SET + "call $may delegate 0 " + USE + "end " + SET);
  }
}
