package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.SystemRandom;

/** {@code random_get}: the kernel writes into the guest's memory. */
final class RandomBytes {
  private RandomBytes() {}

  /** (buffer, length): fills the buffer with bytes fit for keys. */
  static void get(GuestMemory memory, HostCall call) {
    long length = Integer.toUnsignedLong(call.i32(1));
    long address = memory.address(call.i32(0), length);
    WasiError.checkHost(SystemRandom.fill(address, length));
  }
}
