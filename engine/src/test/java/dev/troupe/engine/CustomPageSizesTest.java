package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmFeatures;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memories that end at any byte: no page of the processor guards the end. */
class CustomPageSizesTest {
  private static final String MODULE =
      """
      (module
        (memory (export "m") 10 5000 (pagesize 1))
        (memory $wide i64 3 (pagesize 1))
        (data (i32.const 2) "abcdefgh")
        (func (export "load") (param i64) (result i64) (i64.load (i32.wrap_i64 (local.get 0))))
        (func (export "offset") (param i64) (result i64)
          (i64.load offset=2 (i32.wrap_i64 (local.get 0))))
        (func (export "inside") (param i64) (result i64) (i64.load (i32.const 2)))
        (func (export "outside") (param i64) (result i64) (i64.load (i32.const 3)))
        (func (export "fill") (param i64) (result i64)
          (memory.fill (i32.const 1) (i32.const 9) (i32.wrap_i64 (local.get 0))) (local.get 0))
        (func (export "byte") (param i64) (result i64) (i64.load8_u $wide (local.get 0)))
        (func (export "grow") (param i64) (result i64)
          (i64.extend_i32_s (memory.grow (i32.wrap_i64 (local.get 0)))))
        (func (export "size") (param i64) (result i64) (i64.extend_i32_u (memory.size))))
      """;

  private static long call(Instance instance, String name, long argument) {
    return instance.func(name).call(List.of(Value.i64(argument))).getFirst().asI64();
  }

  private static void outOfBounds(Instance instance, String name, long... arguments) {
    for (long argument : arguments) {
      assertThatThrownBy(() -> call(instance, name, argument))
          .as("%s %s of %s", name, argument, Arrays.toString(arguments))
          .isInstanceOf(TrapException.class)
          .hasMessageStartingWith("out of bounds memory access");
    }
  }

  @ParameterizedTest
  @EnumSource(TrapMode.class)
  void theLastByteIsTheLast(TrapMode traps) {
    WasmFeatures features = WasmFeatures.DEFAULT.with(WasmFeature.CUSTOM_PAGE_SIZES);
    EngineConfig config = EngineConfig.builder().features(features).traps(traps).build();
    try (Engine engine = Engine.create(config);
        Store<Object> store = Store.create(engine, new Object());
        Module module = Module.fromBinary(engine, Wat.toBinary(MODULE))) {
      assertThat(module.initialMemoryBytes()).isEqualTo(13);
      Instance instance = Linker.<Object>create(engine).instantiate(store, module);
      long text = 0x68676665_64636261L;
      assertThat(call(instance, "load", 2)).isEqualTo(text);
      assertThat(call(instance, "offset", 0)).isEqualTo(text);
      assertThat(call(instance, "inside", 0)).isEqualTo(text);
      outOfBounds(instance, "load", 3, 9, 10, 4096, 65_528, -1, -8);
      outOfBounds(instance, "offset", 1, 8, -2, -1);
      outOfBounds(instance, "outside", 0);
      outOfBounds(instance, "fill", 10, -1);
      assertThat(call(instance, "byte", 2)).isZero();
      outOfBounds(instance, "byte", 3, 65_535, 1L << 32, 1L << 40, -1);
      assertThat(call(instance, "fill", 9)).isEqualTo(9);

      Memory memory = instance.memory("m");
      assertThat(memory.byteLength()).isEqualTo(10);
      assertThat(memory.getByte(9)).isEqualTo((byte) 9);
      assertThatThrownBy(() -> memory.getByte(10)).isInstanceOf(IndexOutOfBoundsException.class);

      assertThat(call(instance, "grow", 4985)).isEqualTo(10);
      assertThat(call(instance, "size", 0)).isEqualTo(4995);
      assertThat(memory.pages()).isEqualTo(4995);
      assertThat(call(instance, "load", 4987)).isZero();
      outOfBounds(instance, "load", 4988);
      assertThat(call(instance, "grow", 6)).isEqualTo(-1);
      assertThat(memory.grow(5)).isEqualTo(4995);
      assertThat(call(instance, "size", 0)).isEqualTo(5000);
      assertThat(call(instance, "grow", 1)).isEqualTo(-1);
    }
  }
}
