package dev.troupe.engine.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.Engine;
import dev.troupe.engine.EngineConfig;
import dev.troupe.engine.Module;
import dev.troupe.engine.contract.IsaFeature;
import dev.troupe.engine.decode.ModuleDecoder;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.validate.ModuleValidator;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Random loops over arrays at constant addresses, which loop passes unroll and pack: next to each
 * other, overlapping, and ending beyond the memory. Results, traps and all of memory must be what
 * the oracle says. Floats stay finite, since the oracle's NaNs have other bits.
 */
class ArrayLoopsTest {
  private static final int MODULES = 150;
  private static final int LOOPS = 6;
  private static final int PAGE = 65536;

  private Random random = new Random(0);
  private String type = "i32";
  private int bytes;

  private String module(long seed) {
    random = new Random(seed);
    StringBuilder text = new StringBuilder("(module (memory (export \"memory\") 1)\n");
    for (int n = 0; n < LOOPS; n++) {
      text.append(function("f" + n));
    }
    return text.append(')').toString();
  }

  private String function(String name) {
    type = new String[] {"i32", "i64", "f32", "f64"}[random.nextInt(4)];
    bytes = type.endsWith("32") ? 4 : 8;
    int trips = 1 + random.nextInt(40);
    // Mostly low addresses, sometimes the end of the memory.
    int area = random.nextInt(6) == 0 ? PAGE - 64 - random.nextInt(100) : 64;
    int start = random.nextInt(3) == 0 ? -bytes * trips : 0;
    int end = start == 0 ? bytes * trips : 0;
    StringBuilder body = new StringBuilder();
    int statements = 1 + random.nextInt(3);
    for (int n = 0; n < statements; n++) {
      int unroll = random.nextInt(3) == 0 ? 2 : 1;
      String shape = expression(2, area - start);
      String target = address(area - start);
      for (int copy = 0; copy < unroll; copy++) {
        String shift = " offset=" + copy * bytes + " ";
        body.append("(" + type + ".store" + shift + target + "\n  ")
            .append(shape.replace(" offset=0 ", shift))
            .append(")\n");
      }
    }
    return "(func (export \""
        + name
        + "\") (param i32) (result i32)\n"
        + "(local $i i32) (local $x "
        + type
        + ")\n"
        + fill(area)
        + "(local.set $x "
        + invariant()
        + ")\n"
        + "(local.set $i (i32.const "
        + start
        + "))\n(loop $l\n"
        + body
        + "(br_if $l (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const "
        + bytes
        + ")))"
        + " (i32.const "
        + end
        + "))))\n(local.get $i))\n";
  }

  /** Small numbers into the bytes that the loop looks at. */
  private String fill(int area) {
    String number = type.startsWith("f") ? type + ".convert_i32_s" : "";
    String value = "(i32.add (i32.mul (local.get $i) (local.get 0)) (i32.const 3))";
    String small = "(i32.and " + value + " (i32.const 63))";
    String element =
        type.equals("i32")
            ? value
            : type.equals("i64") ? "(i64.extend_i32_s " + value + ")" : "(" + number + small + ")";
    int limit = Math.min(area + 720, PAGE);
    return "(local.set $i (i32.const "
        + (area - area % bytes)
        + "))\n(loop $f ("
        + type
        + ".store (local.get $i) "
        + element
        + ")\n(br_if $f (i32.lt_u (local.tee $i (i32.add"
        + " (local.get $i) (i32.const "
        + bytes
        + "))) (i32.const "
        + (limit - bytes)
        + "))))\n";
  }

  private String invariant() {
    return switch (type) {
      case "i32" -> "(local.get 0)";
      case "i64" -> "(i64.extend_i32_u (local.get 0))";
      default -> "(" + type + ".convert_i32_u (i32.and (local.get 0) (i32.const 7)))";
    };
  }

  private String address(int base) {
    int at = base + random.nextInt(12) * bytes + shift();
    return "(i32.add (local.get $i) (i32.const " + at + "))";
  }

  /** Parts of a float may be not a number. */
  private int shift() {
    return type.startsWith("i") && random.nextInt(8) == 0 ? 1 : 0;
  }

  private String expression(int depth, int base) {
    int choice = random.nextInt(depth == 0 ? 3 : 6);
    if (choice == 0) {
      return "(local.get $x)";
    }
    if (choice == 1) {
      return constant();
    }
    if (choice == 2) {
      return "(" + type + ".load offset=0 " + address(base) + ")";
    }
    String[] ops =
        type.startsWith("i")
            ? new String[] {"add", "sub", "mul", "and", "or", "xor"}
            : new String[] {"add", "sub", "mul", "div"};
    String op = ops[random.nextInt(ops.length)];
    String left = expression(depth - 1, base);
    boolean grows = type.startsWith("f") && op.equals("mul");
    String right =
        op.equals("div")
            ? "(" + type + ".const 2)"
            : grows ? constant() : expression(depth - 1, base);
    return "(" + type + "." + op + " " + left + " " + right + ")";
  }

  private String constant() {
    String[] fractions = {"0", "0.5", "1", "-1", "0.25"};
    int choice = random.nextInt(fractions.length);
    String number = type.startsWith("f") ? fractions[choice] : Integer.toString(choice - 1);
    return "(" + type + ".const " + number + ")";
  }

  private static void compare(Engine engine, String text) {
    byte[] wasm = Wat.toBinary(text);
    WasmModule module = ModuleDecoder.decode(wasm, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    ModuleValidator.validate(module, WasmFeatures.DEFAULT, WasmLimits.DEFAULT);
    try (Guest oracle = new OracleGuest(module);
        Guest compiled = new EngineGuest(Module.fromBinary(engine, wasm), module, null)) {
      for (int n = 0; n < LOOPS; n++) {
        for (long argument : new long[] {1, 77}) {
          Outcome expected = oracle.call("f" + n, argument);
          assertThat(compiled.call("f" + n, argument)).as("f%d of %s", n, text).isEqualTo(expected);
          assertThat(compiled.memory()).as("f%d of %s", n, text).isEqualTo(oracle.memory());
        }
      }
    }
  }

  @Test
  void unrolledAndPackedLoopsBehaveAsInTheOracle() {
    EngineConfig.Builder config = EngineConfig.builder().debugChecks(true).compileThreads(1);
    try (Engine best = Engine.create(config.build());
        Engine old = Engine.create(config.isa(IsaFeature.none()).build())) {
      for (long seed = 0; seed < MODULES; seed++) {
        compare(seed % 3 == 0 ? old : best, module(seed));
      }
    }
  }
}
