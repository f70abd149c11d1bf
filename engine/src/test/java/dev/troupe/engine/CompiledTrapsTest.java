package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of trap is told exactly, with the byte offset of the instruction that trapped. */
class CompiledTrapsTest {
  /** What traps, by which instruction, and the kind. */
  private record Case(String name, String op, TrapKind kind, String body) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Case> CASES =
      List.of(
          of("load", "i32.load", TrapKind.MEMORY_OUT_OF_BOUNDS, "(i32.load (i32.const 65533))"),
          of(
              "far",
              "i32.load",
              TrapKind.MEMORY_OUT_OF_BOUNDS,
              "(i32.load offset=4294967295 (i32.const -1))"),
          of(
              "store",
              "i64.store",
              TrapKind.MEMORY_OUT_OF_BOUNDS,
              "(i64.store (i32.const 65529) (i64.const 1)) (i32.const 0)"),
          of(
              "fill",
              "memory.fill",
              TrapKind.MEMORY_OUT_OF_BOUNDS,
              "(memory.fill (i32.const 65530) (i32.const 1) (i32.const 7)) (i32.const 0)"),
          of(
              "copy",
              "memory.copy",
              TrapKind.MEMORY_OUT_OF_BOUNDS,
              "(memory.copy (i32.const 0) (i32.const 65530) (i32.const 7)) (i32.const 0)"),
          of(
              "init",
              "memory.init",
              TrapKind.MEMORY_OUT_OF_BOUNDS,
              "(memory.init $d (i32.const 0) (i32.const 1) (i32.const 3)) (i32.const 0)"),
          of(
              "get",
              "table.get",
              TrapKind.TABLE_OUT_OF_BOUNDS,
              "(ref.is_null (table.get $t (i32.const 4)))"),
          of(
              "tableinit",
              "table.init",
              TrapKind.TABLE_OUT_OF_BOUNDS,
              "(table.init $t $e (i32.const 3) (i32.const 0) (i32.const 2)) (i32.const 0)"),
          of(
              "undefined",
              "call_indirect",
              TrapKind.UNDEFINED_ELEMENT,
              "(call_indirect $t (type $v) (i32.const 4)) (i32.const 0)"),
          of(
              "null",
              "call_indirect",
              TrapKind.UNINITIALIZED_ELEMENT,
              "(call_indirect $t (type $v) (i32.const 2)) (i32.const 0)"),
          of(
              "type",
              "call_indirect",
              TrapKind.INDIRECT_CALL_TYPE_MISMATCH,
              "(call_indirect $t (type $v) (i32.const 1)) (i32.const 0)"),
          of(
              "div",
              "i32.div_s",
              TrapKind.INTEGER_DIVIDE_BY_ZERO,
              "(i32.div_s (i32.const 1) (local.get 0))"),
          of(
              "rem64",
              "i64.rem_u",
              TrapKind.INTEGER_DIVIDE_BY_ZERO,
              "(i32.wrap_i64 (i64.rem_u (i64.const 1) (i64.extend_i32_u (local.get 0))))"),
          of(
              "overflow",
              "i32.div_s",
              TrapKind.INTEGER_OVERFLOW,
              "(i32.div_s (i32.const 0x80000000) (i32.sub (local.get 0) (i32.const 1)))"),
          of(
              "trunc",
              "i32.trunc_f32_s",
              TrapKind.INTEGER_OVERFLOW,
              "(i32.trunc_f32_s (f32.mul (f32.const 3e9) (f32.convert_i32_s (i32.add (local.get 0)"
                  + " (i32.const 1)))))"),
          of(
              "nan",
              "i32.trunc_f64_u",
              TrapKind.INVALID_CONVERSION_TO_INTEGER,
              "(i32.trunc_f64_u (f64.div (f64.convert_i32_s (local.get 0)) (f64.const 0)))"),
          of("unreachable", "unreachable", TrapKind.UNREACHABLE, "(unreachable)"));

  private static Case of(String name, String op, TrapKind kind, String body) {
    return new Case(name, op, kind, body);
  }

  static Stream<Arguments> cases() {
    return Stream.of(TrapMode.values())
        .flatMap(mode -> CASES.stream().map(oneCase -> Arguments.of(mode, oneCase)));
  }

  private static String module(Case trap) {
    return "(module (type $v (func)) (memory 1) (data $d \"abc\") (table $t 4 funcref)"
        + " (elem (table $t) (i32.const 1) func $inner) (elem $e func $inner $inner)"
        + " (func $inner (param i32) (result i32) "
        + trap.body()
        + ")"
        + " (func $outer (export \"run\") (param i32) (result i32)"
        + " (i32.add (i32.const 1) (call $inner (local.get 0)))))";
  }

  /** Byte offset of the first instruction of this name in function {@code function}. */
  private static int offsetOf(WasmModule module, int function, String mnemonic) {
    FuncBody body = module.body(function);
    InstructionReader reader = new InstructionReader(module.bytes(), WasmFeatures.DEFAULT);
    reader.position(body.codeOffset());
    while (reader.position() < body.end()) {
      WasmOp op = reader.next();
      if (op.mnemonic().equals(mnemonic)) {
        return reader.offset();
      }
    }
    throw new AssertionError("no " + mnemonic);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void trapsExactly(TrapMode mode, Case trap) {
    byte[] binary = Wat.toBinary(module(trap));
    WasmModule decoded = ModuleDecoder.decode(binary, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    EngineConfig config = EngineConfig.builder().traps(mode).build();
    try (Engine engine = Engine.create(config);
        Module module = Module.fromBinary(engine, binary);
        Store<Integer> store = Store.create(engine, 0)) {
      Func run = Linker.<Integer>create(engine).instantiate(store, module).func("run");
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> run.call(Value.i32(0)))
            .isInstanceOfSatisfying(
                TrapException.class,
                e -> {
                  assertThat(e.kind()).isEqualTo(trap.kind());
                  assertThat(e.frames()).hasSize(2);
                  assertThat(e.frames().get(0).function()).isEqualTo("inner");
                  assertThat(e.frames().get(0).wasmOffset())
                      .isEqualTo(offsetOf(decoded, 0, trap.op()));
                  assertThat(e.frames().get(1).function()).isEqualTo("outer");
                  assertThat(e.frames().get(1).wasmOffset())
                      .isEqualTo(offsetOf(decoded, 1, "call"));
                })
            .hasMessageStartingWith(trap.kind().message());
      }
      assertThat(store.isPoisoned()).isFalse();
    }
  }
}
