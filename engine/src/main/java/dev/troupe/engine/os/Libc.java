package dev.troupe.engine.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Calls into libc. All of them share one native signature, {@code long f(long x 7)}: the linker
 * generates code once per signature, and that generation is most of what a short-lived process pays
 * for the foreign function interface. Arguments beyond a function's own are ignored by the x86-64
 * calling convention; an {@code int} result is the low half.
 */
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final FunctionDescriptor SIGNATURE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
  private static final long CAPTURE_BYTES = Linker.Option.captureStateLayout().byteSize();
  private static final long ERRNO_OFFSET =
      Linker.Option.captureStateLayout().byteOffset(PathElement.groupElement("errno"));

  private static final MethodHandle SYSCALL = link("syscall");
  private static final MethodHandle SIGACTION = link("sigaction");
  private static final MethodHandle GETAUXVAL = link("getauxval");
  private static final MethodHandle MEMSET = link("memset");

  /** Where the linker stores errno; one per thread, released with the thread. */
  private static final ThreadLocal<MemorySegment> CAPTURE =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE_BYTES, 8));

  private Libc() {}

  @SuppressWarnings("restricted") // the danger is this package's purpose
  private static MethodHandle link(String name) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        SIGNATURE,
        Linker.Option.captureCallState("errno"));
  }

  /** A system call by number: its result, or {@code -errno}. */
  static long syscall(long number, long a, long b, long c, long d, long e, long f) {
    MemorySegment capture = CAPTURE.get();
    try {
      long result = (long) SYSCALL.invokeExact(capture, number, a, b, c, d, e, f);
      return result == -1 ? -capture.get(JAVA_INT, ERRNO_OFFSET) : result;
    } catch (Throwable unexpected) {
      throw unreachable(unexpected);
    }
  }

  /** A system call that is repeated when a signal interrupts it: its result, or {@code -errno}. */
  static long repeated(long number, long a, long b, long c, long d) {
    long result;
    do {
      result = syscall(number, a, b, c, d, 0, 0);
    } while (result == -Errno.EINTR);
    return result;
  }

  /** A system call that must succeed; repeated when a signal interrupts it. */
  static long check(String name, long number, long a, long b, long c, long d, long e, long f) {
    while (true) {
      long result = syscall(number, a, b, c, d, e, f);
      if (result >= 0) {
        return result;
      }
      // Addresses are below 2^47, so a negative result is always an error number.
      if (result != -Errno.EINTR) {
        throw new OsException(name, (int) -result);
      }
    }
  }

  static long check(String name, long number, long a, long b, long c) {
    return check(name, number, a, b, c, 0, 0, 0);
  }

  /** libc's sigaction, not the system call: libc supplies the restorer, and libjsig can see it. */
  static void sigaction(int signal, long newAction, long oldAction) {
    MemorySegment capture = CAPTURE.get();
    int result;
    try {
      result =
          (int)
              (long)
                  SIGACTION.invokeExact(
                      capture, (long) signal, newAction, oldAction, 0L, 0L, 0L, 0L);
    } catch (Throwable unexpected) {
      throw unreachable(unexpected);
    }
    if (result != 0) {
      throw new OsException("sigaction", capture.get(JAVA_INT, ERRNO_OFFSET));
    }
  }

  /** A value of the auxiliary vector, 0 when the kernel gives none. */
  static long getauxval(long type) {
    try {
      return (long) GETAUXVAL.invokeExact(CAPTURE.get(), type, 0L, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable unexpected) {
      throw unreachable(unexpected);
    }
  }

  /** Sets {@code bytes} bytes to the low byte of {@code value}. */
  static void memset(long address, int value, long bytes) {
    try {
      long _ =
          (long) MEMSET.invokeExact(CAPTURE.get(), address, (long) value, bytes, 0L, 0L, 0L, 0L);
    } catch (Throwable unexpected) {
      throw unreachable(unexpected);
    }
  }

  static IllegalStateException unreachable(Throwable unexpected) {
    return new IllegalStateException("a downcall threw, which downcalls cannot do", unexpected);
  }
}
