package dev.troupe.engine.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every numeric instruction on all combinations of interesting operands, compiled, against the
 * interpreter. Each in several shapes: operands in registers, loaded from memory, and constant.
 */
class OperationsTest {
  private static final long[] INTS = {
    0,
    1,
    2,
    3,
    7,
    8,
    31,
    32,
    33,
    63,
    64,
    127,
    128,
    255,
    256,
    32767,
    32768,
    65535,
    65536,
    0x7FFF_FFFEL,
    0x7FFF_FFFFL,
    -1,
    -2,
    -3,
    -128,
    -129,
    -32768,
    -32769,
    -0x7FFF_FFFFL,
    -0x8000_0000L,
    0x1234_5678,
    0xAAAA_AAAAL - (1L << 32),
    0x5555_5555
  };
  private static final long[] LONGS = {
    0x8000_0000L,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    0x1_0000_0001L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MIN_VALUE + 1,
    0x7FFF_FFFF_FFFF_FFFEL,
    0x0123_4567_89AB_CDEFL,
    -0x8000_0001L,
    0x3FFF_FFFF_FFFF_FC00L,
    0x7FFF_FFFF_FFFF_FC00L,
    -0x3FFL,
    0x20_0000_0000_0001L
  };
  private static final double[] DOUBLES = {
    0.0,
    -0.0,
    1,
    -1,
    0.5,
    -0.5,
    1.5,
    2.5,
    -1.5,
    -2.5,
    0.4999999999999999,
    -0.9999999999999999,
    1e-310,
    -1e-310,
    Double.MIN_VALUE,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.MIN_NORMAL,
    2147483647.0,
    2147483647.9,
    2147483648.0,
    -2147483648.0,
    -2147483648.9,
    -2147483649.0,
    4294967295.0,
    4294967295.9,
    4294967296.0,
    9.223372036854775e18,
    0x1p63,
    -0x1p63,
    -9.223372036854778e18,
    0x1p64,
    1.8446744073709550e19,
    0x1p52,
    0x1p53,
    3.7,
    -3.7,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };
  private static final long[] NANS64 = {
    0x7FF8_0000_0000_0000L, 0xFFF8_0000_0000_0000L, 0x7FF4_0000_0000_0000L, 0xFFF0_0000_0000_0001L
  };
  private static final int[] NANS32 = {0x7FC0_0000, 0xFFC0_0000, 0x7FA0_0000, 0xFF80_0001};

  /** How operands reach the instruction. */
  private enum Shape {
    REGISTERS,
    MEMORY,
    CONSTANT
  }

  private record Setting(String name, Tunables tunables, Set<IsaFeature> isa) {}

  private static List<Setting> settings() {
    return List.of(
        new Setting("signals", Tunables.DEFAULT, NativeGuest.hostFeatures()),
        new Setting("explicit", Tunables.DEFAULT.withTraps(TrapMode.EXPLICIT), IsaFeature.none()));
  }

  @TestFactory
  Stream<DynamicTest> everyNumericInstruction() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Setting setting : settings()) {
      for (Shape shape : Shape.values()) {
        String name = setting.name() + " " + shape;
        tests.add(DynamicTest.dynamicTest(name, () -> checkAll(setting, shape)));
      }
    }
    return tests.stream();
  }

  private static List<WasmOp> operations() {
    List<WasmOp> operations = new ArrayList<>();
    for (WasmOp op : WasmOp.values()) {
      FuncType type = NumericSignatures.of(op);
      if (type != null) {
        operations.add(op);
      }
    }
    return operations;
  }

  private static void checkAll(Setting setting, Shape shape) {
    List<WasmOp> operations = operations();
    assertThat(operations).hasSizeGreaterThan(120);
    if (shape != Shape.CONSTANT) {
      StringBuilder wat = new StringBuilder("(module (memory 1)\n");
      for (WasmOp op : operations) {
        wat.append(function(op, shape, ""));
      }
      checkModule(setting, wat.append(')').toString(), operations, NO_CONSTANT);
      return;
    }
    for (long constant : new long[] {0, 1, -1, 8, 31, 255, 65535, -128, 0x7FFF_FFFF, 1000}) {
      StringBuilder wat = new StringBuilder("(module (memory 1)\n");
      List<WasmOp> binary = new ArrayList<>();
      for (WasmOp op : operations) {
        FuncType type = NumericSignatures.require(op);
        if (type.paramCount() == 2 && type.params().get(1) instanceof NumType) {
          binary.add(op);
          wat.append(function(op, shape, Long.toString(constant)));
        }
      }
      checkModule(setting, wat.append(')').toString(), binary, constant);
    }
  }

  private static final long NO_CONSTANT = Long.MIN_VALUE;

  private static String function(WasmOp op, Shape shape, String constant) {
    FuncType type = NumericSignatures.require(op);
    StringBuilder wat = new StringBuilder("(func (export \"" + op.mnemonic() + "\")");
    for (ValType param : type.params()) {
      wat.append(" (param ").append(param.text()).append(')');
    }
    wat.append(" (result ").append(type.results().getFirst().text()).append(") ");
    for (int i = 0; shape == Shape.MEMORY && i < type.paramCount(); i++) {
      String text = type.params().get(i).text();
      wat.append("(").append(text).append(".store offset=").append(64 + 8 * i);
      wat.append(" (i32.const 0) (local.get ").append(i).append(")) ");
    }
    wat.append('(').append(op.mnemonic());
    for (int i = 0; i < type.paramCount(); i++) {
      String text = type.params().get(i).text();
      if (shape == Shape.MEMORY) {
        wat.append(" (").append(text).append(".load offset=").append(64 + 8 * i);
        wat.append(" (i32.const 0))");
      } else if (shape == Shape.CONSTANT && i == 1) {
        wat.append(" (").append(text).append(".const ").append(constant).append(')');
      } else {
        wat.append(" (local.get ").append(i).append(')');
      }
    }
    return wat.append("))\n").toString();
  }

  private static void checkModule(Setting setting, String wat, List<WasmOp> ops, long constant) {
    byte[] wasm = Wat.toBinary(wat);
    OracleInstance oracle =
        OracleInstance.of(
            new OracleStore(),
            ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT),
            imported -> {
              throw new IllegalStateException("no imports");
            });
    try (NativeGuest guest = new NativeGuest(wasm, setting.tunables(), setting.isa())) {
      for (WasmOp op : ops) {
        FuncType type = NumericSignatures.require(op);
        for (long a : operands(type.params().get(0))) {
          if (type.paramCount() == 1) {
            compare(oracle, guest, op, type, constant, a);
          } else if (constant != NO_CONSTANT) {
            compare(oracle, guest, op, type, constant, a, 0);
          } else {
            for (long b : operands(type.params().get(1))) {
              compare(oracle, guest, op, type, constant, a, b);
            }
          }
        }
      }
    }
  }

  private static void compare(
      OracleInstance oracle,
      NativeGuest guest,
      WasmOp op,
      FuncType type,
      long constant,
      long... arguments) {
    String expected;
    String actual;
    ValType result = type.results().getFirst();
    try {
      expected = text(op, result, oracle.invoke(op.mnemonic(), arguments)[0], arguments);
    } catch (OracleTrap trap) {
      expected = trap.kind().toString();
    }
    try {
      actual = text(op, result, guest.invoke(op.mnemonic(), arguments)[0], arguments);
    } catch (NativeGuest.GuestTrap trap) {
      actual = trap.kind().toString();
    }
    if (!actual.equals(expected)) {
      StringBuilder call = new StringBuilder(op.mnemonic());
      for (long argument : arguments) {
        call.append(" 0x").append(Long.toHexString(argument));
      }
      throw new AssertionError(
          call
              + (constant == NO_CONSTANT ? "" : " const " + constant)
              + ": expected "
              + expected
              + " but was "
              + actual);
    }
  }

  /** Bits in hexadecimal; of a NaN that arithmetic made, what the specification promises of it. */
  private static String text(WasmOp op, ValType type, long bits, long[] arguments) {
    FuncType signature = NumericSignatures.require(op);
    if (NumericSignatures.isBitwise(op)) {
      return Long.toHexString(bits);
    }
    if (type == NumType.F64 && Double.isNaN(Double.longBitsToDouble(bits))) {
      boolean canonical = (bits & Long.MAX_VALUE) == NANS64[0];
      boolean quiet = (bits & 1L << 51) != 0;
      return nan(canonical, quiet, arguments, signature);
    }
    if (type == NumType.F32 && Float.isNaN(Float.intBitsToFloat((int) bits))) {
      boolean canonical = ((int) bits & Integer.MAX_VALUE) == NANS32[0];
      boolean quiet = (bits & 1 << 22) != 0;
      return nan(canonical, quiet, arguments, signature);
    }
    return Long.toHexString(bits);
  }

  private static String nan(
      boolean canonical, boolean quiet, long[] arguments, FuncType signature) {
    boolean canonicalInputs = true;
    for (int i = 0; i < arguments.length; i++) {
      canonicalInputs &= !isOtherNan(signature.params().get(i), arguments[i]);
    }
    if (canonicalInputs) {
      return canonical ? "canonical NaN" : "other NaN";
    }
    return quiet ? "arithmetic NaN" : "signalling NaN";
  }

  private static boolean isOtherNan(ValType type, long bits) {
    if (type == NumType.F64) {
      return Double.isNaN(Double.longBitsToDouble(bits)) && (bits & Long.MAX_VALUE) != NANS64[0];
    }
    return type == NumType.F32
        && Float.isNaN(Float.intBitsToFloat((int) bits))
        && ((int) bits & Integer.MAX_VALUE) != NANS32[0];
  }

  private static long[] operands(ValType type) {
    List<Long> operands = new ArrayList<>();
    if (type == NumType.I32 || type == NumType.I64) {
      for (long value : INTS) {
        operands.add(value);
      }
    }
    if (type == NumType.I64) {
      for (long value : LONGS) {
        operands.add(value);
      }
    }
    if (type == NumType.F64) {
      for (double value : DOUBLES) {
        operands.add(Double.doubleToRawLongBits(value));
      }
      for (long value : NANS64) {
        operands.add(value);
      }
    }
    if (type == NumType.F32) {
      for (double value : DOUBLES) {
        operands.add((long) Float.floatToRawIntBits((float) value));
      }
      operands.add((long) Float.floatToRawIntBits(2147483520f));
      operands.add((long) Float.floatToRawIntBits(-2147483904f));
      operands.add((long) Float.floatToRawIntBits(4294967040f));
      for (int value : NANS32) {
        operands.add((long) value);
      }
    }
    return operands.stream().mapToLong(Long::longValue).toArray();
  }
}
