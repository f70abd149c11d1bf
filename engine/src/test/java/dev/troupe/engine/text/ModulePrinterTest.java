package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.NameSection;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import org.junit.jupiter.api.Test;

class ModulePrinterTest {
  private static String print(String text) {
    return Wat.print(
        ModuleDecoder.decode(Wat.toBinary(text), WasmFeatures.WASM3, WasmLimits.DEFAULT));
  }

  @Test
  void printsEveryKindOfField() {
    assertThat(
            print(
                """
                (module $m
                  (import "env" "f\\c3\\a9\\22" (func $imp (param $a i32)))
                  (table $t 2 4 funcref)
                  (memory (export "mem") 1 2)
                  (global $g (mut f32) (f32.const -0x1p-3))
                  (elem $e (table $t) (offset (i32.const 1)) func $run)
                  (data $d (i32.const 8) "a\\00\\"")
                  (data "passive")
                  (func $run (export "run") (param $x i32) (result i32) (local $l i64) (local f64)
                    (block $out (result i32)
                      (if (local.get $x) (then (br 1 (i32.const 7))))
                      (call_indirect (param i32) (i32.const 3) (i32.const 0))
                      (i32.load8_u offset=4 (i32.const 0))))
                  (@custom "note" (after code) "hi"))
                """))
        .isEqualTo(
            """
            (module $m
              (type (;0;) (func (param i32)))
              (type (;1;) (func (param i32) (result i32)))
              (import "env" "f\\c3\\a9\\22" (func $imp (;0;) (type 0) (param $a i32)))
              (table $t (;0;) 2 4 funcref)
              (memory (;0;) 1 2)
              (global $g (;0;) (mut f32) f32.const -0.125)
              (export "mem" (memory 0))
              (export "run" (func 1))
              (elem $e (;0;) (table $t) (offset i32.const 1) func $run)
              (func $run (;1;) (type 1) (param $x i32) (result i32) (local $l i64) (local f64)
                block $out (result i32)
                  local.get $x
                  if
                    i32.const 7
                    br $out
                  end
                  i32.const 3
                  i32.const 0
                  call_indirect (type 0)
                  i32.const 0
                  i32.load8_u offset=4
                end)
              (data $d (;0;) (memory 0) (offset i32.const 8) "a\\00\\22")
              (data (;1;) "passive")
              (@custom "note" (after code) "hi"))
            """);
  }

  @Test
  void namesThatIdentifyNothingArePrintedAsNumbers() {
    String printed = print("(func $\"a b\") (func (call $\"a b\"))");
    assertThat(printed).contains("(func $\"a b\" (;0;)").contains("call $\"a b\"");
  }

  @Test
  void namesThatTwoThingsShareAreAnnotations() {
    String text = "(func (@name \"f\")) (func (@name \"f\")) (func (@name \"\")) (func $g)";
    byte[] binary = Wat.toBinary(text);
    String printed = print(text);
    assertThat(printed).contains("(func (@name \"f\") (;1;)").contains("(func $g (;3;)");
    assertThat(Wat.toBinary(printed)).isEqualTo(binary);
  }

  @Test
  void thereIsAnEndToTheText() {
    // A few bytes for each function with tens of thousands of locals.
    StringBuilder functions = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      functions.append("(func (local ").append("i32 ".repeat(40_000)).append("))");
    }
    WasmModule module =
        ModuleDecoder.decode(
            Wat.toBinary(functions.toString()), WasmFeatures.WASM3, WasmLimits.DEFAULT);
    StringBuilder out = new StringBuilder();
    assertThatThrownBy(() -> Wat.print(module, out, 2_000_000))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("characters of text");
    assertThat(out.length()).isBetween(1_000_000, 2_000_000);
  }

  @Test
  void typesKeepTheirGroups() {
    String text =
        """
        (module
          (type (;0;) (sub (func (param i32))))
          (rec
            (type $node (;1;) (sub (struct (field $next (mut (ref null 1))) (field i8))))
            (type (;2;) (sub final $node (struct (field (mut (ref null 1))) (field i8) (field (ref 3)))))
            (type (;3;) (array (mut i16))))
          (type (;4;) (func (result anyref)))
          (table (;0;) 2 (ref i31) i32.const 7 ref.i31)
          (func (;0;) (type 4) (result anyref)
            i32.const 3
            array.new_default 3
            br_on_cast 0 arrayref (ref 3)
            array.len
            drop
            ref.null none))
        """;
    assertThat(print(text)).isEqualTo(text);
  }

  /** A label is used by name unless another one of that name is nearer. */
  @Test
  void labelsKeepTheirNames() {
    String text =
        """
        (module
          (type (;0;) (func (param i32)))
          (tag (;0;) (type 0) (param i32))
          (func (;0;) (type 0) (param $p i32)
            block $out
              loop $l
                block $out
                  br 2
                  br $out
                  local.get 0
                  br_table $out 2 $l 3
                end
                local.get 0
                if $"a b"
                  br $"a b"
                else
                  br $out
                end
                block $c (result i32)
                  try_table $t (catch 0 $c) (catch_all $l)
                    br $t
                  end
                  unreachable
                end
                drop
                block (@name "")
                  br 0
                end
              end
            end))
        """;
    WasmModule module =
        ModuleDecoder.decode(Wat.toBinary(text), WasmFeatures.WASM3, WasmLimits.DEFAULT);
    NameSection names = module.names();
    assertThat(names.name(NameSection.Subject.LABEL, 0, 0)).isEqualTo("out");
    assertThat(names.name(NameSection.Subject.LABEL, 0, 2)).isEqualTo("out");
    assertThat(names.name(NameSection.Subject.LABEL, 0, 3)).isEqualTo("a b");
    assertThat(names.name(NameSection.Subject.LABEL, 0, 5)).isEqualTo("t");
    assertThat(names.name(NameSection.Subject.LABEL, 0, 6)).isEmpty();
    String printed = Wat.print(module);
    assertThat(printed).isEqualTo(text.replace("local.get 0", "local.get $p"));
    assertThat(Wat.toBinary(printed)).isEqualTo(module.bytes());
  }

  /** Blocks that the text nests are numbered as the binary has them. */
  @Test
  void foldedBlocksAreNumberedInTheOrderOfTheBinary() {
    String text =
        """
        (func (param i32)
          (if $second (block $first (result i32) (local.get 0))
            (then (loop $third (br_if $third (block $fourth (result i32) (local.get 0)))))))
        """;
    assertThat(print(text))
        .containsSubsequence(
            "block $first", "if $second", "loop $third", "block $fourth", "br_if $third");
    assertThat(print(print(text))).isEqualTo(print(text));
  }

  /** Annotations name what has no identifier, or share one name. */
  @Test
  void annotationsNameParametersLocalsAndLabels() {
    String text =
        """
        (module
          (func (param (@name "same") i32) (param $x (@name "y") i32)
            (local (@name "same") i64) (local f64)
            (block $b (@name "shown") (br $b))))
        """;
    String printed = print(text);
    assertThat(printed)
        .contains(
            "(param (@name \"same\") i32) (param $y i32)",
            "(local (@name \"same\") i64) (local f64)",
            "block $shown",
            "br $shown");
    assertThat(print(printed)).isEqualTo(printed);
  }

  /** A module whose names are nonsense is printed all the same. */
  @Test
  void endsThatCloseNothingAndLabelsOfNothingPrint() {
    ByteWriter body = new ByteWriter();
    body.u8(0).u8(0x0B).u8(0x0B).u8(0x0C).u8(0xFF).u8(0xFF).u8(0xFF).u8(0xFF).u8(0x0F).u8(0x0B);
    ByteWriter module =
        new ByteWriter()
            .header()
            .section(1, new ByteWriter().u8(1).u8(0x60).u8(0).u8(0))
            .section(3, new ByteWriter().u8(1).u8(0))
            .section(10, new ByteWriter().u8(1).sized(body));
    WasmModule decoded =
        ModuleDecoder.decode(module.toBytes(), WasmFeatures.WASM3, WasmLimits.DEFAULT);
    assertThat(Wat.print(decoded)).contains("br 4294967295");
  }
}
