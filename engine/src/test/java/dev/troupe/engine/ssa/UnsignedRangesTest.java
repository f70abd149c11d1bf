package dev.troupe.engine.ssa;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Every value that random functions and random loops compute lies in its range. */
class UnsignedRangesTest {
  private static final int OBSERVERS = 1 << 20;
  private static final long STEPS = 3_000;
  private static final long[] CORNERS = {
    0, 1, 2, 7, 100, -1, -2, -8, -100, Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 3
  };

  /** Calls an observer, whose index is the value's, behind every integer that is defined. */
  private static void observeAll(SsaFunction function) {
    int values = function.valueCount();
    for (int v = 0; v < values; v++) {
      int block = function.isParameter(v) ? function.definingBlock(v) : SsaFunction.NONE;
      int definer = function.definingInstruction(v);
      if (!function.valueType(v).isInteger()
          || block != SsaFunction.NONE && !isParameterOf(function, v, block)) {
        continue;
      }
      int call = function.newInstruction(SsaOp.CALL, SsaType.I64, new int[] {v}, 1);
      function.setImmediate(call, OBSERVERS + v);
      SsaSignature signature = new SsaSignature(List.of(function.valueType(v)), List.of());
      function.setAuxiliary(call, function.internSignature(signature));
      int place =
          definer == SsaFunction.NONE ? function.firstInstruction(block) : function.next(definer);
      function.insertBefore(call, place);
    }
    SsaVerifier.verify(function, "instrumentation");
  }

  /** The parser defines ids that the text skips nowhere. */
  private static boolean isParameterOf(SsaFunction function, int value, int block) {
    int position = function.definingPosition(value);
    return function.isInLayout(block)
        && position < function.parameterCount(block)
        && function.parameter(block, position) == value;
  }

  private static UnsignedRanges ranges(SsaFunction function) {
    ControlFlow flow = ControlFlow.of(function);
    DominatorTree dominators = DominatorTree.of(flow);
    return UnsignedRanges.of(flow, dominators, LoopTree.of(flow, dominators));
  }

  /** A world that compares what it is shown with the ranges. */
  private record Watcher(SsaFunction function, UnsignedRanges ranges, RecordingMachine world)
      implements SsaMachine {
    @Override
    public long[] call(int callee, long[] arguments) {
      if (callee < OBSERVERS) {
        return world.call(callee, arguments);
      }
      int value = callee - OBSERVERS;
      boolean is32 = function.valueType(value) == SsaType.I32;
      long seen = is32 ? arguments[0] & 0xFFFF_FFFFL : arguments[0];
      if (ranges.max(value) >= 0) {
        assertThat(seen)
            .as("v%d of\n%s", value, function)
            .isBetween(ranges.min(value), ranges.max(value));
      }
      return new long[0];
    }

    @Override
    public long load(int memory, long index, long offset, int bytes) {
      return world.load(memory, index, offset, bytes);
    }

    @Override
    public void store(int memory, long index, long offset, int bytes, long value) {
      world.store(memory, index, offset, bytes, value);
    }

    @Override
    public long contextLoad(int offset, int bytes) {
      return world.contextLoad(offset, bytes);
    }

    @Override
    public void contextStore(int offset, int bytes, long value) {
      world.contextStore(offset, bytes, value);
    }

    @Override
    public long contextAddress(int offset) {
      return world.contextAddress(offset);
    }

    @Override
    public long rawLoad(long address, int offset, int bytes) {
      return world.rawLoad(address, offset, bytes);
    }

    @Override
    public void rawStore(long address, int offset, int bytes, long value) {
      world.rawStore(address, offset, bytes, value);
    }

    @Override
    public long[] callIndirect(long code, long instance, long[] arguments) {
      return world.callIndirect(code, instance, arguments);
    }

    @Override
    public long[] callBuiltin(Builtin builtin, long[] arguments) {
      return world.callBuiltin(builtin, arguments);
    }
  }

  private static void watch(SsaFunction function, Random random) {
    observeAll(function);
    UnsignedRanges ranges = ranges(function);
    for (int run = 0; run < 3; run++) {
      long[] arguments =
          function.signature().parameters().stream()
              .mapToLong(type -> {
                long bits =
                    random.nextBoolean() ? random.nextInt(20) - 4 : CORNERS[random.nextInt(12)];
                return type == SsaType.I32 ? (int) bits : bits;
              })
              .toArray();
      Watcher watcher = new Watcher(function, ranges, new RecordingMachine(random.nextLong()));
      try {
        SsaInterpreter.run(function, watcher, arguments, STEPS);
      } catch (SsaMachine.Trap | SsaInterpreter.OutOfSteps e) {
        // What was seen until then was within its range.
      }
    }
  }

  @Test
  void randomFunctions() {
    for (long seed = 0; seed < 2_000; seed++) {
      watch(RandomFunction.of(seed), new Random(seed));
    }
  }

  // ---- loops

  private static String number(Random random) {
    long corner = CORNERS[random.nextInt(CORNERS.length)];
    return Long.toString(random.nextBoolean() ? (int) (corner + random.nextInt(9) - 4) : corner);
  }

  private static String small(Random random) {
    int step = random.nextInt(9) - 4;
    return Integer.toString(step == 0 ? 16 : step);
  }

  /** A loop that tests before or after its body, two variables, a bound that may vary. */
  private static SsaFunction loop(Random random, String type) {
    String[] conditions = {"ne", "slt", "sle", "sgt", "sge", "ult", "ule", "ugt", "uge", "eq"};
    String tested = random.nextBoolean() ? "v10" : random.nextBoolean() ? "v15" : "v16";
    boolean mask = random.nextBoolean();
    String start = random.nextInt(3) == 0 ? "v7" : "v1";
    String bound = random.nextInt(3) == 0 ? "v7" : "v2";
    boolean late = random.nextBoolean();
    String pair = tested + ", " + bound;
    if (random.nextInt(4) == 0) {
      pair = bound + ", " + tested;
    }
    String test =
        "  v18 = icmp.T "
            + conditions[random.nextInt(10)]
            + " "
            + pair
            + "\n"
            + (random.nextBoolean()
                ? "  br_if v18, block2, block3(v10, v11)\n"
                : "  br_if v18, block3(v10, v11), block2\n");
    String body = "  v15 = iadd.T v10, v3\n  v16 = iadd.T v10, v4\n  v17 = iadd.T v11, v5\n";
    String text =
        "function 0 \"\" (T) -> (T) {\nblock0(v0: T):\n"
            + "  v1 = iconst.T "
            + number(random)
            + "\n  v2 = iconst.T "
            + number(random)
            + "\n  v3 = iconst.T "
            + small(random)
            + "\n  v4 = iconst.T "
            + small(random)
            + "\n  v5 = iconst.T "
            + small(random)
            + "\n  v6 = iconst.T "
            + number(random)
            + "\n  v8 = iconst.T "
            + (mask ? "7" : "2147483647")
            + "\n  v7 = iand.T v0, v8\n"
            + "  br block1("
            + start
            + ", v6)\n"
            + "block1(v10: T, v11: T):\n"
            + body
            + (late ? "  br block4\nblock4:\n" + test : test)
            + "block2:\n  br block1(v15, v17)\n"
            + "block3(v20: T, v21: T):\n  v22 = iadd.T v20, v21\n  return v22\n}";
    return SsaParser.parse(text.replace("T", type));
  }

  @Test
  void randomLoops() {
    Random random = new Random(1);
    for (int n = 0; n < 5_000; n++) {
      watch(loop(random, random.nextInt(4) == 0 ? "i64" : "i32"), random);
    }
  }

  @Test
  void countedLoopsAreBounded() {
    SsaFunction function =
        SsaParser.parse(
            """
            function 0 "" () -> () {
            block0:
              v1 = iconst.i32 0
              v2 = iconst.i32 1024
              br block1(v1, v2)
            block1(v3: i32, v4: i32):
              v5 = iconst.i32 1
              v6 = iconst.i32 8
              v7 = iconst.i32 256
              v8 = iadd.i32 v3, v5
              v9 = iadd.i32 v4, v6
              v10 = icmp.i32 slt v8, v7
              br_if v10, block1(v8, v9), block2
            block2:
              return
            }
            """);
    UnsignedRanges ranges = ranges(function);
    assertThat(ranges.max(3)).isEqualTo(255);
    assertThat(ranges.min(4)).isEqualTo(1024);
    assertThat(ranges.max(4)).isEqualTo(1024 + 255 * 8);
    assertThat(ranges.max(8)).isEqualTo(256);
  }

  /** Steps of unknown size: only the condition for going round again bounds the variable. */
  @Test
  void conditionsOfBackEdgesBound() {
    SsaFunction function =
        SsaParser.parse(
            """
            function 0 "" (i32) -> () {
            block0(v0: i32):
              v1 = iconst.i32 4096
              v2 = icmp.i32 ugt v0, v1
              br_if v2, block3, block1
            block1:
              v3 = iadd.i32 v0, v0
              br block2(v3)
            block2(v4: i32):
              v5 = iadd.i32 v4, v0
              v6 = iconst.i32 8193
              v7 = icmp.i32 ult v5, v6
              br_if v7, block4, block3
            block4:
              br block2(v5)
            block3:
              return
            }
            """);
    UnsignedRanges ranges = ranges(function);
    assertThat(ranges.max(3)).isEqualTo(8192);
    assertThat(ranges.max(4)).isEqualTo(8192);
    assertThat(ranges.max(5)).isEqualTo(8192 + 4096);
    assertThat(ranges.max(0)).as("forgotten").isEqualTo(0xFFFF_FFFFL);
  }
}
