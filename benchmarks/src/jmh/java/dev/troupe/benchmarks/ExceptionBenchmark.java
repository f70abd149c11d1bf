package dev.troupe.benchmarks;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.Instance;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.Value;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A loop of calls, the same in reach of a handler, and one whose every call throws. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExceptionBenchmark {
  private static final int CALLS = 10_000;
  private static final String GUEST =
      """
      (module
        (tag $e (param i32))
        (type $t (func (param i32) (result i32)))
        (table funcref (elem $leaf))
        (func $leaf (type $t)
          (if (i32.lt_s (local.get 0) (i32.const 0)) (then (throw $e (local.get 0))))
          (i32.add (local.get 0) (i32.const 1)))
        (func (export "plain") (param $n i32) (param $with i32) (result i32)
          (local $sum i32)
          (loop $next
            (local.set $sum (i32.add (local.get $sum)
              (call_indirect (type $t) (local.get $with) (i32.const 0))))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $sum))
        (func (export "guarded") (param $n i32) (param $with i32) (result i32)
          (local $sum i32)
          (loop $next
            (local.set $sum (i32.add (local.get $sum)
              (block $caught (result i32)
                (try_table (result i32) (catch $e $caught)
                  (call_indirect (type $t) (local.get $with) (i32.const 0))))))
            (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
          (local.get $sum)))
      """;

  private final Engine engine = Engine.create();
  private final Module module = Module.fromText(engine, GUEST);
  private final Store<String> store = Store.create(engine, "");
  private final Func plain;
  private final Func guarded;

  /** Makes the guest. */
  public ExceptionBenchmark() {
    Linker<String> linker = Linker.create(engine);
    Instance instance = linker.instantiate(store, module);
    plain = instance.func("plain");
    guarded = instance.func("guarded");
  }

  /** Releases the guest. */
  @TearDown
  public void close() {
    store.close();
    module.close();
    engine.close();
  }

  /** Without a handler. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public List<Value> calls() {
    return plain.call(Value.i32(CALLS), Value.i32(1));
  }

  /** In reach of a handler; nothing is thrown. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public List<Value> guardedCalls() {
    return guarded.call(Value.i32(CALLS), Value.i32(1));
  }

  /** Every call throws, and its caller catches. */
  @Benchmark
  @OperationsPerInvocation(CALLS)
  public List<Value> throwAndCatch() {
    return guarded.call(Value.i32(CALLS), Value.i32(-1));
  }
}
