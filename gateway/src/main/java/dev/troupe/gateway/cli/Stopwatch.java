package dev.troupe.gateway.cli;

import dev.troupe.engine.Linker;
import dev.troupe.engine.wasm.FuncType;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The part of one call that counts. Guests that import {@code bench.start} and {@code bench.end}
 * say which part it is, as the programs of the Sightglass suite do; of other guests it is the whole
 * call.
 */
final class Stopwatch {
  /** Module name of the two imports. */
  static final String MODULE = "bench";

  private static final FuncType NOTHING = FuncType.of(List.of(), List.of());

  private final LongSupplier clock;
  private long started;
  private long ended;
  private boolean guestStarted;
  private boolean guestEnded;

  Stopwatch() {
    this(System::nanoTime);
  }

  /** A stopwatch with a clock of its own, in nanoseconds. */
  Stopwatch(LongSupplier clock) {
    this.clock = clock;
  }

  /** Defines {@code bench.start} and {@code bench.end} for stores that have a stopwatch. */
  static <T> void addTo(Linker<T> linker, Function<T, Stopwatch> of) {
    linker.func(MODULE, "start", NOTHING, (caller, call) -> of.apply(caller.data()).guestStart());
    linker.func(MODULE, "end", NOTHING, (caller, call) -> of.apply(caller.data()).guestEnd());
  }

  private void guestStart() {
    guestStarted = true;
    started = clock.getAsLong();
  }

  private void guestEnd() {
    ended = clock.getAsLong();
    guestEnded = true;
  }

  /** The host begins the call. */
  void begin() {
    guestStarted = false;
    guestEnded = false;
    started = clock.getAsLong();
  }

  /** The call is over: what counts of it, in nanoseconds. */
  long stop() {
    long now = clock.getAsLong();
    return (guestStarted && guestEnded ? ended : now) - started;
  }
}
