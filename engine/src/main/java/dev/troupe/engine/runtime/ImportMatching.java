package dev.troupe.engine.runtime;

import dev.troupe.engine.wasm.ExternType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;

/** Whether something of one type may be imported as another (section 3.2, matching). */
public final class ImportMatching {
  private ImportMatching() {}

  /**
   * Whether {@code actual} is what an import asks for.
   *
   * @param module the importing module
   * @param wanted the import's type, with type indexes of the module
   * @param wantedType of a function or tag: the index of its type in the module
   * @param actual with type indexes of the engine
   * @param actualType of a function or tag: the engine-wide id of its type
   */
  public static boolean matches(
      LoadedModule module, ExternType wanted, int wantedType, ExternType actual, int actualType) {
    TypeRegistry types = module.engine().types();
    // Of most modules all; every switch over patterns that a start reaches costs it a class.
    if (wanted instanceof FuncType) {
      return actual instanceof FuncType && types.extendsType(actualType, module.typeId(wantedType));
    }
    return matchesAny(module, wanted, wantedType, actual, actualType);
  }

  private static boolean matchesAny(
      LoadedModule module, ExternType wanted, int wantedType, ExternType actual, int actualType) {
    TypeRegistry types = module.engine().types();
    return switch (wanted) {
      case FuncType unused -> throw new IllegalArgumentException("a function");
      case GlobalType global ->
          actual instanceof GlobalType given && matches(types, given, module.canonical(global));
      case TagType unused -> actual instanceof TagType && actualType == module.typeId(wantedType);
      case TableType table ->
          actual instanceof TableType given
              && given.element().equals(module.canonical(table).element())
              && matches(given.limits(), table.limits());
      case MemoryType memory ->
          actual instanceof MemoryType given
              && given.shared() == memory.shared()
              && given.pageSizeLog2() == memory.pageSizeLog2()
              && matches(given.limits(), memory.limits());
    };
  }

  // What is written as well as read has to be of exactly the type.
  private static boolean matches(TypeRegistry types, GlobalType actual, GlobalType wanted) {
    return actual.mutable() == wanted.mutable()
        && (wanted.mutable()
            ? actual.type().equals(wanted.type())
            : types.matches(actual.type(), wanted.type()));
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
