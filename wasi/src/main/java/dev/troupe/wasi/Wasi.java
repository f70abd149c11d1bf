package dev.troupe.wasi;

import dev.troupe.engine.Linker;
import dev.troupe.engine.TrapException;
import java.util.OptionalInt;
import java.util.function.Function;

/** Defines WASI preview 1 in a linker. */
public final class Wasi {
  /** The module name that guests import from. */
  public static final String MODULE = "wasi_snapshot_preview1";

  private Wasi() {}

  /**
   * Defines all 46 functions. They run on the thread that runs the guest; one that must wait parks
   * the fiber and goes on when the guest does. Meanwhile nothing of the guest is touched.
   *
   * @param context finds the guest's world in the host data of its store
   */
  public static <T> void addTo(Linker<T> linker, Function<T, WasiContext> context) {
    for (WasiFunction function : WasiFunction.values()) {
      WasiBody<T> body = new WasiBody<>(function, context);
      linker.waitingFunc(MODULE, function.importName(), function.type(), body);
    }
  }

  /** The status that the guest gave to {@code proc_exit}, if that is why it stopped. */
  public static OptionalInt exitCode(TrapException trap) {
    return trap.reason() instanceof WasiExitException exit
        ? OptionalInt.of(exit.code())
        : OptionalInt.empty();
  }
}
