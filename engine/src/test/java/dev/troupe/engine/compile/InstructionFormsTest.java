package dev.troupe.engine.compile;

import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.oracle.OracleInstance;
import dev.troupe.engine.oracle.OracleStore;
import dev.troupe.engine.oracle.OracleTrap;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Trees of several WebAssembly instructions that selection turns into one of the machine: memory
 * operands of every width, at addresses in and out of bounds; tests of bits; sums as addresses.
 * Compiled against the interpreter, for a processor with all features and for one with none.
 */
class InstructionFormsTest {
  private static final int MEMORY_BYTES = 65536;

  /** Bytes of all kinds: every width sees zero, signs, extremes and ordinary numbers. */
  private static final String DATA =
      "\\00\\00\\00\\00\\00\\00\\00\\00\\01\\7f\\80\\ff\\fe\\c8\\64\\9c\\ff\\ff\\ff\\ff\\ff\\ff\\ff"
          + "\\ff\\00\\00\\00\\80\\ff\\ff\\ff\\7f\\03\\00\\e8\\03\\00\\01\\00\\80\\40\\20\\10\\08";

  private static final long[] ADDRESSES = {
    0, 8, 9, 10, 11, 12, 13, 14, 15, 16, 20, 24, 25, 27, 28, 31, 32, 34, 36
  };

  private static final long[] EDGES = {
    MEMORY_BYTES - 8, MEMORY_BYTES - 7, MEMORY_BYTES - 4, MEMORY_BYTES - 3, MEMORY_BYTES - 1, -1
  };

  private static final long[] NUMBERS = {
    0,
    1,
    2,
    5,
    31,
    32,
    33,
    63,
    64,
    0x7F,
    0x80,
    0xFF,
    0x1234,
    0x8000,
    0xFFFF,
    0x7FFF_FFFF,
    -1,
    -2,
    -128,
    -129,
    Integer.MIN_VALUE,
    0x8000_0000L,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    0x0123_4567_89AB_CDEFL,
    Long.MIN_VALUE,
    Long.MAX_VALUE
  };

  private static final long[] FEW = {0, 1, -1, 0x80, 0x8000_0001L, 0x1234_5678_9ABC_DEF0L};

  private static final long[] F64_BITS = {
    0L,
    Long.MIN_VALUE,
    0x3FF0_0000_0000_0000L,
    0xBFF0_0000_0000_0000L,
    1L,
    0x7FF0_0000_0000_0000L,
    0xFFF0_0000_0000_0000L,
    0x7FF8_0000_0000_0000L,
    0xFFF4_0000_0000_0001L
  };

  private static final long[] F32_BITS = {
    0,
    0x8000_0000L,
    0x3F80_0000L,
    0xBF80_0000L,
    1,
    0x7F80_0000L,
    0xFF80_0000L,
    0x7FC0_0000L,
    0xFFA0_0001L
  };

  private static final List<String> CONDITIONS =
      List.of("eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u");

  private static final List<String> OPERATIONS = List.of("add", "sub", "and", "or", "xor");

  private record Setting(String name, Tunables tunables, Set<IsaFeature> isa) {}

  private static List<Setting> settings() {
    return List.of(
        new Setting("signals", Tunables.DEFAULT, NativeGuest.hostFeatures()),
        new Setting("explicit", Tunables.DEFAULT.withTraps(TrapMode.EXPLICIT), IsaFeature.none()));
  }

  /** A module under construction: functions of two parameters, first an address or a number. */
  private static final class Functions {
    final StringBuilder wat = new StringBuilder();
    final List<String> names = new ArrayList<>();
    final List<String> lines = new ArrayList<>();

    Functions() {
      wat.append("(module (memory 1) (data (i32.const 0) \"").append(DATA).append("\")\n");
    }

    /** The text of a function. */
    String line(int function) {
      return lines.get(function);
    }

    void add(String first, String second, String result, String body) {
      String name = "f" + names.size();
      names.add(name);
      String export = "(func (export \"" + name + "\") (param " + first + ' ' + second;
      lines.add(export + ") (result " + result + ") " + body + ")\n");
      wat.append(lines.getLast());
    }
  }

  @TestFactory
  Stream<DynamicTest> forms() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Setting setting : settings()) {
      for (String type : List.of("i32", "i64")) {
        String name = setting.name() + " " + type;
        long[] addresses = concat(ADDRESSES, EDGES);
        tests.add(test(name + " compare", setting, comparisons(type), addresses, 3));
        tests.add(test(name + " modify", setting, modifications(type), addresses, FEW));
        tests.add(test(name + " bits", setting, bits(type), NUMBERS, NUMBERS));
        tests.add(test(name + " sums", setting, sums(type), NUMBERS, FEW));
      }
    }
    for (Setting setting : settings()) {
      tests.add(test(setting.name() + " f32", setting, selects("f32"), F32_BITS, F32_BITS));
      tests.add(test(setting.name() + " f64", setting, selects("f64"), F64_BITS, F64_BITS));
    }
    return tests.stream();
  }

  private static DynamicTest test(
      String name, Setting setting, Functions functions, long[] first, long... second) {
    return DynamicTest.dynamicTest(name, () -> check(setting, functions, first, second));
  }

  // ---- the forms

  private static List<String> loads(String type) {
    return type.equals("i32")
        ? List.of("load8_s", "load8_u", "load16_s", "load16_u", "load")
        : List.of("load8_s", "load8_u", "load16_s", "load16_u", "load32_s", "load32_u", "load");
  }

  private static Functions comparisons(String type) {
    Functions functions = new Functions();
    for (String load : loads(type)) {
      String loaded = "(" + type + "." + load + " (local.get 0))";
      for (long constant : new long[] {0, 1, -1, 100, 127, 128, 200, 255, 256, 1000, -128, -100}) {
        String number = "(" + type + ".const " + constant + ")";
        for (String condition : CONDITIONS) {
          String compare = "(" + type + "." + condition + " " + loaded + " " + number + ")";
          functions.add("i32", type, "i32", branch(compare));
        }
        String and = "(" + type + ".and " + loaded + " " + number + ")";
        functions.add("i32", type, "i32", branch(isZero(type, and)));
        functions.add("i32", type, "i32", branch("(" + type + ".ne " + and + zero(type) + ")"));
        functions.add("i32", type, "i32", branch("(" + type + ".lt_s " + and + zero(type) + ")"));
        functions.add("i32", type, "i32", "(" + type + ".gt_s " + loaded + " " + number + ")");
      }
      functions.add("i32", type, "i32", branch(isZero(type, loaded)));
      functions.add("i32", type, "i32", branch("(" + type + ".ne " + loaded + zero(type) + ")"));
      String less = "(" + type + ".lt_s (local.get 1)" + zero(type) + ")";
      functions.add("i32", type, type, "(select " + loaded + " (local.get 1) " + less + ")");
      functions.add("i32", type, type, "(select (local.get 1) " + loaded + " " + less + ")");
      functions.add(
          "i32",
          type,
          "i32",
          "(i32.store8 offset=99 (local.get 0) ("
              + type
              + ".le_s (local.get 1) "
              + loaded
              + ")) (i32.load8_u offset=99 (local.get 0))");
    }
    return functions;
  }

  private static Functions modifications(String type) {
    Functions functions = new Functions();
    List<String> widths =
        type.equals("i32") ? List.of("8", "16", "") : List.of("8", "16", "32", "");
    for (String width : widths) {
      String load = "(" + type + ".load" + width + (width.isEmpty() ? "" : "_s");
      load += " offset=4 (local.get 0))";
      for (String operation : OPERATIONS) {
        List<String> operands = new ArrayList<>(List.of("(local.get 1)"));
        for (long constant : new long[] {1, -1, 128, 1000, 0x12345678, 0xFFFF_FFFFL}) {
          operands.add("(" + type + ".const " + constant + ")");
        }
        for (String operand : operands) {
          for (boolean swapped : new boolean[] {false, true}) {
            String pair = swapped ? operand + " " + load : load + " " + operand;
            functions.add(
                "i32",
                type,
                "i64",
                String.format(
                    "(%s.store%s offset=4 (local.get 0) (%s.%s %s)) (i64.load (local.get 0))",
                    type, width, type, operation, pair));
          }
        }
      }
    }
    return functions;
  }

  private static Functions bits(String type) {
    Functions functions = new Functions();
    String a = "(local.get 0)";
    String b = "(local.get 1)";
    String one = "(" + type + ".const 1)";
    String bit = "(" + type + ".shl " + one + " " + b + ")";
    functions.add(type, type, "i32", branch(and(type, "(" + type + ".shr_u " + a + b + ")", one)));
    functions.add(type, type, "i32", branch(and(type, bit, a)));
    functions.add(type, type, "i32", branch(isZero(type, and(type, a, bit))));
    String flipped = "(" + type + ".xor " + bit + " (" + type + ".const -1))";
    String rotated = "(" + type + ".rotl (" + type + ".const -2) " + b + ")";
    String less = "(" + type + ".add " + a + " (" + type + ".const -1))";
    String negative = "(" + type + ".sub (" + type + ".const 0) " + a + ")";
    for (String operation : List.of("and", "or", "xor")) {
      for (String other : List.of(bit, flipped, rotated, less, negative)) {
        functions.add(type, type, type, "(" + type + "." + operation + " " + a + other + ")");
        functions.add(type, type, type, "(" + type + "." + operation + " " + other + a + ")");
      }
      for (int high : new int[] {31, 32, 40, 63}) {
        for (long mask : new long[] {1L << high, ~(1L << high)}) {
          String number = " (" + type + ".const " + (type.equals("i32") ? (int) mask : mask) + ")";
          functions.add(type, type, type, "(" + type + "." + operation + " " + a + number + ")");
        }
      }
    }
    for (int shift : new int[] {1, 4, 7, 8, 24, 31, 40, 63}) {
      String shifted = "(" + type + ".shr_u " + a + " (" + type + ".const " + shift + "))";
      for (long mask : new long[] {1, 3, 0x7F, 0x80, 0xFF, 0x100, 0x1_0000, -1, 0x1_0000_0000L}) {
        String number = "(" + type + ".const " + (type.equals("i32") ? (int) mask : mask) + ")";
        functions.add(type, type, "i32", branch(and(type, shifted, number)));
        functions.add(type, type, "i32", branch(isZero(type, and(type, shifted, number))));
        functions.add(type, type, "i32", branch(isZero(type, and(type, a, number))));
      }
    }
    return functions;
  }

  private static Functions selects(String type) {
    Functions functions = new Functions();
    String a = "(local.get 0)";
    String b = "(local.get 1)";
    String other = "(" + type + ".const 7.5)";
    for (String condition : List.of("eq", "ne", "lt", "gt", "le", "ge")) {
      String compare = "(" + type + "." + condition + " " + a + b + ")";
      for (String values : List.of(a + b, b + a, a + other, other + b)) {
        functions.add(type, type, type, "(select " + values + compare + ")");
        functions.add(type, type, type, "(select " + values + "(i32.eqz " + compare + "))");
      }
    }
    return functions;
  }

  private static Functions sums(String type) {
    Functions functions = new Functions();
    String a = "(local.get 0)";
    String b = "(local.get 1)";
    for (int shift = 0; shift < 5; shift++) {
      String masked = "(i32.and (i32.wrap_i64 (i64.load (i32.const 8))) (i32.const 15))";
      String index = "(i32.shl " + masked + " (i32.const " + shift + "))";
      functions.add(type, type, type, "(" + type + ".load offset=1 " + index + ")");
      String scaled = "(" + type + ".shl " + b + " (" + type + ".const " + shift + "))";
      for (long constant : new long[] {0, 1, -8, 0x7FFF_FFFF, 0x8000_0000L}) {
        String number = "(" + type + ".const " + (int) constant + ")";
        functions.add(type, type, type, add(type, scaled, number));
        functions.add(type, type, type, add(type, add(type, a, scaled), number));
        functions.add(type, type, type, add(type, add(type, a, number), scaled));
        functions.add(type, type, type, add(type, a, add(type, scaled, number)));
        functions.add(type, type, type, add(type, add(type, a, b), add(type, scaled, number)));
      }
    }
    for (long factor = -17; factor < 100; factor++) {
      String product = "(" + type + ".mul " + a + " (" + type + ".const " + factor + "))";
      functions.add(type, type, type, product);
      functions.add(type, type, type, add(type, product, b));
    }
    return functions;
  }

  private static String add(String type, String left, String right) {
    return "(" + type + ".add " + left + " " + right + ")";
  }

  private static String and(String type, String left, String right) {
    return "(" + type + ".and " + left + " " + right + ")";
  }

  private static String zero(String type) {
    return " (" + type + ".const 0)";
  }

  private static String isZero(String type, String value) {
    return "(" + type + ".eqz " + value + ")";
  }

  private static String branch(String condition) {
    String truth =
        condition.startsWith("(i64.and") ? "(i64.ne " + condition + zero("i64") + ")" : condition;
    return "(if (result i32) " + truth + " (then (i32.const 5)) (else (i32.const 6)))";
  }

  private static long[] concat(long[] first, long[] second) {
    long[] all = new long[first.length + second.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  // ---- running

  private static void check(Setting setting, Functions functions, long[] first, long[] second) {
    byte[] wasm = Wat.toBinary(functions.wat + ")");
    OracleInstance oracle =
        OracleInstance.of(
            new OracleStore(),
            ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT),
            imported -> {
              throw new IllegalStateException("no imports");
            });
    try (NativeGuest guest = new NativeGuest(wasm, setting.tunables(), setting.isa())) {
      for (int i = 0; i < functions.names.size(); i++) {
        for (long a : first) {
          for (long b : second) {
            compare(oracle, guest, functions, i, a, b);
          }
        }
      }
    }
  }

  private static void compare(
      OracleInstance oracle, NativeGuest guest, Functions functions, int i, long a, long b) {
    String name = functions.names.get(i);
    String expected;
    String actual;
    try {
      expected = text(functions, i, oracle.invoke(name, a, b)[0]);
    } catch (OracleTrap trap) {
      expected = trap.kind().toString();
    }
    try {
      actual = text(functions, i, guest.invoke(name, a, b)[0]);
    } catch (NativeGuest.GuestTrap trap) {
      actual = trap.kind().toString();
    }
    if (!actual.equals(expected)) {
      String function = functions.line(i);
      throw new AssertionError(
          String.format(
              "%s at 0x%x, 0x%x: expected %s but was %s", function, a, b, expected, actual));
    }
  }

  /// The bits of an f32 come with anything above them.
  private static String text(Functions functions, int i, long bits) {
    boolean single = functions.line(i).contains("(result f32)");
    return Long.toHexString(single ? bits & 0xFFFF_FFFFL : bits);
  }
}
