package dev.troupe.engine.wast;

import dev.troupe.engine.wasm.ExternType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;

/** Whether something may be imported, for modules without declared reference types. */
final class PlainMatching {
  private PlainMatching() {}

  /** Whether {@code actual} matches what the import asks for. */
  static boolean matches(ExternType actual, ExternType wanted) {
    return switch (wanted) {
      case FuncType function -> function.equals(actual);
      case GlobalType global -> global.equals(actual);
      case TagType tag -> tag.equals(actual);
      case TableType table ->
          actual instanceof TableType given
              && given.element().equals(table.element())
              && matches(given.limits(), table.limits());
      case MemoryType memory ->
          actual instanceof MemoryType given
              && given.shared() == memory.shared()
              && given.pageSizeLog2() == memory.pageSizeLog2()
              && matches(given.limits(), memory.limits());
    };
  }

  private static boolean matches(Limits actual, Limits wanted) {
    if (actual.is64() != wanted.is64() || Long.compareUnsigned(actual.min(), wanted.min()) < 0) {
      return false;
    }
    Long wantedMax = wanted.max();
    Long actualMax = actual.max();
    return wantedMax == null
        || (actualMax != null && Long.compareUnsigned(actualMax, wantedMax) <= 0);
  }
}
