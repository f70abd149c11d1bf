package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.os.NativeEntry;
import dev.troupe.engine.runtime.GuestCode;
import java.lang.invoke.MethodHandle;

/** The downcall into guest code, as a constant for the JIT. */
final class Entry {
  private static final MethodHandle ENTER = NativeEntry.link(GuestCode.instance().enter());

  private Entry() {}

  /** Starts or continues the fiber that the store context describes: the exit code's ordinal. */
  static int enter(long storeContext) {
    try {
      return (int) ENTER.invokeExact(storeContext);
    } catch (Throwable unexpected) {
      throw new IllegalStateException("a downcall threw, which downcalls cannot do", unexpected);
    }
  }
}
