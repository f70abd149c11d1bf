package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Loops in which more locals than there are registers change places in every round: cycles of moves
 * between registers, between slots, and through both, with and without a register to spare.
 */
class RotatingLocalsTest {
  @ParameterizedTest
  @CsvSource({
    "i64, 5", "i64, 13", "i64, 14", "i64, 15", "i64, 16", "i64, 17", "i64, 24", "i64, 40",
    "f64, 15", "f64, 16", "f64, 17", "f64, 18", "f64, 30"
  })
  void valuesArriveWhereTheyBelong(String type, int locals) {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text(type, locals));
        Store<Integer> store = Store.create(engine, 0)) {
      Instance instance = Linker.<Integer>create(engine).instantiate(store, module);
      IntToLongFunction run = instance.func("run").typed().as(IntToLongFunction.class);
      for (int rounds = 1; rounds < 50; rounds += 7) {
        assertThat(run.applyAsLong(rounds)).isEqualTo(expected(locals, rounds));
      }
    }
  }

  /** After each round, local k holds what local k + 1 held, and local 0 and 1 are exchanged. */
  private static long expected(int locals, int rounds) {
    long[] values = IntStream.range(0, locals).mapToLong(k -> 1L << k % 30).toArray();
    for (int round = 0; round < rounds; round++) {
      long first = values[0];
      System.arraycopy(values, 1, values, 0, locals - 1);
      values[locals - 1] = first;
      long second = values[1];
      values[1] = values[0];
      values[0] = second;
    }
    long sum = 0;
    for (int k = 0; k < locals; k++) {
      sum += values[k] * (k + 1);
    }
    return sum;
  }

  private static String text(String type, int locals) {
    StringBuilder text = new StringBuilder("(module (func (export \"run\") (param $n i32)");
    text.append("(result i64)");
    for (int k = 0; k < locals; k++) {
      text.append("(local $v").append(k).append(' ').append(type).append(')');
    }
    for (int k = 0; k < locals; k++) {
      text.append("(local.set $v%d (%s.const %d))".formatted(k, type, 1L << k % 30));
    }
    text.append("(loop $again ");
    for (int k = 0; k < locals; k++) {
      text.append("(local.get $v").append(k).append(")\n");
    }
    for (int k = locals - 1; k > 0; k--) {
      text.append("(local.set $v").append(k - 1).append(")\n");
    }
    text.append("(local.set $v").append(locals - 1).append(")");
    text.append("(local.get $v0)(local.get $v1)(local.set $v0)(local.set $v1)");
    text.append("(br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))");
    text.append("(i64.const 0)");
    for (int k = 0; k < locals; k++) {
      String value = "(local.get $v" + k + ")";
      String number = type.equals("f64") ? "(i64.trunc_f64_s " + value + ")" : value;
      text.append("(i64.add (i64.mul (i64.const %d) %s))".formatted(k + 1, number));
    }
    return text.append("))").toString();
  }
}
