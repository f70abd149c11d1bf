package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatTest {
  @Test
  void encodesTheSmallestModule() {
    assertThat(Wat.toBinary("(module)")).isEqualTo(HexFormat.of().parseHex("0061736d01000000"));
    assertThat(Wat.toBinary("")).isEqualTo(HexFormat.of().parseHex("0061736d01000000"));
  }

  @Test
  void encodesAFoldedFunction() {
    byte[] binary =
        Wat.toBinary("(func (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))");
    assertThat(HexFormat.of().formatHex(binary))
        .isEqualTo(
            "0061736d01000000" + "01070160027f7f017f" + "03020100" + "0a09010700200020016a0b");
  }

  @Test
  void foldedAndFlatInstructionsEncodeAlike() {
    String folded =
        """
        (func (param $n i32) (result i32)
          (block $out (result i32)
            (loop $again
              (if (i32.eqz (local.get $n)) (then (br $out (i32.const 7))) (else (nop)))
              (local.set $n (i32.sub (local.get $n) (i32.const 1)))
              (br $again))
            (unreachable)))
        """;
    String flat =
        """
        (func (param $n i32) (result i32)
          block $out (result i32)
            loop $again
              local.get $n
              i32.eqz
              if
                i32.const 7
                br $out
              else
                nop
              end
              local.get $n
              i32.const 1
              i32.sub
              local.set $n
              br $again
            end $again
            unreachable
          end $out)
        """;
    assertThat(Wat.toBinary(folded)).isEqualTo(Wat.toBinary(flat));
  }

  @Test
  void keepsIdentifiersInTheNameSection() {
    WasmModule module =
        decode("(module $m (func $f (param $p i32) (local $l i64)) (global $g i32 (i32.const 1)))");
    assertThat(module.names().module()).isEqualTo("m");
    assertThat(module.names().function(0)).isEqualTo("f");
    assertThat(module.names().local(0, 0)).isEqualTo("p");
    assertThat(module.names().local(0, 1)).isEqualTo("l");
  }

  @Test
  void addsInlineTypesBehindWrittenOnesInOrderOfUse() {
    WasmModule module =
        decode(
            """
            (func $f (result f64) (f64.const 0))
            (func $g (param i32))
            (type $t (func (param i32)))
            (func $h (param i64) (block (param i64) (result i64)))
            """);
    assertThat(module.types().asList()).hasSize(4);
    assertThat(module.functionTypeIndex(0)).isEqualTo(1);
    assertThat(module.functionTypeIndex(1)).isZero();
    assertThat(module.functionTypeIndex(2)).isEqualTo(2);
  }

  @Test
  void customAnnotationsBecomeSections() {
    WasmModule module =
        decode(
            """
            (module (@name "shown")
              (@custom "first" (before first) "a")
              (func $f (@name "g"))
              (@custom "last" "b" "\\00"))
            """);
    assertThat(module.names().module()).isEqualTo("shown");
    assertThat(module.names().function(0)).isEqualTo("g");
    assertThat(module.customSections()).extracting(s -> s.name()).startsWith("first", "last");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          (func (i32.konst 1))            | unknown operator i32.konst at 1:8
          (func (drop (local.get $x)))    | unknown local $x at 1:24
          (func br $x)                    | unknown label $x at 1:10
          (func (param $x i32 i32))       | unexpected token i32 at 1:21
          (func $f) (func $f)             | duplicate func $f at 1:17
          (func) (import "" "" (func))    | import after function at 1:9
          (func                           | unexpected token: end of text at 1:6
          (func))                         | unexpected token ) at 1:7
          (; (; ;)                        | unclosed comment at 1:1
          (memory 1 (data))               | unexpected token ( at 1:11
          (func (i32.load align=3))       | alignment must be a power of two at 1:17
          (func (i32.const 4294967296))   | constant out of range 4294967296 at 1:18
          (export "\\ff" (func 0))        | malformed UTF-8 encoding at 1:9
          (data "\\u{d800}")              | illegal escape at 1:7
          (start 0) (start 0)             | multiple start sections at 1:12
          (func (result i32) i32.const 1é)| illegal character at 1:31
          """)
  void errorsStartWithTheSpecificationsWordsAndEndWithThePosition(String text, String message) {
    assertThatThrownBy(() -> Wat.toBinary(text))
        .isInstanceOf(WatException.class)
        .isInstanceOf(MalformedException.class)
        .hasMessage(message);
  }

  @Test
  void positionsCountLinesAndCharacters() {
    WatException e =
        catchThrowableOfType(
            WatException.class, () -> Wat.toBinary("(func\r\n;; é\r  (; ü ;) (nop) oops)"));
    assertThat(e.line()).isEqualTo(3);
    assertThat(e.column()).isEqualTo(17);
  }

  @Test
  void deepNestingIsAnErrorNotAStackOverflow() {
    int depth = 1_000_000;
    String folded = "(func " + "(drop ".repeat(depth) + ")".repeat(depth) + ")";
    assertThatThrownBy(() -> Wat.toBinary(folded))
        .isInstanceOf(WatException.class)
        .hasMessageStartingWith("instructions nest deeper than");
    String flat = "(func " + "block ".repeat(depth) + "end ".repeat(depth) + ")";
    assertThatThrownBy(() -> Wat.toBinary(flat))
        .isInstanceOf(WatException.class)
        .hasMessageStartingWith("instructions nest deeper than");
    assertThatThrownBy(() -> Wat.toBinary("(".repeat(depth))).isInstanceOf(WatException.class);
    assertThatThrownBy(() -> Wat.toBinary("(;".repeat(depth))).isInstanceOf(WatException.class);
    assertThatThrownBy(() -> Wat.toBinary("(@a ".repeat(depth))).isInstanceOf(WatException.class);
  }

  @Test
  void largeInputsOfEveryShapeStayLinear() {
    int count = 200_000;
    // Each of these takes minutes if some step is quadratic.
    assertThat(Wat.toBinary("(memory (data \"" + "\\00".repeat(count * 10) + "\"))")).isNotEmpty();
    assertThat(Wat.toBinary("(func (local " + "i32 i64 ".repeat(count) + "))")).isNotEmpty();
    assertThat(Wat.toBinary("(func)".repeat(count))).isNotEmpty();
    int depth = ExpressionParser.NESTING_MAX - 1;
    String labels = "(func " + "(block $l ".repeat(depth) + "(br $l)" + ")".repeat(depth) + ")";
    assertThat(Wat.toBinary(labels)).isNotEmpty();
    String operands =
        "(func (drop " + "(i32.eqz ".repeat(depth - 1) + "(i32.const 1)" + ")".repeat(depth) + ")";
    assertThat(Wat.toBinary(operands)).isNotEmpty();
  }

  private static WasmModule decode(String text) {
    return ModuleDecoder.decode(Wat.toBinary(text), WasmFeatures.WASM2_SCALAR, WasmLimits.DEFAULT);
  }
}
