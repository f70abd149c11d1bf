package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.RawMemory;

/** {@code clock_time_get} and {@code clock_res_get}. */
final class Clocks {
  private static final int LAST_CLOCK = 3;

  private Clocks() {}

  /** (id, precision, time): the time in nanoseconds. The precision is a wish and ignored. */
  static void timeGet(WasiContext context, GuestMemory memory, HostCall call) {
    int id = checked(call.i32(0));
    long address = memory.address(call.i32(2), Long.BYTES);
    RawMemory.putLong(address, context.clock().nanos(id));
  }

  /** (id, resolution): in nanoseconds. */
  static void resolutionGet(WasiContext context, GuestMemory memory, HostCall call) {
    int id = checked(call.i32(0));
    long address = memory.address(call.i32(1), Long.BYTES);
    RawMemory.putLong(address, context.clock().resolutionNanos(id));
  }

  /** A clock that there is. */
  static int checked(int id) {
    if (id < 0 || id > LAST_CLOCK) {
      throw WasiError.of(WasiErrno.INVAL);
    }
    return id;
  }
}
