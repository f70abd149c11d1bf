package dev.troupe.engine.os;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one way into native code, libc's or generated: {@code long f(long x 7)} at an address that
 * follows the System V calling convention. The linker generates classes for every signature and
 * every bound address, and that is most of what a short-lived process pays for the foreign function
 * interface: so there is one signature, and the address is an argument. Arguments beyond a
 * function's own are ignored by the calling convention; an {@code int} result is the low half.
 *
 * <p>Never linked as critical: guest code may run for long, and garbage collections must not wait
 * for it.
 */
public final class NativeEntry {
  @SuppressWarnings("restricted") // the danger is this package's purpose
  private static final MethodHandle CALL =
      Linker.nativeLinker()
          .downcallHandle(
              FunctionDescriptor.of(
                  JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                  JAVA_LONG));

  private NativeEntry() {}

  /**
   * The code at this address, which must stay mapped as long as it is called. Keep what is called
   * often in a {@code static final} field: that makes it a constant for the JIT.
   */
  public static MemorySegment at(long codeAddress) {
    return MemorySegment.ofAddress(codeAddress);
  }

  /** Calls {@code code} with one argument. */
  public static long call(MemorySegment code, long argument) {
    return call(code, argument, 0, 0, 0, 0, 0, 0);
  }

  /** Calls {@code code} with four arguments. */
  public static long call(MemorySegment code, long a, long b, long c, long d) {
    return call(code, a, b, c, d, 0, 0, 0);
  }

  static long call(MemorySegment code, long a, long b, long c, long d, long e, long f, long g) {
    try {
      return (long) CALL.invokeExact(code, a, b, c, d, e, f, g);
    } catch (Throwable unexpected) {
      throw new IllegalStateException("a downcall threw, which downcalls cannot do", unexpected);
    }
  }
}
