package dev.troupe.gateway.cli;

import dev.troupe.engine.Engine;
import dev.troupe.engine.InstancePre;
import dev.troupe.engine.Linker;
import dev.troupe.engine.Module;
import dev.troupe.wasi.Wasi;
import dev.troupe.wasi.WasiContext;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The host data of a measured guest.
 *
 * @param stopwatch what it is timed with
 * @param wasi its world, or null when it imports none
 */
record BenchGuest(Stopwatch stopwatch, @Nullable WasiContext wasi) implements AutoCloseable {
  /** Makes the world of a new instance; null for guests that import no WASI. */
  static BenchGuest create(WasiContext.@Nullable Builder world) throws IOException {
    return new BenchGuest(new Stopwatch(), world == null ? null : world.build());
  }

  /** Resolves the imports of guests. */
  static InstancePre<BenchGuest> link(Engine engine, Module module) {
    Linker<BenchGuest> linker = Linker.create(engine);
    Stopwatch.addTo(linker, BenchGuest::stopwatch);
    if (WasiOptions.importsWasi(module)) {
      Wasi.addTo(linker, BenchGuest::world);
    }
    return linker.instantiatePre(module);
  }

  private WasiContext world() {
    if (wasi == null) {
      throw new IllegalStateException("a guest that imports WASI was made without a world");
    }
    return wasi;
  }

  @Override
  public void close() {
    if (wasi != null) {
      wasi.close();
    }
  }
}
