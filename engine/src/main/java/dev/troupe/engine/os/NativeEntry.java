package dev.troupe.engine.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The one way into generated code: {@code int enter(long argument)}. Never linked as critical:
 * guest code may run for long, and garbage collections must not wait for it.
 */
public final class NativeEntry {
  private NativeEntry() {}

  /**
   * A handle of type {@code (long)int} on code at this address, which must follow the System V
   * calling convention and stay mapped forever. Keep it in a {@code static final} field and call it
   * with {@code invokeExact}: that makes it a constant for the JIT.
   */
  @SuppressWarnings("restricted") // the danger is this package's purpose
  public static MethodHandle link(long codeAddress) {
    return Linker.nativeLinker()
        .downcallHandle(
            MemorySegment.ofAddress(codeAddress), FunctionDescriptor.of(JAVA_INT, JAVA_LONG));
  }
}
