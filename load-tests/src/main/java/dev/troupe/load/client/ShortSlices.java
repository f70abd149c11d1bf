package dev.troupe.load.client;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Asks the kernel (Linux 6.12 and later, EEVDF) to give the calling thread short slices: then it
 * need not wait, when an answer or a call is due, until a busy thread of the server on the same
 * core has used up a long one, and the latencies are the server's and not ours. Changes no share of
 * the processor.
 */
final class ShortSlices {
  private static final long SLICE_NANOS = 200_000;
  private static final long SCHED_SETATTR = 314;
  private static final long SCHED_GETATTR = 315;
  // struct sched_attr, include/uapi/linux/sched/types.h.
  private static final long BYTES = 56;
  private static final long POLICY = 4;
  private static final long RUNTIME = 24;

  private ShortSlices() {}

  /** Asks, best effort: elsewhere nothing changes. */
  @SuppressWarnings("restricted") // the one native call of this module
  static void ask() {
    Linker linker = Linker.nativeLinker();
    MethodHandle syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.firstVariadicArg(1));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(BYTES, Long.BYTES);
      long result = (long) syscall.invokeExact(SCHED_GETATTR, 0L, attributes.address(), BYTES, 0L);
      if (result >= 0 && attributes.get(JAVA_INT, POLICY) == 0) {
        attributes.set(JAVA_LONG, RUNTIME, SLICE_NANOS);
        long _ = (long) syscall.invokeExact(SCHED_SETATTR, 0L, attributes.address(), 0L, 0L);
      }
    } catch (Throwable unexpected) {
      throw new IllegalStateException("a downcall threw, which downcalls cannot do", unexpected);
    }
  }
}
