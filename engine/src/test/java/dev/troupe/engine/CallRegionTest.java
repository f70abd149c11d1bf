package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

/**
 * Functions that call only on some of their ways keep what their callers hold in callee-saved
 * registers, whichever way is taken.
 */
class CallRegionTest {
  private static final String TEXT =
      """
      (module
        (import "host" "twice" (func $twice (param i64) (result i64)))
        (func $ways (param $n i32) (param $a i64) (param $b i64) (param $c i64) (result i64)
          (local $d i64)
          (local.set $d (i64.const 1000))
          (block $behind
            (br_if $behind (i32.eqz (i32.and (local.get $n) (i32.const 3))))
            (if (i32.eqz (i32.and (local.get $n) (i32.const 4)))
              (then (return (i64.sub (local.get $a) (local.get $c)))))
            (local.set $d (i64.add (call $twice (local.get $a)) (local.get $b)))
            (if (i32.and (local.get $n) (i32.const 8))
              (then (return (i64.add (local.get $d) (local.get $c)))))
            (loop $again
              (local.set $d
                (i64.add
                  (call $ways
                    (i32.shr_u (local.get $n) (i32.const 4))
                    (local.get $d) (local.get $a) (local.get $b))
                  (local.get $d)))
              (local.set $n (i32.shr_u (local.get $n) (i32.const 4)))
              (br_if $again (i32.and (local.get $n) (i32.const 1))))
            (local.set $a (i64.mul (local.get $a) (i64.const 3))))
          (i64.add (i64.add (local.get $a) (local.get $b)) (i64.xor (local.get $c) (local.get $d))))
        (func (export "run") (param $n i32) (result i64)
          (local $p i64) (local $q i64) (local $r i64) (local $s i64) (local $t i64) (local $u i64)
          (local.set $p (i64.extend_i32_s (local.get $n)))
          (local.set $q (i64.mul (local.get $p) (i64.const 7)))
          (local.set $r (i64.xor (local.get $p) (i64.const 99)))
          (local.set $s (i64.add (local.get $q) (local.get $r)))
          (local.set $t (i64.sub (local.get $q) (local.get $r)))
          (local.set $u
            (call $ways (local.get $n) (local.get $p) (local.get $q) (local.get $r)))
          (i64.add (local.get $u)
            (i64.xor (local.get $p)
              (i64.add (local.get $q)
                (i64.xor (local.get $r)
                  (i64.sub (local.get $s)
                    (i64.add (local.get $t) (i64.extend_i32_s (local.get $n))))))))))
      """;

  private static long ways(int number, long first, long b, long c) {
    int n = number;
    long a = first;
    long d = 1000;
    if ((n & 3) != 0) {
      if ((n & 4) == 0) {
        return a - c;
      }
      d = 2 * a + b;
      if ((n & 8) != 0) {
        return d + c;
      }
      do {
        d = ways(n >>> 4, d, a, b) + d;
        n >>>= 4;
      } while ((n & 1) != 0);
      a *= 3;
    }
    return a + b + (c ^ d);
  }

  private static long expected(int n) {
    long p = n;
    long q = p * 7;
    long r = p ^ 99;
    return ways(n, p, q, r) + (p ^ (q + (r ^ (q + r - (q - r + n)))));
  }

  @Test
  void callersKeepTheirRegistersOnAllWays() {
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, TEXT);
        Store<Integer> store = Store.create(engine, 0)) {
      Linker<Integer> linker = Linker.create(engine);
      linker.func(
          "host",
          "twice",
          FuncType.of(List.of(NumType.I64), List.of(NumType.I64)),
          (caller, call) -> call.returnI64(2 * call.i64(0)));
      IntToLongFunction run =
          linker.instantiate(store, module).func("run").typed().as(IntToLongFunction.class);
      for (int n = 0; n < 5000; n++) {
        int number = n * 0x9E3779B1;
        assertThat(run.applyAsLong(n)).as("run(%d)", n).isEqualTo(expected(n));
        assertThat(run.applyAsLong(number)).as("run(%d)", number).isEqualTo(expected(number));
      }
    }
  }
}
