package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.os.NativeEntry;
import dev.troupe.engine.runtime.GuestCode;
import java.lang.foreign.MemorySegment;

/** The downcall into guest code, as a constant for the JIT. */
final class Entry {
  private static final MemorySegment ENTER = NativeEntry.at(GuestCode.instance().enter());

  private Entry() {}

  /** Starts or continues the fiber that the store context describes: the exit code's ordinal. */
  static int enter(long storeContext) {
    return (int) NativeEntry.call(ENTER, storeContext);
  }
}
