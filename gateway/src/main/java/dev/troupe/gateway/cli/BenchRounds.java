package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Store;
import dev.troupe.engine.TrapException;
import dev.troupe.engine.Value;
import dev.troupe.wasi.Wasi;
import dev.troupe.wasi.WasiContext;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls one export again and again, on the calling thread. A command gets a fresh instance for
 * every round; other functions are called in one instance, as a host that keeps it would.
 */
final class BenchRounds {
  private final Engine engine;
  private final InstancePre<BenchGuest> linked;
  private final WasiContext.@Nullable Builder world;
  private final EntryPoint entry;
  private final List<Value> arguments;
  private String result = "";

  /**
   * Rounds of one function.
   *
   * @param world gives each instance its world; null for guests that import no WASI
   */
  BenchRounds(
      Engine engine,
      InstancePre<BenchGuest> linked,
      WasiContext.@Nullable Builder world,
      EntryPoint entry,
      List<Value> arguments) {
    this.engine = engine;
    this.linked = linked;
    this.world = world;
    this.entry = entry;
    this.arguments = List.copyOf(arguments);
  }

  /**
   * Warms up, then measures.
   *
   * @param rounds how many calls to measure
   * @param warmUpNanos how long to call before that; the call that exceeds it is the last
   * @return nanoseconds of each round
   */
  long[] run(int rounds, long warmUpNanos) throws IOException {
    if (entry.isCommand()) {
      return measure(rounds, warmUpNanos, this::inFreshInstance);
    }
    try (BenchGuest guest = BenchGuest.create(world);
        Store<BenchGuest> store = Store.create(engine, guest)) {
      Func function = linked.instantiate(store).func(entry.name());
      return measure(rounds, warmUpNanos, () -> call(store, function));
    }
  }

  /** What the last round returned, as text; several results are separated by spaces. */
  String result() {
    return result;
  }

  private static long[] measure(int rounds, long warmUpNanos, Round round) throws IOException {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < warmUpNanos) {
      long unused = round.nanos();
    }
    long[] nanos = new long[rounds];
    for (int i = 0; i < rounds; i++) {
      nanos[i] = round.nanos();
    }
    return nanos;
  }

  private long inFreshInstance() throws IOException {
    try (BenchGuest guest = BenchGuest.create(world);
        Store<BenchGuest> store = Store.create(engine, guest)) {
      return call(store, linked.instantiate(store).func(entry.name()));
    }
  }

  private long call(Store<BenchGuest> store, Func function) {
    Stopwatch stopwatch = store.data().stopwatch();
    stopwatch.begin();
    List<Value> results = callToEnd(function);
    long nanos = stopwatch.stop();
    result = results.stream().map(EntryPoint::print).collect(Collectors.joining(" "));
    return nanos;
  }

  private List<Value> callToEnd(Func function) {
    try {
      return function.call(arguments);
    } catch (TrapException e) {
      if (world != null && Wasi.exitCode(e).equals(OptionalInt.of(0))) {
        return List.of();
      }
      throw e;
    }
  }

  /** One measured call. */
  @FunctionalInterface
  private interface Round {
    long nanos() throws IOException;
  }
}
