package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.SystemClocks;

/** {@code clock_time_get} and {@code clock_res_get}. The clock ids are those of Linux. */
final class Clocks {
  private static final int LAST_CLOCK = 3;

  private Clocks() {}

  /**
   * (id, precision, time): the time in nanoseconds. Realtime counts from 1970, monotonic from
   * anywhere; the processor time of "the process" is that of the calling thread, because the other
   * threads of the process belong to others. The precision is a wish and ignored.
   */
  static void timeGet(WasiContext context, GuestMemory memory, HostCall call) {
    int clock = host(call.i32(0));
    long address = memory.address(call.i32(2), Long.BYTES);
    RawMemory.putLong(address, SystemClocks.nanos(clock, context.scratch().block()));
  }

  /** (id, resolution): in nanoseconds. */
  static void resolutionGet(WasiContext context, GuestMemory memory, HostCall call) {
    int clock = host(call.i32(0));
    long address = memory.address(call.i32(1), Long.BYTES);
    RawMemory.putLong(address, SystemClocks.resolutionNanos(clock, context.scratch().block()));
  }

  /** The clock of the host for one of WASI. */
  static int host(int id) {
    if (id < 0 || id > LAST_CLOCK) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    return id == SystemClocks.PROCESS_CPU ? SystemClocks.THREAD_CPU : id;
  }
}
