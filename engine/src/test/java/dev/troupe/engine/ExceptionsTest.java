package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exceptions between functions, instances, modules, and the host. */
class ExceptionsTest {
  private static final FuncType I64_TO_I64 =
      new FuncType(List.of(NumType.I64), List.of(NumType.I64));
  private static final FuncType NOTHING = new FuncType(List.of(), List.of());
  private static final long ROUNDS = 100;

  /** Throws every fourth number, also by a way that ends in another instance. */
  private static final String THROWER =
      """
      (module
        (type $t (func (param i64) (result i64)))
        (tag $e (export "e") (param i64))
        (table (export "table") 4 funcref)
        (func (export "raise") (type $t)
          (if (i64.eqz (i64.and (local.get 0) (i64.const 3)))
            (then (throw $e (local.get 0))))
          (i64.add (local.get 0) (i64.const 1)))
        (func (export "tail") (type $t)
          (return_call_indirect (type $t) (local.get 0) (i32.const 1))))
      """;

  /** Keeps values in registers, which must be the same wherever control goes on. */
  private static final String CATCHER =
      """
      (module
        (type $t (func (param i64) (result i64)))
        (import "a" "e" (tag $e (param i64)))
        (import "a" "raise" (func $raise (type $t)))
        (import "a" "tail" (func $tail (type $t)))
        (import "a" "table" (table 4 funcref))
        (import "host" "between" (func $between (type $t)))
        (elem (i32.const 1) $deep)
        (func $deep (export "deep") (type $t)
          (local $a i64) (local $b i64)
          (local.set $a (i64.mul (local.get 0) (i64.const 3)))
          (local.set $b (i64.mul (local.get 0) (i64.const 5)))
          (i64.add (i64.add (call $raise (local.get 0)) (local.get $a)) (local.get $b)))
        (func (export "rounds") (param $n i64) (param $how i32) (result i64)
          (local $i i64) (local $sum i64) (local $x i64) (local $y i64) (local $f f64)
          (loop $next
            (local.set $x (i64.mul (local.get $i) (i64.const 7)))
            (local.set $y (i64.add (local.get $i) (i64.const 11)))
            (local.set $sum (i64.add (local.get $sum)
              (block $caught (result i64)
                (try_table (result i64) (catch $e $caught)
                  (if (result i64) (i32.eqz (local.get $how))
                    (then (call $deep (local.get $i)))
                    (else
                      (if (result i64) (i32.eq (local.get $how) (i32.const 1))
                        (then (call $tail (local.get $i)))
                        (else (call $between (local.get $i))))))))))
            (local.set $f (f64.add (local.get $f) (f64.convert_i64_s (local.get $x))))
            (local.set $sum (i64.add (local.get $sum) (i64.xor (local.get $x) (local.get $y))))
            (local.set $i (i64.add (local.get $i) (i64.const 1)))
            (br_if $next (i64.lt_u (local.get $i) (local.get $n))))
          (i64.add (local.get $sum) (i64.trunc_f64_s (local.get $f)))))
      """;

  private static final String HOST_AND_GUEST =
      """
      (module
        (import "host" "throws" (func $throws))
        (tag $mine (export "mine") (param i32 f32 f64 v128 i64 externref))
        (tag $small (export "small") (param i64))
        (func (export "values") (result i32 f32 f64 v128 i64 externref)
          (block $h (result i32 f32 f64 v128 i64 externref)
            (try_table (catch $mine $h) (call $throws))
            unreachable))
        (func (export "reference") (result exnref)
          (block $h (result exnref)
            (try_table (catch_all_ref $h) (call $throws))
            unreachable))
        (func (export "again") (param exnref) (throw_ref (local.get 0)))
        (func (export "throw_small") (param i64) (throw $small (local.get 0)))
        (func $new (result exnref)
          (block $h (result exnref)
            (try_table (catch_all_ref $h) (throw $small (i64.const 1)))
            unreachable))
        ;; Throws the first of so many exceptions again.
        (func (export "old") (param $n i32)
          (local $first exnref)
          (local.set $first (call $new))
          (loop $next
            (drop (call $new))
            (br_if $next
              (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (throw_ref (local.get $first))))
      """;

  private static Engine engine(TrapMode traps) {
    return Engine.create(EngineConfig.builder().traps(traps).debugChecks(true).build());
  }

  private static Module load(Engine engine, String text) {
    return Module.fromBinary(engine, Wat.toBinary(text));
  }

  private static long expected() {
    long sum = 0;
    double f = 0;
    for (long i = 0; i < ROUNDS; i++) {
      sum += (i & 3) == 0 ? i : i + 1 + 3 * i + 5 * i;
      f += 7 * i;
      sum += 7 * i ^ i + 11;
    }
    return sum + (long) f;
  }

  /** Through frames of two instances, through a tail call to another instance, through the host. */
  @ParameterizedTest
  @EnumSource
  void registersAreThoseOfTheFrameThatCatches(TrapMode traps) {
    try (Engine engine = engine(traps);
        Store<String> store = Store.create(engine, "");
        Module throwing = load(engine, THROWER);
        Module catching = load(engine, CATCHER)) {
      Linker<String> linker = Linker.create(engine);
      Instance[] catcher = new Instance[1];
      linker.blockingFunc(
          "host",
          "between",
          I64_TO_I64,
          (caller, call) ->
              call.result(0, catcher[0].func("deep").call(Value.i64(call.i64(0))).get(0)));
      linker.instance("a", linker.instantiate(store, throwing));
      catcher[0] = linker.instantiate(store, catching);
      for (int how = 0; how < 3; how++) {
        List<Value> results = catcher[0].func("rounds").call(Value.i64(ROUNDS), Value.i32(how));
        assertThat(results.get(0).asI64()).as("way %s", how).isEqualTo(expected());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyInstanceHasItsOwnTags(TrapMode traps) {
    try (Engine engine = engine(traps);
        Store<String> store = Store.create(engine, "");
        Module throwing = load(engine, THROWER);
        Module catching = load(engine, CATCHER)) {
      Linker<String> linker = Linker.create(engine);
      Instance one = linker.instantiate(store, throwing);
      Instance other = linker.instantiate(store, throwing);
      linker.func("host", "between", I64_TO_I64, (caller, call) -> {});
      linker.define("a", "e", one.tag("e"));
      linker.define("a", "raise", other.func("raise"));
      linker.define("a", "tail", one.func("tail"));
      linker.define("a", "table", one.table("table"));
      Instance catcher = linker.instantiate(store, catching);
      GuestException thrown =
          catchThrowableOfType(
              GuestException.class,
              () -> catcher.func("rounds").call(Value.i64(ROUNDS), Value.i32(0)));
      assertThat(thrown.tag()).isEqualTo(other.tag("e")).isNotEqualTo(one.tag("e"));
      assertThat(thrown.values()).containsExactly(Value.i64(0));
      assertThat(thrown.kind()).isEqualTo(TrapKind.UNCAUGHT_EXCEPTION);
      assertThat(thrown).hasMessageStartingWith("uncaught exception");
      assertThat(thrown.frames()).hasSize(3);
      // Nothing stopped half-way: the store goes on.
      assertThat(one.func("raise").call(Value.i64(1)).get(0).asI64()).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theHostThrowsWhatGuestsCatch(TrapMode traps) {
    try (Engine engine = engine(traps);
        Store<String> store = Store.create(engine, "");
        Module module = load(engine, HOST_AND_GUEST)) {
      Object[] thrown = new Object[1];
      boolean[] later = new boolean[1];
      Linker<String> linker = Linker.create(engine);
      linker.asyncFunc(
          "host",
          "throws",
          NOTHING,
          (caller, call) -> {
            GuestException exception = (GuestException) thrown[0];
            if (later[0]) {
              return CompletableFuture.failedFuture(exception);
            }
            throw exception;
          });
      Instance instance = linker.instantiate(store, module);
      List<Value> values =
          List.of(
              Value.i32(-1),
              Value.f32(1.5f),
              Value.f64(-2.5),
              Value.v128(3, 4),
              Value.i64(Long.MIN_VALUE),
              Value.externRef("object"));
      GuestException mine = new GuestException(instance.tag("mine"), values);
      thrown[0] = mine;
      assertThat(instance.func("values").call()).isEqualTo(values);
      later[0] = true;
      assertThat(instance.func("values").call()).isEqualTo(values);

      Value reference = instance.func("reference").call().get(0);
      GuestException again =
          catchThrowableOfType(GuestException.class, () -> instance.func("again").call(reference));
      assertThat(again.exception()).isSameAs(mine.exception());
      assertThat(again.values()).isEqualTo(values);
      assertThatThrownBy(() -> instance.func("again").call(Value.nullOf(Value.EXNREF)))
          .hasMessageStartingWith("null exception reference");
      assertThatThrownBy(() -> new GuestException(instance.tag("small"), values))
          .isInstanceOf(IllegalArgumentException.class);

      thrown[0] = new GuestException(Tag.create(store, List.of()), List.of());
      assertThatThrownBy(() -> instance.func("values").call())
          .isInstanceOfSatisfying(
              GuestException.class, e -> assertThat(e.tag().type().function()).isEqualTo(NOTHING));
    }
  }

  /** Guests cannot fill the host's memory with exceptions. */
  @ParameterizedTest
  @EnumSource
  void onlyTheNewestExceptionsAreKept(TrapMode traps) {
    try (Engine engine = engine(traps);
        Store<String> store = Store.create(engine, "");
        Module module = load(engine, HOST_AND_GUEST)) {
      Linker<String> linker = Linker.create(engine);
      linker.func("host", "throws", NOTHING, (caller, call) -> {});
      Instance instance = linker.instantiate(store, module);
      assertThatThrownBy(() -> instance.func("old").call(Value.i32(1000)))
          .isInstanceOf(GuestException.class);
      assertThatThrownBy(() -> instance.func("old").call(Value.i32(100_000)))
          .hasMessageStartingWith("resource limit exceeded: an exception too old");
    }
  }

  /** What references cost counts, too: a handle each, which is far more than the number. */
  @ParameterizedTest
  @EnumSource
  void referencesThatExceptionsCarryCount(TrapMode traps) {
    String text =
        """
        (module
          (tag $wide (param %1$s))
          (func $new (result exnref)
            (block $h (result exnref)
              (try_table (catch_all_ref $h) %2$s (throw $wide))
              unreachable))
          (func (export "old") (param $n i32)
            (local $first exnref)
            (local.set $first (call $new))
            (loop $next
              (drop (call $new))
              (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (throw_ref (local.get $first))))
        """
            .formatted("externref ".repeat(100), "(ref.null extern) ".repeat(100));
    try (Engine engine = engine(traps);
        Store<String> store = Store.create(engine, "");
        Module module = load(engine, text)) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      assertThatThrownBy(() -> instance.func("old").call(Value.i32(1000)))
          .hasMessageStartingWith("resource limit exceeded: an exception too old");
    }
  }

  /** An exception that is caught by its values leaves nothing to Java's collector. */
  @ParameterizedTest
  @EnumSource
  void whatIsCaughtAtOnceIsHeldByNobody(TrapMode traps) {
    String text =
        """
        (module
          (type $nodes (array (mut anyref)))
          (tag $e (param externref))
          (elem $s anyref (ref.i31 (i32.const 5)))
          (func $raise (throw $e (ref.null extern)))
          (func (export "run") (param $n i32)
            (local $a (ref null $nodes))
            (local.set $a (array.new_default $nodes (i32.const 1)))
            (loop $next
              (block $h (result externref)
                (try_table (catch $e $h) (call $raise))
                unreachable)
              drop
              (array.init_elem $nodes $s
                (local.get $a) (i32.const 0) (i32.const 0) (i32.const 1))
              (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))))
        """;
    try (Engine engine = engine(traps);
        Store<String> store = Store.create(engine, "");
        Module module = load(engine, text)) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      assertThat(instance.func("run").call(Value.i32(10_000))).isEmpty();
      assertThat(store.internal().handles().size()).isZero();
    }
  }

  /** What another store's guest has thrown is no exception here. */
  @ParameterizedTest
  @EnumSource
  void exceptionsBelongToOneStore(TrapMode traps) {
    try (Engine engine = engine(traps);
        Store<String> store = Store.create(engine, "");
        Store<String> other = Store.create(engine, "");
        Module module = load(engine, HOST_AND_GUEST)) {
      Linker<String> linker = Linker.create(engine);
      GuestException foreign = new GuestException(Tag.create(other, List.of()), List.of());
      linker.func(
          "host",
          "throws",
          NOTHING,
          (caller, call) -> {
            throw foreign;
          });
      Instance instance = linker.instantiate(store, module);
      assertThatThrownBy(() -> instance.func("reference").call())
          .isInstanceOf(TrapException.class)
          .isNotInstanceOf(GuestException.class);
      assertThatThrownBy(() -> instance.func("again").call(new Value.ExnRef(foreign)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  /** A leaf that throws is inlined in reach of handlers like any other. */
  @ParameterizedTest
  @EnumSource
  void inlinedCallsInReachOfHandlers(TrapMode traps) {
    String text =
        """
        (module
          (tag $e (param i32))
          (func $leaf (param i32) (result i32 i32)
            (if (i32.lt_s (local.get 0) (i32.const 10))
              (then (return (local.get 0) (i32.const 5))))
            (i32.mul (local.get 0) (i32.const 3)) (local.get 0))
          (func $odd (param i32) (result i32)
            (if (i32.and (local.get 0) (i32.const 1)) (then (throw $e (local.get 0))))
            (local.get 0))
          (func (export "sum") (param $n i32) (result i32)
            (local $i i32) (local $sum i32)
            (loop $next
              (local.set $sum (i32.add (local.get $sum)
                (block $h (result i32)
                  (try_table (result i32) (catch $e $h)
                    (i32.add (i32.add (call $leaf (local.get $i)))
                      (call $odd (local.get $i)))))))
              (br_if $next
                (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1)))
                  (local.get $n))))
            (local.get $sum))
          (func (export "nothing") (param i32) (result i32)
            (block $h (result i32)
              (try_table (result i32) (catch $e $h)
                (i32.sub (call $leaf (local.get 0)))))))
        """;
    int sum = 0;
    for (int i = 0; i < 40; i++) {
      sum += (i & 1) == 1 ? i : (i < 10 ? i + 5 : 4 * i) + i;
    }
    try (Engine engine = engine(traps);
        Store<String> store = Store.create(engine, "");
        Module module = load(engine, text)) {
      Linker<String> linker = Linker.create(engine);
      Instance instance = linker.instantiate(store, module);
      assertThat(instance.func("sum").call(Value.i32(40)).get(0).asI32()).isEqualTo(sum);
      assertThat(instance.func("nothing").call(Value.i32(7)).get(0).asI32()).isEqualTo(2);
      assertThat(instance.func("nothing").call(Value.i32(70)).get(0).asI32()).isEqualTo(140);
    }
  }

  private static final String THROWERS =
      """
      (module
        (tag $t (param i64 f64))
        (tag $u)
        (global $seen (mut i32) (i32.const 0))
        (func $may (param i32) (result i32)
          (if (i32.and (local.get 0) (i32.const 1))
            (then (throw $t (i64.extend_i32_u (local.get 0)) (f64.convert_i32_u (local.get 0)))))
          (if (i32.and (local.get 0) (i32.const 2)) (then (throw $u)))
          (local.get 0))
        (func $own (param i32) (result i32)
          (block $mine
            (try_table (catch $u $mine)
              (if (i32.and (local.get 0) (i32.const 4)) (then (throw $u)))
              (if (i32.and (local.get 0) (i32.const 8))
                (then (throw $t (i64.const 4) (f64.const 4))))))
          (i32.const 1000))
        (func $number (param i64 f64) (result i32)
          (i32.add (i32.wrap_i64 (local.get 0)) (i32.trunc_f64_s (local.get 1))))
        (func (export "first") (param i32) (result i32)
          (block $u
            (return (call $number
              (block $t (result i64 f64)
                (try_table (catch $t $t) (catch $u $u) (return (call $may (local.get 0))))
                (unreachable)))))
          (i32.const -1))
        (func (export "all") (param i32) (result i32)
          (block $h (try_table (catch_all $h) (return (call $may (local.get 0)))))
          (i32.const -2))
        (func (export "again") (param i32) (result i32)
          (block $out
            (try_table (catch_all $out)
              (block $h (result exnref)
                (try_table (catch_all_ref $h) (return (call $may (local.get 0))))
                (unreachable))
              (throw_ref)))
          (i32.const -3))
        (func (export "changed") (param i32) (result i32) (local $l i32)
          (block $h
            (try_table (catch_all $h)
              (drop (call $may (local.get 0)))
              (local.set $l (i32.const 77))
              (drop (call $may (i32.shr_u (local.get 0) (i32.const 1))))
              (local.set $l (i32.const 78))))
          (local.get $l))
        (func (export "nested") (param i32) (result i32)
          (block $h
            (try_table (catch_all $h) (return (call $own (local.get 0)))))
          (i32.const -4))
        (func (export "looped") (param $n i32) (result i32) (local $sum i32)
          (loop $next
            (block $done
              (local.set $sum (i32.add (local.get $sum) (call $number
                (block $t (result i64 f64)
                  (try_table (catch $t $t) (catch $u $done)
                    (local.set $sum (i32.add (local.get $sum) (call $own (local.get $n))))
                    (drop (call $may (local.get $n))))
                  (br $done))))))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $sum))
        (func (export "uncaught") (param i32) (result i32)
          (block $h (try_table (catch $u $h) (return (call $may (local.get 0)))))
          (i32.const -5)))
      """;

  /** Results of all functions for small numbers, and which calls end with an exception. */
  private static List<String> outcomes(EngineConfig config) {
    List<String> outcomes = new ArrayList<>();
    try (Engine engine = Engine.create(config);
        Store<String> store = Store.create(engine, "");
        Module module = load(engine, THROWERS)) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      for (String name :
          List.of("first", "all", "again", "changed", "nested", "looped", "uncaught")) {
        for (int i = 1; i < 20; i++) {
          try {
            outcomes.add(name + i + instance.func(name).call(Value.i32(i)));
          } catch (GuestException e) {
            outcomes.add(name + i + e.values());
          }
        }
      }
    }
    return outcomes;
  }

  /** What callees throw is caught alike, inlined or not. */
  @ParameterizedTest
  @EnumSource
  void throwsOfInlinedCalleesAreCaughtAlike(TrapMode traps) {
    EngineConfig.Builder config = EngineConfig.builder().traps(traps).debugChecks(true);
    List<String> expected = outcomes(config.withoutPasses(Set.of("inlining")).build());
    assertThat(expected).contains("first1[" + Value.i32(2) + "]", "all2[" + Value.i32(-2) + "]");
    assertThat(outcomes(config.withoutPasses(Set.of()).build())).isEqualTo(expected);
    assertThat(outcomes(config.optimize(false).build())).isEqualTo(expected);
  }
}
