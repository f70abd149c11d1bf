package dev.troupe.engine.wast;

import dev.troupe.engine.oracle.OracleFunction;
import dev.troupe.engine.oracle.OracleGlobal;
import dev.troupe.engine.oracle.OracleMemory;
import dev.troupe.engine.oracle.OracleTable;
import dev.troupe.engine.oracle.OracleTag;
import dev.troupe.engine.oracle.OracleTypes;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmModule;

/** Whether what a script offers may be imported (section 3.5 of the specification). */
final class PlainMatching {
  private final OracleTypes types;

  PlainMatching(OracleTypes types) {
    this.types = types;
  }

  /**
   * Whether {@code found} is what an import of {@code to} asks for.
   *
   * @param from the module that exports it
   * @param position of the import among the functions or tags of {@code to}
   */
  boolean matches(Object found, WasmModule from, Import imported, WasmModule to, int position) {
    return switch (imported.type()) {
      case FuncType unused ->
          found instanceof OracleFunction function
              && types.isSubtype(
                  function.typeId(types), types.id(to, to.functionTypeIndex(position)));
      case TagType unused ->
          found instanceof OracleTag tag && tag.typeId() == types.id(to, to.tagTypeIndex(position));
      case GlobalType wanted ->
          found instanceof OracleGlobal global
              && global.type().mutable() == wanted.mutable()
              && matches(global.type().type(), from, wanted.type(), to)
              && (!wanted.mutable() || matches(wanted.type(), to, global.type().type(), from));
      case TableType wanted ->
          found instanceof OracleTable table
              && matches(table.type().element(), from, wanted.element(), to)
              && matches(wanted.element(), to, table.type().element(), from)
              && matches(table.type().limits(), table.size(), wanted.limits());
      case MemoryType wanted ->
          found instanceof OracleMemory memory
              && memory.type().shared() == wanted.shared()
              && memory.type().pageSizeLog2() == wanted.pageSizeLog2()
              && matches(memory.type().limits(), memory.pages(), wanted.limits());
    };
  }

  private boolean matches(ValType actual, WasmModule from, ValType wanted, WasmModule to) {
    return types.matches(types.code(from, actual.code()), types.code(to, wanted.code()));
  }

  private static boolean matches(Limits declared, long size, Limits wanted) {
    if (declared.is64() != wanted.is64() || Long.compareUnsigned(size, wanted.min()) < 0) {
      return false;
    }
    Long wantedMax = wanted.max();
    Long actualMax = declared.max();
    return wantedMax == null
        || (actualMax != null && Long.compareUnsigned(actualMax, wantedMax) <= 0);
  }

  /** The position of an import among those of its kind. */
  static int position(WasmModule module, int index) {
    ExternKind kind = module.imports().get(index).kind();
    return (int) module.imports().subList(0, index).stream().filter(i -> i.kind() == kind).count();
  }
}
