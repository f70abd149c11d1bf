package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.FloatCondition;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.SsaPrinter;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Every pure operation, with constants and without, alone and nested, through the passes. */
class EveryOperationTest {
  private static final SsaType[] SCALARS = {SsaType.I32, SsaType.I64, SsaType.F32, SsaType.F64};
  private static final long[] INTEGERS = {
    0,
    1,
    2,
    7,
    8,
    31,
    33,
    63,
    200,
    0xFF,
    0xFF80,
    0x7FFF_FFFFL,
    0x8000_0000L,
    0xFFFF_FFFFL,
    0x1_0000_0001L,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    -1,
    -2,
    -129,
    0xFFFF_FFFF_FFFF_FBFFL,
    0x8000_0000_0000_0401L,
    0x8000_0080_0000_0001L
  };
  private static final double[] FLOATS = {
    0.0,
    -0.0,
    0.5,
    -0.5,
    1.5,
    -1.5,
    2.5,
    3e9,
    -3e9,
    1e19,
    -1e19,
    2147483647.0,
    4294967295.0,
    -2147483648.0,
    9.2e18,
    1e-310,
    1e300,
    16777217.0,
    Double.NaN,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY
  };

  /** Builds a function whose every interesting value is observed, in a block of its own. */
  private static final class Sheet {
    final SsaFunction function =
        new SsaFunction(0, "", new SsaSignature(List.of(SCALARS), List.of()));
    final SsaBuilder builder = new SsaBuilder(function);
    final int[] parameters = new int[4];

    Sheet() {
      int entry = builder.createEntry();
      for (int i = 0; i < 4; i++) {
        parameters[i] = function.parameter(entry, i);
      }
    }

    int parameter(SsaType type) {
      return parameters[type.ordinal()];
    }

    List<Integer> constants(SsaType type) {
      List<Integer> constants = new ArrayList<>();
      if (type.isInteger()) {
        for (long bits : INTEGERS) {
          constants.add(builder.iconst(type, bits));
        }
      } else {
        for (double number : FLOATS) {
          long bits =
              type == SsaType.F32
                  ? Float.floatToRawIntBits((float) number)
                  : Double.doubleToRawLongBits(number);
          constants.add(builder.fconst(type, bits));
        }
      }
      return constants;
    }

    void observe(int value) {
      SsaSignature signature = new SsaSignature(List.of(function.valueType(value)), List.of());
      builder.call(RecordingMachine.OBSERVER, signature, new int[] {value}, 1);
    }
  }

  private static void check(Consumer<Sheet> content) {
    Sheet sheet = new Sheet();
    content.accept(sheet);
    sheet.builder.ret(new int[0], 0);
    SsaFunction optimized = SsaParser.parse(SsaPrinter.print(sheet.function));
    PassPipeline.run(optimized, true, true);
    for (long integer : new long[] {0, 1, -1, 0x7FFF_FFFFL, 0x8000_0000_0000_0001L, 12345}) {
      for (double number : new double[] {-0.0, 2.75, Double.NaN}) {
        long[] arguments = {
          (int) integer,
          integer,
          Float.floatToRawIntBits((float) number) & 0xFFFF_FFFFL,
          Double.doubleToRawLongBits(number)
        };
        assertThat(RecordingMachine.observe(optimized, 1, arguments, 1_000_000))
            .as("%d and %s of %s", integer, number, sheet.function)
            .isEqualTo(RecordingMachine.observe(sheet.function, 1, arguments, 1_000_000));
      }
    }
  }

  private static boolean isTested(SsaOp op) {
    return op.isPure()
        && !op.mayTrap()
        && op.attributes().isEmpty()
        && op != SsaOp.SELECT
        && op != SsaOp.BITS_TO_REF
        && op.result() != SsaOp.Result.VECTOR_RESULT;
  }

  private static List<SsaType> operandTypes(SsaOp op, SsaType type) {
    return switch (op.operands().getFirst()) {
      case T -> List.of(type);
      case I32 -> List.of(SsaType.I32);
      case I64 -> List.of(SsaType.I64);
      case F32 -> List.of(SsaType.F32);
      case F64 -> List.of(SsaType.F64);
      case INT -> List.of(SsaType.I32, SsaType.I64);
      case VECTOR, REF -> List.of();
      case FLOAT -> List.of(SsaType.F32, SsaType.F64);
      case ANY -> List.of(SCALARS[type.ordinal() ^ 2]);
      case VARIADIC -> throw new AssertionError(op);
    };
  }

  private interface Each {
    void accept(SsaOp op, SsaType type);
  }

  private static void forEach(int operands, Each each) {
    for (SsaOp op : SsaOp.values()) {
      for (SsaType type : op.isTyped() ? SCALARS : new SsaType[] {SsaType.I32}) {
        boolean typed = !op.isTyped() || op.allows(type);
        if (isTested(op) && op.fixedOperandCount() == operands && typed) {
          each.accept(op, type);
        }
      }
    }
  }

  @Test
  void unaryOperations() {
    check(sheet ->
        forEach(
            1,
            (op, type) -> {
              for (SsaType from : operandTypes(op, type)) {
                sheet.observe(sheet.builder.unary(op, type, sheet.parameter(from)));
                for (int constant : sheet.constants(from)) {
                  sheet.observe(sheet.builder.unary(op, type, constant));
                }
              }
            }));
  }

  @Test
  void unaryOfUnary() {
    forEach(
        1,
        (outer, outerType) ->
            check(sheet ->
                forEach(
                    1,
                    (inner, innerType) -> {
                      for (SsaType from : operandTypes(inner, innerType)) {
                        int value = sheet.builder.unary(inner, innerType, sheet.parameter(from));
                        SsaType type = sheet.function.valueType(value);
                        if (operandTypes(outer, outerType).contains(type)) {
                          sheet.observe(sheet.builder.unary(outer, outerType, value));
                        }
                      }
                    })));
  }

  @Test
  void binaryOperations() {
    forEach(
        2,
        (op, type) ->
            check(sheet -> {
              int x = sheet.parameter(type);
              List<Integer> constants = sheet.constants(type);
              sheet.observe(sheet.builder.binary(op, type, x, x));
              for (int left : constants) {
                sheet.observe(sheet.builder.binary(op, type, left, x));
                int inner = sheet.builder.binary(op, type, x, left);
                sheet.observe(inner);
                for (int right : constants) {
                  sheet.observe(sheet.builder.binary(op, type, left, right));
                  sheet.observe(sheet.builder.binary(op, type, inner, right));
                }
              }
            }));
  }

  /** One operation with a constant on the result of another one, the constant on either side. */
  @Test
  void binaryOfBinary() {
    forEach(
        2,
        (outer, type) -> {
          if (type.isInteger()) {
            forEach(
                2,
                (inner, innerType) -> {
                  if (innerType == type) {
                    check(sheet -> nest(sheet, outer, inner, type));
                  }
                });
          }
        });
  }

  private static void nest(Sheet sheet, SsaOp outer, SsaOp inner, SsaType type) {
    SsaBuilder builder = sheet.builder;
    int x = sheet.parameter(type);
    long bits = type.bits();
    int y = builder.unary(SsaOp.POPCNT, type, x);
    for (long first : new long[] {1, 8, 24, bits - 1, bits / 2, 0xFF00, -8}) {
      int c = builder.iconst(type, first);
      int right = builder.binary(inner, type, x, c);
      int left = builder.binary(inner, type, c, x);
      for (long second : new long[] {0, 1, 8, bits - 8, bits / 2, 0xFF, -256}) {
        int d = builder.iconst(type, second);
        int result = builder.binary(outer, type, right, d);
        sheet.observe(result);
        sheet.observe(builder.binary(outer, type, d, right));
        sheet.observe(builder.binary(outer, type, left, d));
        for (IntCondition condition : IntCondition.values()) {
          if (outer == SsaOp.IADD) {
            sheet.observe(builder.icmp(condition, type, right, d));
            sheet.observe(builder.icmp(condition, type, left, d));
          }
        }
      }
      sheet.observe(builder.binary(outer, type, y, right));
      sheet.observe(builder.binary(outer, type, right, x));
      sheet.observe(builder.binary(outer, type, y, left));
    }
    int both = builder.binary(inner, type, x, y);
    sheet.observe(builder.binary(outer, type, both, x));
    sheet.observe(builder.binary(outer, type, x, both));
    sheet.observe(builder.binary(outer, type, y, both));
  }

  @Test
  void integerComparisons() {
    for (IntCondition condition : IntCondition.values()) {
      for (SsaType type : new SsaType[] {SsaType.I32, SsaType.I64}) {
        check(sheet -> compare(sheet, condition, type));
      }
    }
  }

  private static void compare(Sheet sheet, IntCondition condition, SsaType type) {
    SsaBuilder builder = sheet.builder;
    int x = sheet.parameter(type);
    sheet.observe(builder.icmp(condition, type, x, x));
    int wide = builder.unary(SsaOp.UEXTEND, SsaType.I64, sheet.parameter(SsaType.I32));
    for (int constant : sheet.constants(type)) {
      int plain = builder.icmp(condition, type, x, constant);
      sheet.observe(plain);
      sheet.observe(builder.icmp(condition, type, constant, x));
      int difference = builder.binary(SsaOp.ISUB, type, x, constant);
      int exclusive = builder.binary(SsaOp.IXOR, type, constant, x);
      for (int small : new int[] {0, 1}) {
        int number = builder.iconst(SsaType.I32, small);
        sheet.observe(builder.icmp(IntCondition.EQ, SsaType.I32, plain, number));
        sheet.observe(builder.icmp(IntCondition.NE, SsaType.I32, plain, number));
        int same = builder.iconst(type, small);
        sheet.observe(builder.icmp(condition, type, difference, same));
        sheet.observe(builder.icmp(condition, type, exclusive, same));
        int one = builder.iconst(SsaType.I32, 1 - small);
        sheet.observe(builder.select(SsaType.I32, plain, number, one));
        sheet.observe(builder.select(SsaType.I32, sheet.parameter(SsaType.I32), number, one));
        sheet.observe(
            builder.select(
                SsaType.I32,
                builder.icmp(IntCondition.EQ, SsaType.I32, plain, number),
                one,
                number));
      }
    }
    int signed = builder.unary(SsaOp.SEXTEND, SsaType.I64, sheet.parameter(SsaType.I32));
    sheet.observe(builder.icmp(condition, SsaType.I64, wide, signed));
    for (int constant : sheet.constants(SsaType.I64)) {
      sheet.observe(builder.icmp(condition, SsaType.I64, wide, constant));
      sheet.observe(builder.icmp(condition, SsaType.I64, signed, constant));
    }
  }

  @Test
  void floatComparisons() {
    check(sheet -> {
      for (FloatCondition condition : FloatCondition.values()) {
        for (SsaType type : new SsaType[] {SsaType.F32, SsaType.F64}) {
          for (int left : sheet.constants(type)) {
            int plain = sheet.builder.fcmp(condition, type, sheet.parameter(type), left);
            int zero = sheet.builder.iconst(SsaType.I32, 0);
            sheet.observe(plain);
            sheet.observe(sheet.builder.icmp(IntCondition.EQ, SsaType.I32, plain, zero));
            sheet.observe(sheet.builder.icmp(IntCondition.NE, SsaType.I32, plain, zero));
            for (int right : sheet.constants(type)) {
              sheet.observe(sheet.builder.fcmp(condition, type, left, right));
            }
          }
        }
      }
    });
  }
}
