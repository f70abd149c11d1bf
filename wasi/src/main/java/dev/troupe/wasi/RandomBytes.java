package dev.troupe.wasi;

import dev.troupe.engine.HostCall;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.SystemRandom;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** {@code random_get}: the kernel writes into the guest's memory, or a seeded generator does. */
final class RandomBytes {
  private final @Nullable SplittableRandom seeded;

  /** Bytes fit for keys, or the same in each run with the same seed. */
  RandomBytes(@Nullable Long seed) {
    seeded = seed == null ? null : new SplittableRandom(seed);
  }

  /** (buffer, length): fills the buffer. */
  void get(GuestMemory memory, HostCall call) {
    long length = Integer.toUnsignedLong(call.i32(1));
    long address = memory.address(call.i32(0), length);
    SplittableRandom random = seeded;
    if (random == null) {
      WasiError.checkHost(SystemRandom.fill(address, length));
      return;
    }
    long words = length / Long.BYTES;
    for (long i = 0; i < words; i++) {
      RawMemory.putLong(address + i * Long.BYTES, random.nextLong());
    }
    for (long i = words * Long.BYTES; i < length; i++) {
      RawMemory.putByte(address + i, (byte) random.nextInt());
    }
  }
}
