package dev.troupe.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troupe.engine.contract.PreemptionMode;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.runtime.exec.Carrier;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.WasmFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that guests make, and collections while they hold them in every kind of place. */
class CollectedHeapTest {
  private static final String TREES =
      """
      (module
        (type $node (sub (struct (field $value (mut i32)) (field $left (mut (ref null $node)))
                                 (field $right (mut (ref null $node))))))
        (type $bytes (array (mut i8)))
        (type $words (array (mut i32)))
        (type $nodes (array (mut (ref null $node))))
        (type $mixed (struct (field i8) (field (mut i64)) (field (mut i16)) (field (mut f64))
                             (field (mut (ref null $node))) (field (mut i8)) (field (mut v128))
                             (field (mut i32))))
        (global $kept (mut (ref null $node)) (ref.null $node))
        (global $fixed (ref $node) (struct.new $node (i32.const 77) (ref.null $node) (ref.null $node)))
        (table $t 10 (ref null $node))
        (data $d "\\01\\02\\03\\04\\05\\06\\07\\08")
        (elem $e (ref $node) (struct.new $node (i32.const 5) (ref.null $node) (ref.null $node))
                             (struct.new $node (i32.const 6) (global.get $fixed) (ref.null $node)))

        (func $make (param $depth i32) (result (ref $node))
          (if (result (ref $node)) (i32.eqz (local.get $depth))
            (then (struct.new $node (i32.const 1) (ref.null $node) (ref.null $node)))
            (else (struct.new $node (i32.const 1)
              (call $make (i32.sub (local.get $depth) (i32.const 1)))
              (call $make (i32.sub (local.get $depth) (i32.const 1)))))))

        (func $sum (param $n (ref null $node)) (result i32)
          (if (result i32) (ref.is_null (local.get $n))
            (then (i32.const 0))
            (else (i32.add (struct.get $node $value (local.get $n))
              (i32.add (call $sum (struct.get $node $left (local.get $n)))
                       (call $sum (struct.get $node $right (local.get $n))))))))

        (func (export "trees") (param $depth i32) (param $rounds i32) (result i32)
          (local $total i32)
          (global.set $kept (call $make (local.get $depth)))
          (table.set $t (i32.const 3) (call $make (i32.const 2)))
          (loop $again
            (local.set $total (i32.add (local.get $total) (call $sum (call $make (local.get $depth)))))
            (local.set $rounds (i32.sub (local.get $rounds) (i32.const 1)))
            (br_if $again (local.get $rounds)))
          (i32.add (i32.mul (call $sum (global.get $kept)) (i32.const 1000000))
            (i32.add (i32.mul (call $sum (table.get $t (i32.const 3))) (i32.const 100000))
              (local.get $total))))

        (func (export "kept") (result i32) (call $sum (global.get $kept)))
        (func (export "fixed") (result i32) (struct.get $node $value (global.get $fixed)))

        (func (export "mixed") (result i64)
          (local $m (ref null $mixed))
          (local.set $m (struct.new $mixed (i32.const -1) (i64.const 0x1122334455667788)
            (i32.const 0x1fffe) (f64.const 1.5) (call $make (i32.const 3)) (i32.const 0x1ff)
            (v128.const i64x2 3 4) (i32.const 9)))
          (drop (call $make (i32.const 4)))
          (struct.set $mixed 7 (local.get $m) (i32.const 10))
          (i64.add
            (i64.add (struct.get $mixed 1 (local.get $m))
              (i64.extend_i32_s (struct.get_s $mixed 0 (local.get $m))))
            (i64.add
              (i64.add (i64.extend_i32_s (struct.get_s $mixed 2 (local.get $m)))
                (i64.extend_i32_u (struct.get_u $mixed 5 (local.get $m))))
              (i64.add (i64.extend_i32_u (call $sum (struct.get $mixed 4 (local.get $m))))
                (i64.add (i64x2.extract_lane 1 (struct.get $mixed 6 (local.get $m)))
                  (i64.extend_i32_u (struct.get $mixed 7 (local.get $m))))))))

        (func (export "arrays") (param $n i32) (result i32)
          (local $a (ref null $words)) (local $b (ref null $nodes)) (local $i i32) (local $s i32)
          (local.set $a (array.new $words (i32.const 3) (local.get $n)))
          (local.set $b (array.new_default $nodes (local.get $n)))
          (loop $fill
            (array.set $nodes (local.get $b) (local.get $i) (call $make (i32.const 1)))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $fill (i32.lt_u (local.get $i) (local.get $n))))
          (array.fill $words (local.get $a) (i32.const 1) (i32.const 5) (i32.const 2))
          (array.copy $words $words (local.get $a) (i32.const 4) (local.get $a) (i32.const 0) (i32.const 3))
          (array.copy $nodes $nodes (local.get $b) (i32.const 1) (local.get $b) (i32.const 0) (i32.const 4))
          (local.set $i (i32.const 0))
          (loop $add
            (local.set $s (i32.add (local.get $s) (i32.add (array.get $words (local.get $a) (local.get $i))
              (call $sum (array.get $nodes (local.get $b) (local.get $i))))))
            (local.set $i (i32.add (local.get $i) (i32.const 1)))
            (br_if $add (i32.lt_u (local.get $i) (array.len (local.get $b)))))
          (local.get $s))

        (func (export "segments") (result i32)
          (local $a (ref null $words)) (local $b (ref null $nodes)) (local $c (ref null $bytes))
          (local.set $a (array.new_data $words $d (i32.const 0) (i32.const 2)))
          (local.set $b (array.new_elem $nodes $e (i32.const 0) (i32.const 2)))
          (local.set $c (array.new_fixed $bytes 3 (i32.const 1) (i32.const 2) (i32.const 255)))
          (array.init_data $bytes $d (local.get $c) (i32.const 0) (i32.const 6) (i32.const 2))
          (array.init_elem $nodes $e (local.get $b) (i32.const 0) (i32.const 1) (i32.const 1))
          (i32.add (i32.add (array.get $words (local.get $a) (i32.const 1))
              (call $sum (array.get $nodes (local.get $b) (i32.const 0))))
            (i32.add (array.get_s $bytes (local.get $c) (i32.const 2))
              (array.get_u $bytes (local.get $c) (i32.const 1)))))

        (func (export "get-null") (result i32)
          (struct.get $node $value (ref.null $node)))
        (func (export "outside") (param i32) (result i32)
          (array.get $words (array.new_default $words (i32.const 4)) (local.get 0)))
        (func (export "huge") (param i32)
          (drop (array.new_default $words (local.get 0))))
        (func (export "endless")
          (local $n (ref null $node))
          (loop $again
            (local.set $n (struct.new $node (i32.const 1) (local.get $n) (local.get $n)))
            (br $again))))
      """;

  private record Mode(String name, Tunables tunables, boolean stress) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Mode> modes() {
    Tunables plain = Tunables.DEFAULT;
    return Stream.of(
        new Mode("signals", plain, false),
        new Mode("stress", plain, true),
        new Mode("explicit stress", plain.withTraps(TrapMode.EXPLICIT), true),
        new Mode("unoptimized stress", plain.withOptimize(false), true),
        new Mode("epoch stress", plain.withPreemption(PreemptionMode.EPOCH), true));
  }

  private static Engine engine(Mode mode) {
    Engine engine =
        Engine.create(
            EngineConfig.builder()
                .features(WasmFeatures.WASM3)
                .tunables(mode.tunables())
                .debugChecks(true)
                .build());
    engine.internal().collectAtEveryAllocation(mode.stress());
    return engine;
  }

  private interface Body {
    void run(Store<String> store, Instance instance);
  }

  private static void in(Mode mode, StoreLimits limits, Body body) {
    try (Engine engine = engine(mode);
        Module module = Module.fromBinary(engine, Wat.toBinary(TREES));
        Store<String> store = Store.create(engine, "", limits)) {
      body.run(store, Linker.<String>create(engine).instantiate(store, module));
    }
  }

  private static List<Value> call(Instance instance, String name, int... arguments) {
    List<Value> values = new ArrayList<>();
    for (int argument : arguments) {
      values.add(Value.i32(argument));
    }
    return instance.func(name).call(values);
  }

  @ParameterizedTest
  @MethodSource("modes")
  void objectsStayWhatTheyAreHoweverOftenTheyMove(Mode mode) {
    int rounds = mode.stress() ? 3 : 300;
    in(
        mode,
        StoreLimits.UNLIMITED,
        (store, instance) -> {
          assertThat(call(instance, "trees", 8, rounds).getFirst().asI32())
              .isEqualTo(511 * 1_000_000 + 7 * 100_000 + 511 * rounds);
          assertThat(call(instance, "kept").getFirst().asI32()).isEqualTo(511);
          assertThat(call(instance, "fixed").getFirst().asI32()).isEqualTo(77);
          assertThat(call(instance, "mixed").getFirst().asI64())
              .isEqualTo(0x1122334455667788L - 1 - 2 + 255 + 15 + 4 + 10);
          assertThat(call(instance, "arrays", 50).getFirst().asI32())
              .isEqualTo(50 * 3 + 4 * (5 - 3) + 50 * 3);
          assertThat(call(instance, "segments").getFirst().asI32())
              .isEqualTo(0x08070605 + 6 + 77 - 1 + 8);
          assertThat(store.internal().collected().collections()).isPositive();
        });
  }

  @ParameterizedTest
  @MethodSource("modes")
  void trapsAreThoseOfTheSpecification(Mode mode) {
    in(
        mode,
        StoreLimits.UNLIMITED,
        (store, instance) -> {
          assertTrap(instance, "get-null", "null structure reference");
          assertTrap(instance, "outside", "out of bounds array access", 4);
          assertTrap(instance, "outside", "out of bounds array access", -1);
          assertThat(call(instance, "outside", 3).getFirst().asI32()).isZero();
          assertTrap(instance, "huge", "resource limit exceeded", -1);
        });
  }

  private static void assertTrap(Instance instance, String name, String text, int... arguments) {
    TrapException trap =
        catchThrowableOfType(TrapException.class, () -> call(instance, name, arguments));
    assertThat(trap).isNotNull().hasMessageContaining(text);
  }

  @Test
  void theHeapCountsAgainstTheStoresMemory() {
    StoreLimits limits = StoreLimits.UNLIMITED.withMaxMemoryBytes(4 << 20);
    Mode mode = new Mode("signals", Tunables.DEFAULT, false);
    in(
        mode,
        limits,
        (store, instance) -> {
          assertTrap(instance, "endless", "resource limit exceeded");
          assertThat(store.usage().memoryBytes()).isBetween(2L << 20, 4L << 20);
          assertThat(call(instance, "trees", 6, 100).getFirst().asI32()).isPositive();
        });
  }

  /** Its references are nobody knows where: the heap grows, and nothing moves until it goes on. */
  @Test
  void aPreemptedFiberHoldsCollectionsBack() {
    String text =
        """
        (module
          (type $node (struct (field i32) (field (ref null $node))))
          (func $list (export "list") (param $n i32) (result (ref null $node))
            (local $list (ref null $node))
            (loop $more
              (local.set $list (struct.new $node (local.get $n) (local.get $list)))
              (br_if $more (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
            (local.get $list))
          (func (export "garbage") (param $n i32)
            (drop (call $list (local.get $n))))
          (func (export "hold") (param $n i32) (param $spins i32) (result i32)
            (local $list (ref null $node)) (local $mixed i32) (local $sum i32)
            (local.set $list (call $list (local.get $n)))
            (loop $spin
              (local.set $mixed (i32.add (i32.mul (local.get $mixed) (i32.const 1103515245))
                (i32.const 12345)))
              (br_if $spin (local.tee $spins (i32.sub (local.get $spins) (i32.const 1)))))
            (loop $next
              (local.set $sum (i32.add (local.get $sum) (struct.get $node 0 (local.get $list))))
              (br_if $next (i32.eqz (ref.is_null
                (local.tee $list (struct.get $node 1 (local.get $list)))))))
            (select (local.get $sum) (i32.const -1) (local.get $mixed))))
        """;
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<String> store = Store.create(engine, "");
        Carrier carrier = engine.attachCarrier()) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      // A collected heap stays small, whatever it has held.
      List<Value> unusedBefore = call(instance, "garbage", 100_000);
      assertThat(store.usage().memoryBytes()).isLessThan(64L << 20);
      Invocation holder = preempted(instance, carrier);
      long before = store.usage().memoryBytes();
      for (int i = 0; i < 100; i++) {
        List<Value> unused = call(instance, "garbage", 10_000);
      }
      assertThat(store.usage().memoryBytes()).isGreaterThan(before + (8 << 20));
      while (holder.runSlice(carrier) == SliceOutcome.PREEMPTED) {}
      assertThat(holder.results()).containsExactly(Value.i32(5050));
    }
  }

  /** A call that was asked to leave in the middle; one that was asked too late is done again. */
  private static Invocation preempted(Instance instance, Carrier carrier) {
    for (int tries = 0; tries < 100; tries++) {
      Invocation holder =
          instance.func("hold").start(List.of(Value.i32(100), Value.i32(50_000_000)));
      carrier.preemptAfter(1_000_000);
      if (holder.runSlice(carrier) == SliceOutcome.PREEMPTED) {
        return holder;
      }
      assertThat(holder.results()).containsExactly(Value.i32(5050));
    }
    throw new AssertionError("never preempted");
  }

  @Test
  void hostObjectsThatNoGuestHoldsAreForgotten() {
    String text =
        """
        (module
          (import "host" "make" (func $make (result externref)))
          (global $kept (mut externref) (ref.null extern))
          (func (export "run") (param i32) (result externref)
            (global.set $kept (call $make))
            (loop $again
              (drop (call $make))
              (local.set 0 (i32.sub (local.get 0) (i32.const 1)))
              (br_if $again (local.get 0)))
            (global.get $kept)))
        """;
    List<Object> made = new ArrayList<>();
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<String> store = Store.create(engine, "")) {
      Linker<String> linker = Linker.create(engine);
      linker.func(
          "host",
          "make",
          FuncType.of(List.of(), List.of(RefType.EXTERNREF)),
          (caller, call) -> {
            Object object = new Object();
            if (made.isEmpty()) {
              made.add(object);
            }
            call.returnExtern(object);
          });
      Instance instance = linker.instantiate(store, module);
      Object result = call(instance, "run", 50_000).getFirst().asExtern();
      assertThat(result).isSameAs(made.getFirst());
      assertThat(store.internal().externs().size()).isLessThan(10_000);
    }
  }

  @Test
  void largeStructsStartAsZeros() {
    String fields = "(field (mut i32)) (field (mut externref)) (field (mut i8))".repeat(40);
    String text =
        "(module (type $s (struct "
            + fields
            + """
            ))
              (func (export "run") (result i32)
                (local $s (ref null $s))
                (local.set $s (struct.new_default $s))
                (struct.set $s 117 (local.get $s) (i32.const 5))
                (local.set $s (struct.new_default $s))
                (i32.add (struct.get $s 117 (local.get $s))
                  (i32.add (struct.get $s 0 (local.get $s))
                    (i32.eqz (ref.is_null (struct.get $s 118 (local.get $s))))))))
            """;
    try (Engine engine = Engine.create();
        Module module = Module.fromText(engine, text);
        Store<String> store = Store.create(engine, "")) {
      Instance instance = Linker.<String>create(engine).instantiate(store, module);
      assertThat(call(instance, "run").getFirst().asI32()).isZero();
    }
  }
}
