package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RandomFunction;
import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaParser;
import dev.troupe.engine.ssa.SsaPrinter;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random functions: results, traps, memory and calls are the same before and after every pass. */
class PassPropertyTest {
  private static final int FUNCTIONS = 1000;
  private static final int RUNS = 4;
  private static final long STEPS = 1_000_000;
  private static final long[] ARGUMENTS = {
    0,
    1,
    -1,
    2,
    5,
    100,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    0x3F80_0000L,
    0x7FC0_0000L,
    0x3FF0_0000_0000_0000L,
    0x7FF8_0000_0000_0000L
  };

  private static long[] arguments(SsaFunction function, Random random) {
    return function.signature().parameters().stream()
        .mapToLong(type -> {
          long bits =
              random.nextBoolean()
                  ? ARGUMENTS[random.nextInt(ARGUMENTS.length)]
                  : random.nextLong();
          return switch (type) {
            case I32 -> (int) bits;
            case F32 -> bits & 0xFFFF_FFFFL;
            case I64, F64, V128, REF -> bits;
          };
        })
        .toArray();
  }

  private static List<String> observe(SsaFunction function, long seed) {
    Random random = new Random(seed);
    List<String> outcomes = new ArrayList<>();
    for (int run = 0; run < RUNS; run++) {
      long world = random.nextLong();
      outcomes.add(RecordingMachine.observe(function, world, arguments(function, random), STEPS));
    }
    return outcomes;
  }

  @Test
  void everyPassKeepsTheMeaning() {
    for (long seed = 0; seed < FUNCTIONS; seed++) {
      SsaFunction function = RandomFunction.of(seed);
      SsaVerifier.verify(function, "generation from seed " + seed);
      String text = SsaPrinter.print(function);
      List<String> expected = observe(function, seed);
      for (PassPipeline pipeline : PassPipeline.values()) {
        SsaFunction copy = SsaParser.parse(text);
        assertThat(SsaPrinter.print(copy)).as("seed %d", seed).isEqualTo(text);
        for (PassPipeline.Row row : pipeline.rows()) {
          String before = SsaPrinter.print(copy);
          row.pass().accept(copy);
          SsaVerifier.verify(copy, row.name() + " of seed " + seed + ", from\n" + before);
          assertThat(observe(copy, seed))
              .as("seed %d, after %s of\n%s\ngave\n%s", seed, row.name(), before, copy)
              .isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void theSameFunctionGivesTheSameText() {
    for (long seed = 0; seed < 200; seed++) {
      SsaFunction first = RandomFunction.of(seed);
      SsaFunction second = RandomFunction.of(seed);
      PassPipeline.run(first, true, false);
      PassPipeline.run(second, true, false);
      assertThat(SsaPrinter.print(second)).isEqualTo(SsaPrinter.print(first));
    }
  }
}
