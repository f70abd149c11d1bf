package dev.troupe.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Instance;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Memory;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.Value;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleMemory;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.VectorOp;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Immediate;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmOp;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every instruction on vectors, compiled for processors with more and with less, against the
 * interpreter, on vectors of interesting lanes. Operands come from memory directly or through a
 * call; shifts and shuffles with constants of all kinds.
 */
class VectorOperationsTest {
  private static final int CASES = 400;
  private static final int CASE_BYTES = 64;
  private static final int RESULT = 48;
  private static final long[] INTERESTING = {
    0,
    1,
    -1,
    2,
    7,
    8,
    15,
    16,
    31,
    32,
    63,
    64,
    127,
    128,
    -128,
    -127,
    255,
    256,
    32767,
    32768,
    -32768,
    65535,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    Long.MAX_VALUE,
    Long.MIN_VALUE
  };
  private static final double[] FLOATS = {
    0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -2.5,
    3.7,
    2147483647.0,
    2147483648.0,
    -2147483648.0,
    -2147483649.0,
    4294967295.0,
    4294967296.0,
    4294965248.0,
    1e-40,
    1e-310,
    1e30,
    -1e300,
    Double.MAX_VALUE,
    Float.MAX_VALUE,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  private record Setting(String name, Set<IsaFeature> isa, boolean optimize) {}

  /** A function of the test module: what it computes, and the width of lanes that may be NaN. */
  private record Case(String name, int nanBytes) {}

  private final StringBuilder wat = new StringBuilder("(module (memory (export \"m\") 1)\n");
  private final List<Case> functions = new ArrayList<>();

  @TestFactory
  Stream<DynamicTest> everyInstruction() {
    Set<IsaFeature> avx2 = EnumSet.of(IsaFeature.AVX, IsaFeature.AVX2, IsaFeature.FMA);
    write();
    byte[] wasm = Wat.toBinary(wat.append(')').toString());
    byte[] inputs = inputs();
    List<byte[]> expected = expected(wasm, inputs);
    return Stream.of(
            new Setting("SSE", IsaFeature.none(), true),
            new Setting("SSE, through calls", IsaFeature.none(), false),
            new Setting("AVX", EnumSet.of(IsaFeature.AVX), true),
            new Setting("AVX2", avx2, true),
            new Setting("AVX2, through calls", avx2, false),
            new Setting("all of this processor", Set.of(), true))
        .map(setting ->
            DynamicTest.dynamicTest(
                setting.name(), () -> compare(setting, wasm, inputs, expected)));
  }

  // ---- the module

  private void write() {
    for (VectorOp row : VectorOp.values()) {
      WasmOp op = WasmOp.valueOf(row.name());
      int nanBytes = row.makesNan() ? row.laneBytes() : 0;
      if (op.immediate() == Immediate.LANE) {
        for (int lane = 0; lane < row.lanes(); lane++) {
          function(op, " " + lane, nanBytes);
        }
      } else {
        function(op, "", nanBytes);
      }
      if (row.op() == SsaOp.VSHIFT) {
        for (int amount : new int[] {0, 1, 3, 7, 8, 15, 31, 33, 63, 64, -1}) {
          String first = "(v128.load (local.get $p))";
          String constant = "(i32.const " + amount + ")";
          String text = "(" + op.mnemonic() + " " + first + " " + constant + ")";
          body(op.mnemonic() + " " + amount, "v128", text, 0);
        }
      }
    }
    SplittableRandom random = new SplittableRandom(7);
    for (int k = 0; k < 300; k++) {
      shuffle(k, random);
    }
    for (WasmOp op : WasmOp.values()) {
      if (op.mnemonic().startsWith("v128.load") && op.immediate() == Immediate.MEM_ARG) {
        body(op.mnemonic(), "v128", "(" + op.mnemonic() + " offset=5 (local.get $p))", 0);
      } else if (op.mnemonic().startsWith("v128.load") && op.prefix() == 0xFD) {
        for (int lane = 0; lane < 16 / op.accessBytes(); lane++) {
          String place = "offset=21 " + lane + " (local.get $p)";
          String text = "(" + op.mnemonic() + " " + place + " (v128.load (local.get $p)))";
          body(op.mnemonic() + " " + lane, "v128", text, 0);
        }
      }
    }
  }

  /** Half of the shuffles are of lanes, so that single instructions match. */
  private void shuffle(int number, SplittableRandom random) {
    int lane = 1 << random.nextInt(4);
    int sources = 1 + random.nextInt(2);
    StringBuilder text = new StringBuilder("(i8x16.shuffle");
    int kind = random.nextInt(4);
    int first = random.nextInt(17);
    for (int k = 0; k < 16; k += lane) {
      int from = random.nextInt(16 * sources / lane) * lane;
      if (kind == 0) {
        from = k + (random.nextBoolean() ? 16 : 0);
      } else if (kind == 1 && lane == 1) {
        from = first + k;
      } else if (kind == 2) {
        from = (k / lane & 1) * 16 + (first > 8 ? 8 : 0) + k / lane / 2 * lane;
      }
      for (int b = 0; b < lane; b++) {
        text.append(' ').append(from + b & 31);
      }
    }
    boolean zero = random.nextInt(8) == 0;
    text.append(" (v128.load (local.get $p)) ");
    text.append(zero ? "(v128.const i64x2 0 0))" : "(v128.load offset=16 (local.get $p)))");
    body("shuffle " + number, "v128", text.toString(), 0);
  }

  private void function(WasmOp op, String lane, int nanBytes) {
    FuncType type = Objects.requireNonNull(op.signature());
    String name = op.mnemonic() + lane;
    StringBuilder direct = new StringBuilder("(" + name);
    StringBuilder called = new StringBuilder("(call $\"" + name + "\"");
    StringBuilder callee = new StringBuilder("(func $\"" + name + "\"");
    StringBuilder inner = new StringBuilder("(" + name);
    for (int k = 0; k < type.paramCount(); k++) {
      String operand = type.params().get(k).text();
      String load = " (" + operand + ".load offset=" + 16 * k + " (local.get $p))";
      direct.append(load);
      called.append(load);
      callee.append(" (param ").append(operand).append(')');
      inner.append(" (local.get ").append(k).append(')');
    }
    ValType result = type.results().getFirst();
    callee.append(" (result ").append(result.text()).append(") ").append(inner).append("))\n");
    wat.append(callee);
    body(name, result.text(), direct.append(')').toString(), nanBytes);
    body(name + " called", result.text(), called.append(')').toString(), nanBytes);
  }

  private void body(String name, String type, String expression, int nanBytes) {
    wat.append("(func (export \"").append(name).append("\") (param $p i32) (param $end i32)\n");
    wat.append("  (loop $l (").append(type).append(".store offset=").append(RESULT);
    wat.append(" (local.get $p) ").append(expression).append(")\n");
    wat.append("    (br_if $l (i32.lt_u (local.tee $p (i32.add (local.get $p)");
    wat.append(" (i32.const ").append(CASE_BYTES).append("))) (local.get $end)))))\n");
    functions.add(new Case(name, nanBytes));
  }

  // ---- running

  private static byte[] inputs() {
    SplittableRandom random = new SplittableRandom(11);
    ByteBuffer bytes = ByteBuffer.allocate(CASES * CASE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int kind = random.nextInt(7);
      for (int k = 0; k < 2; k++) {
        long any = random.nextLong();
        long value = INTERESTING[random.nextInt(INTERESTING.length)];
        double real = FLOATS[random.nextInt(FLOATS.length)];
        double other = FLOATS[random.nextInt(FLOATS.length)];
        switch (kind) {
          case 0 -> bytes.putLong(any);
          case 1 -> bytes.putLong(value);
          case 2 -> bytes.putInt((int) value).putInt((int) any >> random.nextInt(32));
          case 3 -> bytes.putDouble(real);
          case 4 -> bytes.putFloat((float) real).putFloat((float) other);
          case 5 -> {
            for (int b = 0; b < 8; b++) {
              bytes.put((byte) INTERESTING[random.nextInt(INTERESTING.length)]);
            }
          }
          default -> {
            for (int b = 0; b < 4; b++) {
              bytes.putShort((short) INTERESTING[random.nextInt(INTERESTING.length)]);
            }
          }
        }
      }
    }
    return bytes.array();
  }

  private List<byte[]> expected(byte[] wasm, byte[] inputs) {
    OracleInstance oracle =
        OracleInstance.of(
            new OracleStore(),
            ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT),
            imported -> {
              throw new IllegalStateException("no imports");
            });
    byte[] memory = ((OracleMemory) oracle.export("m")).bytes();
    List<byte[]> results = new ArrayList<>();
    for (Case function : functions) {
      System.arraycopy(inputs, 0, memory, 0, inputs.length);
      long[] unused = oracle.invoke(function.name(), 0, inputs.length);
      results.add(Arrays.copyOf(memory, inputs.length));
    }
    return results;
  }

  private void compare(Setting setting, byte[] wasm, byte[] inputs, List<byte[]> expected) {
    EngineConfig.Builder builder =
        EngineConfig.builder()
            .optimize(setting.optimize())
            .relaxedSimdDeterministic(true)
            .debugChecks(true);
    EngineConfig config =
        setting.isa().isEmpty() && setting.name().startsWith("all")
            ? builder.build()
            : builder.isa(setting.isa()).build();
    List<String> wrong = new ArrayList<>();
    try (Engine engine = Engine.create(config);
        Module module = Module.fromBinary(engine, wasm);
        Store<String> store = Store.create(engine, "")) {
      Linker<String> linker = Linker.create(engine);
      Instance instance = linker.instantiate(store, module);
      Memory memory = instance.memory("m");
      for (int k = 0; k < functions.size(); k++) {
        Case function = functions.get(k);
        memory.write(0, inputs);
        List<Value> unused =
            instance.func(function.name()).call(List.of(Value.i32(0), Value.i32(inputs.length)));
        byte[] actual = memory.read(0, inputs.length);
        String difference = difference(function, expected.get(k), actual);
        if (!difference.isEmpty()) {
          wrong.add(function.name() + difference);
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  private static String difference(Case function, byte[] expected, byte[] actual) {
    ByteBuffer x = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer y = ByteBuffer.wrap(actual).order(ByteOrder.LITTLE_ENDIAN);
    int step = function.nanBytes() == 0 ? 8 : function.nanBytes();
    for (int at = 0; at < expected.length; at += step) {
      boolean equal =
          switch (function.nanBytes()) {
            case 4 ->
                x.getInt(at) == y.getInt(at)
                    || Float.isNaN(x.getFloat(at)) && Float.isNaN(y.getFloat(at));
            case 8 ->
                x.getLong(at) == y.getLong(at)
                    || Double.isNaN(x.getDouble(at)) && Double.isNaN(y.getDouble(at));
            default -> x.getLong(at) == y.getLong(at);
          };
      if (!equal) {
        int from = at / CASE_BYTES * CASE_BYTES;
        return " of "
            + hex(expected, from)
            + " "
            + hex(expected, from + 16)
            + " "
            + hex(expected, from + 32)
            + ": expected "
            + hex(expected, from + RESULT)
            + " but was "
            + hex(actual, from + RESULT);
      }
    }
    return "";
  }

  private static String hex(byte[] bytes, int from) {
    return HexFormat.of().formatHex(bytes, from, from + 16);
  }
}
