package dev.troupe.engine.artifact;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is well formed and of the wrong type is no module, in an artifact either: each of these is
 * decoded, which looks at no types, and then judged as the loader judges it.
 */
class ArtifactTypesTest {
  private static final String TYPES =
      """
      (module
        (type $s (struct (field i32) (field (mut f64))))
        (type $n (struct (field (ref $s))))
        (type $a (array (mut i64)))
        (type $f (func (param i32)))
        (import "m" "g" (global $g i32))
        (import "m" "v" (global $v (mut i32)))
        (func $i (param i32))
        (func $z)
        (table $t 1 (ref null $f))
        (memory 1)
        (global $own i32 (i32.const 1))
        %s)
      """;

  private static void check(String definition) {
    WasmModule module =
        ModuleDecoder.decode(
            Wat.toBinary(TYPES.formatted(definition)), WasmFeatures.WASM3, WasmLimits.DEFAULT);
    ArtifactRules.check(new WireReader(new byte[0], "test"), module);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(global (ref $s) (struct.new $s (i32.const 1) (f64.const 2)))",
        "(global (ref struct) (struct.new_default $s))",
        "(global (ref $n) (struct.new $n (struct.new_default $s)))",
        "(global (ref $a) (array.new $a (i64.const 1) (i32.const 2)))",
        "(global (ref $a) (array.new_default $a (global.get $g)))",
        "(global (ref null $a) (array.new_fixed $a 2 (i64.const 1) (i64.const 2)))",
        "(global i32 (i32.add (global.get $own) (i32.const 2)))",
        "(global i64 (i64.mul (i64.const 3) (i64.const 2)))",
        "(global anyref (any.convert_extern (ref.null extern)))",
        "(global externref (extern.convert_any (ref.i31 (i32.const 5))))",
        "(global funcref (ref.func $i)) (global v128 (v128.const i64x2 1 2))",
        "(elem (table $t) (i32.const 0) (ref $f) (ref.func $i))",
        "(elem (ref null $f) (ref.null nofunc) (ref.func $i)) (elem func $i $z)",
        "(table 3 (ref $f) (ref.func $i))",
        "(data (global.get $g) \"x\") (start $z)"
      })
  void validDefinitionsAreAccepted(String definition) {
    check(definition);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(global (ref $s) (struct.new $s (f64.const 1) (f64.const 2)))",
        "(global (ref $s) (struct.new $s (f64.const 2)))",
        "(global (ref $s) (struct.new_default $n))",
        "(global (ref $n) (struct.new_default $n))",
        "(global (ref $n) (struct.new $n (ref.null $s)))",
        "(global (ref $a) (array.new $a (i32.const 1) (i32.const 2)))",
        "(global (ref $a) (array.new_fixed $a 3 (i64.const 1) (i64.const 2)))",
        "(global (ref $a) (array.new_fixed $a 1 (i64.const 1) (i64.const 2)))",
        "(global (ref $s) (ref.null $s))",
        "(global i32 (global.get $v))",
        "(global i64 (global.get $g))",
        "(global i32 (i32.add (i32.const 1) (i64.const 2)))",
        "(global (ref extern) (extern.convert_any (ref.null any)))",
        "(global (ref $f) (ref.func $z))",
        "(table 3 (ref $f))",
        "(table 3 i31ref (ref.i31 (global.get $own)))",
        "(elem (table $t) (i32.const 0) funcref (ref.func $i))",
        "(elem (table $t) (i64.const 0) (ref $f) (ref.func $i))",
        "(elem (ref $f) (ref.func $z))",
        "(data (i64.const 1) \"x\")",
        "(start $i)"
      })
  void otherTypesAreCorruptions(String definition) {
    assertThatThrownBy(() -> check(definition)).isInstanceOf(ArtifactException.class);
  }

  /** A struct that is shorter than what it extends would be read beyond its end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(type $b (sub $a (struct (field i32))))",
        "(type $b (sub $a (struct (field i32) (field i64))))",
        "(type $b (sub $a (struct (field i32) (field (mut i32)))))",
        "(type $b (sub $c (func (param i64))))"
      })
  void typesFitTheirSupertypes(String extending) {
    String text =
        "(module (type $a (sub (struct (field i32) (field i32))))"
            + " (type $c (sub (func (param i32)))) "
            + extending
            + ")";
    WasmModule module =
        ModuleDecoder.decode(Wat.toBinary(text), WasmFeatures.WASM3, WasmLimits.DEFAULT);
    byte[] encoded = ModuleTypesCodec.encode(module.types());
    assertThatThrownBy(() -> ModuleTypesCodec.decode(encoded))
        .isInstanceOf(ArtifactException.class)
        .hasMessageContaining("does not fit");
  }
}
