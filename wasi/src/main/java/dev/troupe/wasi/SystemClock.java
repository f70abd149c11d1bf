package dev.troupe.wasi;

import dev.troupe.engine.os.SystemClocks;

/**
 * The clocks of the kernel. The processor time of "the process" is that of the calling thread,
 * because the other threads of the process belong to others.
 */
final class SystemClock implements WasiClock {
  private final WasiContext context;

  SystemClock(WasiContext context) {
    this.context = context;
  }

  private static int host(int id) {
    return id == PROCESS_CPU ? SystemClocks.THREAD_CPU : id;
  }

  @Override
  public long nanos(int id) {
    return SystemClocks.nanos(host(id), context.scratch().block());
  }

  @Override
  public long resolutionNanos(int id) {
    return SystemClocks.resolutionNanos(host(id), context.scratch().block());
  }
}
