package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Division by constants: many divisors, and the dividends around which rounding changes. */
class DivisionByConstantTest {
  private static final SsaOp[] OPS = {SsaOp.SDIV, SsaOp.UDIV, SsaOp.SREM, SsaOp.UREM};

  private static List<Long> numbers(SsaType type, int count, Random random) {
    List<Long> numbers = new ArrayList<>();
    for (long small = -12; small <= 12; small++) {
      numbers.add(small);
    }
    for (int shift = 3; shift < type.bits(); shift += 4) {
      for (long delta = -1; delta <= 1; delta++) {
        numbers.add((1L << shift) + delta);
        numbers.add(-(1L << shift) + delta);
      }
    }
    for (int i = 0; i < count; i++) {
      numbers.add(random.nextLong() >> random.nextInt(64));
    }
    return type == SsaType.I32 ? numbers.stream().map(n -> (long) n.intValue()).toList() : numbers;
  }

  private static SsaFunction division(SsaOp op, SsaType type, long divisor) {
    SsaFunction function = new SsaFunction(0, "", new SsaSignature(List.of(type), List.of(type)));
    SsaBuilder builder = new SsaBuilder(function);
    int entry = builder.createEntry();
    int constant = builder.iconst(type, divisor);
    int result = builder.binary(op, type, function.parameter(entry, 0), constant);
    builder.ret(new int[] {result}, 1);
    return function;
  }

  private static boolean divides(SsaFunction function) {
    int entry = function.entry();
    for (int i = function.firstInstruction(entry); i != SsaFunction.NONE; i = function.next(i)) {
      if (List.of(OPS).contains(function.op(i))) {
        return true;
      }
    }
    return false;
  }

  private static void check(SsaType type) {
    Random random = new Random(7);
    for (long divisor : numbers(type, 60, random)) {
      for (SsaOp op : OPS) {
        SsaFunction plain = division(op, type, divisor);
        SsaFunction optimized = division(op, type, divisor);
        PassPipeline.run(optimized, true, true);
        boolean stays = divisor == 0 || divisor == -1 && op == SsaOp.SDIV;
        assertThat(divides(optimized)).as("%s by %d", op, divisor).isEqualTo(stays);
        List<Long> dividends = new ArrayList<>(numbers(type, 10, random));
        for (long multiple : numbers(type, 10, random)) {
          long product = multiple * divisor;
          long near = product + random.nextInt(3) - 1;
          dividends.add(type == SsaType.I32 ? (int) near : near);
        }
        for (long dividend : dividends) {
          long[] arguments = {dividend};
          assertThat(RecordingMachine.observe(optimized, 0, arguments, 1000))
              .as("%s.%s %d by %d", op, type, dividend, divisor)
              .isEqualTo(RecordingMachine.observe(plain, 0, arguments, 1000));
        }
      }
    }
  }

  @Test
  void i32() {
    check(SsaType.I32);
  }

  @Test
  void i64() {
    check(SsaType.I64);
  }
}
