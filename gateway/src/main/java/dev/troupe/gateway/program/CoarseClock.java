package dev.troupe.gateway.program;

import dev.troupe.wasi.WasiClock;
import java.util.concurrent.TimeUnit;

/**
 * The clocks of tenants: whole milliseconds, because a finer clock is what a guest would measure
 * the secrets of its neighbours with. "Processor time" is the time since the call began: what other
 * calls do is nobody's business.
 */
final class CoarseClock implements WasiClock {
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final long beginNanos = System.nanoTime();

  @Override
  public long nanos(int id) {
    long nanos =
        id == REALTIME
            ? TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis())
            : System.nanoTime() - beginNanos;
    return nanos - nanos % TICK_NANOS;
  }

  @Override
  public long resolutionNanos(int id) {
    return TICK_NANOS;
  }
}
