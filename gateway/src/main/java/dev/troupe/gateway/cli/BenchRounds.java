package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.Func;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Store;
import dev.troupe.engine.Value;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Calls one export again and again, on the calling thread. A command gets a fresh instance for
 * every round; other functions are called in one instance, as a host that keeps it would.
 */
final class BenchRounds {
  private final Engine engine;
  private final InstancePre<Stopwatch> linked;
  private final EntryPoint entry;
  private final List<Value> arguments;
  private String result = "";

  BenchRounds(
      Engine engine, InstancePre<Stopwatch> linked, EntryPoint entry, List<Value> arguments) {
    this.engine = engine;
    this.linked = linked;
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
  long[] run(int rounds, long warmUpNanos) {
    if (entry.isCommand()) {
      return measure(rounds, warmUpNanos, this::inFreshInstance);
    }
    try (Store<Stopwatch> store = Store.create(engine, new Stopwatch())) {
      Func function = linked.instantiate(store).func(entry.name());
      return measure(rounds, warmUpNanos, () -> call(store, function));
    }
  }

  /** What the last round returned, as text; several results are separated by spaces. */
  String result() {
    return result;
  }

  private long[] measure(int rounds, long warmUpNanos, Round round) {
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

  private long inFreshInstance() {
    try (Store<Stopwatch> store = Store.create(engine, new Stopwatch())) {
      return call(store, linked.instantiate(store).func(entry.name()));
    }
  }

  private long call(Store<Stopwatch> store, Func function) {
    Stopwatch stopwatch = store.data();
    stopwatch.begin();
    List<Value> results = function.call(arguments);
    long nanos = stopwatch.stop();
    result = results.stream().map(EntryPoint::print).collect(Collectors.joining(" "));
    return nanos;
  }

  /** One measured call. */
  @FunctionalInterface
  private interface Round {
    long nanos();
  }
}
