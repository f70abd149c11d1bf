package dev.troupe.benchmarks;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.Instance;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.engine.Store;
import dev.troupe.engine.TypedFunc;
import dev.troupe.engine.Value;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.NumType;
import java.lang.invoke.MethodHandle;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What crossing between host and guest costs: there and back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CallBenchmark {
  private static final int CALLS_PER_LOOP = 10_000;
  private static final String GUEST =
      """
      (module
        (import "host" "f" (func $f (param i64) (result i64)))
        (func (export "increment") (param i64) (result i64)
          (i64.add (local.get 0) (i64.const 1)))
        (func (export "loop") (param $n i64) (result i64)
          (local $sum i64)
          (loop $again
            (local.set $sum (call $f (local.get $sum)))
            (br_if $again
              (i64.ne (local.tee $n (i64.sub (local.get $n) (i64.const 1))) (i64.const 0))))
          (local.get $sum)))
      """;

  private final Engine engine = Engine.create();
  private final Module module = Module.fromText(engine, GUEST);
  private final Store<Integer> store = Store.create(engine, 4);
  private final Instance instance;
  private final Func function;
  private final TypedFunc typed;
  private final TypedFunc loop;
  private final MethodHandle handle;
  private long value;

  /** Links the guest to a host function that adds the store's number. */
  public CallBenchmark() {
    Linker<Integer> linker = Linker.create(engine);
    FuncType type = FuncType.of(List.of(NumType.I64), List.of(NumType.I64));
    linker.func("host", "f", type, (caller, call) -> call.returnI64(call.i64(0) + caller.data()));
    instance = linker.instantiate(store, module);
    function = instance.func("increment");
    typed = function.typed();
    handle = typed.asMethodHandle();
    loop = instance.func("loop").typed();
  }

  /** Every round starts from the same number. */
  @Setup
  public void reset() {
    value = 0;
  }

  /** Releases the guest. */
  @TearDown
  public void close() {
    store.close();
    module.close();
    engine.close();
  }

  /** Host to guest with raw slots. */
  @Benchmark
  public long hostToGuestRaw() {
    value = typed.callRaw(value);
    return value;
  }

  /** Host to guest with Java types; the handle is no constant for the JIT. */
  @Benchmark
  public long hostToGuestHandle() throws Throwable {
    value = (long) handle.invokeExact(value);
    return value;
  }

  /** Host to guest with boxed values. */
  @Benchmark
  public long hostToGuestValues() {
    value = function.call(Value.i64(value)).getFirst().asI64();
    return value;
  }

  /** Guest to an inline host function and back, per call. */
  @Benchmark
  @OperationsPerInvocation(CALLS_PER_LOOP)
  public long guestToHost() {
    return loop.callRaw(CALLS_PER_LOOP);
  }
}
