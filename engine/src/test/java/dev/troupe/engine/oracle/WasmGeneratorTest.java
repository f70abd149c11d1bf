package dev.troupe.engine.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Immediate;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The generator's modules are valid, terminate, and exercise what they are meant to. */
class WasmGeneratorTest {
  private static final int MODULES = 600;

  private final Set<WasmOp> seen = EnumSet.noneOf(WasmOp.class);
  private final Map<TrapKind, Integer> traps = new EnumMap<>(TrapKind.class);
  private int returned;

  @Test
  void modulesAreValidAndTerminate() {
    for (long seed = 0; seed < MODULES; seed++) {
      run(seed);
    }
    // Everything of the instruction set, as the table has it.
    for (WasmOp op : WasmOp.values()) {
      if (WasmFeatures.WASM2.contains(op.feature()) && op.immediate() != Immediate.NONE) {
        assertThat(seen).contains(op);
      }
    }
    int trapped = traps.values().stream().mapToInt(Integer::intValue).sum();
    assertThat(returned).as("returned, traps %s", traps).isGreaterThan(trapped);
    assertThat(traps)
        .containsKeys(
            TrapKind.MEMORY_OUT_OF_BOUNDS,
            TrapKind.INTEGER_DIVIDE_BY_ZERO,
            TrapKind.INTEGER_OVERFLOW,
            TrapKind.INVALID_CONVERSION_TO_INTEGER,
            TrapKind.UNREACHABLE,
            TrapKind.UNDEFINED_ELEMENT);
    assertThat(traps).doesNotContainKey(TrapKind.STACK_OVERFLOW);
  }

  private void run(long seed) {
    byte[] bytes = WasmGenerator.generate(seed, seed % 2 == 0, seed % 3 == 0);
    WasmModule module;
    try {
      module = ModuleDecoder.decode(bytes, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
      ModuleValidator.validate(module, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    } catch (WasmException e) {
      throw new AssertionError("seed " + seed, e);
    }
    collect(module);
    OracleInstance instance =
        OracleInstance.of(new OracleStore(), module, WasmGeneratorTest::hostFunction);
    for (int f = 0; module.export("f" + f) != null; f++) {
      long[] unused = instance.invoke("refuel");
      try {
        unused = instance.invoke("f" + f, new long[instance.typeOf("f" + f).paramCount()]);
        returned++;
      } catch (OracleTrap e) {
        traps.merge(e.kind(), 1, Integer::sum);
      }
    }
  }

  private static Object hostFunction(Import imported) {
    FuncType type = (FuncType) imported.type();
    return new OracleFunction.Host(type, arguments -> new long[type.resultCount()]);
  }

  private void collect(WasmModule module) {
    InstructionReader reader = new InstructionReader(module.bytes(), WasmFeatures.DEFAULT);
    for (FuncBody body : module.bodies()) {
      reader.position(body.codeOffset());
      while (reader.position() < body.end()) {
        seen.add(reader.next());
      }
    }
  }

  @Test
  void theSameSeedGivesTheSameModule() {
    assertThat(WasmGenerator.generate(7, true)).isEqualTo(WasmGenerator.generate(7, true));
    assertThat(WasmGenerator.generate(7, true)).isNotEqualTo(WasmGenerator.generate(8, true));
  }
}
