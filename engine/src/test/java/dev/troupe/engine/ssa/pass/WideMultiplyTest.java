package dev.troupe.engine.ssa.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.RecordingMachine;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Products put together from four products of halves, and things that look almost like them. */
class WideMultiplyTest {
  private static final SsaType I64 = SsaType.I64;

  /** The ways to write it. */
  enum Form {
    THREE_SUMS,
    TWO_SUMS,
    TWO_SUMS_OTHER_ORDER,
    CARRIES
  }

  /** Builds (a, b, c) to (low, high + c), every constant once. */
  private static final class Program {
    final SsaFunction function =
        new SsaFunction(0, "", new SsaSignature(List.of(I64, I64, I64), List.of(I64, I64)));
    private final SsaBuilder builder = new SsaBuilder(function);
    private final int entry = builder.createEntry();
    private final int a = function.parameter(entry, 0);
    private final int b = function.parameter(entry, 1);
    private final int c = function.parameter(entry, 2);
    private final int shift = builder.iconst(I64, 32);
    private final int mask = builder.iconst(I64, 0xFFFF_FFFFL);
    private final int p00 = mul(lo(a), lo(b));
    private final int p01 = mul(lo(a), hi(b));
    private final int p10 = mul(hi(a), lo(b));
    private final int p11 = mul(hi(a), hi(b));

    Program(Form form) {
      switch (form) {
        case THREE_SUMS -> {
          int m = add(add(lo(p01), hi(p00)), lo(p10));
          int low = builder.binary(SsaOp.IOR, I64, lo(p00), up(m));
          finish(low, add(add(add(p11, hi(p01)), c), add(hi(m), hi(p10))));
        }
        case TWO_SUMS -> twoSums(p01, p10);
        case TWO_SUMS_OTHER_ORDER -> twoSums(p10, p01);
        case CARRIES -> {
          int s = add(p10, p01);
          int low = add(p00, up(s));
          int top = add(up(less(s, p01)), hi(s));
          finish(low, add(add(p11, top), add(less(low, p00), c)));
        }
      }
    }

    private void twoSums(int one, int other) {
      int t = add(one, hi(p00));
      int m = add(lo(t), other);
      finish(add(up(m), lo(p00)), add(add(p11, hi(t)), add(c, hi(m))));
    }

    private void finish(int low, int high) {
      builder.ret(new int[] {low, high}, 2);
    }

    private int mul(int x, int y) {
      return builder.binary(SsaOp.IMUL, I64, x, y);
    }

    private int add(int x, int y) {
      return builder.binary(SsaOp.IADD, I64, x, y);
    }

    private int hi(int x) {
      return builder.binary(SsaOp.USHR, I64, x, shift);
    }

    private int up(int x) {
      return builder.binary(SsaOp.SHL, I64, x, shift);
    }

    private int lo(int x) {
      return builder.binary(SsaOp.IAND, I64, x, mask);
    }

    private int less(int x, int y) {
      return builder.unary(SsaOp.UEXTEND, I64, builder.icmp(IntCondition.ULT, I64, x, y));
    }
  }

  private static final long[] NUMBERS = {
    0,
    1,
    -1,
    2,
    0xFFFF_FFFFL,
    0x1_0000_0000L,
    0xFFFF_FFFF_0000_0000L,
    Long.MIN_VALUE,
    Long.MAX_VALUE,
    0xFFFF_FFFEL,
    0x8000_0000L,
    0xFFFF_FFFF_0000_0001L,
    0x1_0000_0001L
  };

  private static List<long[]> arguments(Random random, int count) {
    List<long[]> arguments = new ArrayList<>();
    for (long a : NUMBERS) {
      for (long b : NUMBERS) {
        arguments.add(new long[] {a, b, random.nextLong()});
      }
    }
    for (int i = 0; i < count; i++) {
      arguments.add(new long[] {random.nextLong(), random.nextLong(), random.nextLong()});
    }
    return arguments;
  }

  private static long count(SsaFunction function, SsaOp op) {
    long count = 0;
    int entry = function.entry();
    for (int i = function.firstInstruction(entry); i != SsaFunction.NONE; i = function.next(i)) {
      count += function.op(i) == op ? 1 : 0;
    }
    return count;
  }

  @ParameterizedTest
  @EnumSource
  void becomesOneProduct(Form form) {
    SsaFunction plain = new Program(form).function;
    SsaFunction optimized = new Program(form).function;
    PassPipeline.run(optimized, true, true);
    assertThat(count(optimized, SsaOp.MUL_WIDE_U)).as(optimized.toString()).isEqualTo(1);
    assertThat(count(optimized, SsaOp.UMULHI)).as(optimized.toString()).isZero();
    assertThat(count(optimized, SsaOp.IMUL)).as(optimized.toString()).isZero();
    for (long[] arguments : arguments(new Random(3), 200)) {
      assertThat(RecordingMachine.observe(optimized, 0, arguments, 1000))
          .as(Arrays.toString(arguments))
          .isEqualTo(RecordingMachine.observe(plain, 0, arguments, 1000));
    }
  }

  /** Gives one operand of one instruction another value that is there. */
  private static SsaFunction mutated(Form form, Random random) {
    SsaFunction function = new Program(form).function;
    int entry = function.entry();
    List<Integer> values = new ArrayList<>(List.of(0, 1, 2));
    List<Integer> places = new ArrayList<>();
    for (int i = function.firstInstruction(entry); i != SsaFunction.NONE; i = function.next(i)) {
      boolean wide = function.resultCount(i) == 1;
      if (wide && function.valueType(function.result(i)) == I64) {
        values.add(function.result(i));
      }
      if (function.operandCount(i) > 0 && function.op(i) != SsaOp.UEXTEND) {
        places.add(i);
      }
    }
    int place = places.get(random.nextInt(places.size()));
    int operand = random.nextInt(function.operandCount(place));
    int before = function.op(place) == SsaOp.RETURN ? values.size() : 0;
    while (before < values.size()
        && (values.get(before) < 3 || function.definingInstruction(values.get(before)) < place)) {
      before++;
    }
    function.setOperand(place, operand, values.get(random.nextInt(before)));
    return function;
  }

  @ParameterizedTest
  @EnumSource
  void whatOnlyLooksLikeItStaysWhatItIs(Form form) {
    for (int seed = 0; seed < 400; seed++) {
      SsaFunction plain = mutated(form, new Random(seed));
      SsaFunction optimized = mutated(form, new Random(seed));
      PassPipeline.run(optimized, true, true);
      for (long[] arguments : arguments(new Random(seed), 10)) {
        assertThat(RecordingMachine.observe(optimized, 0, arguments, 1000))
            .as("seed %d %s%n%s", seed, Arrays.toString(arguments), plain)
            .isEqualTo(RecordingMachine.observe(plain, 0, arguments, 1000));
      }
    }
  }
}
