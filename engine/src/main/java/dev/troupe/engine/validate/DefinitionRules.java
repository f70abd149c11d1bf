package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FeatureDisabledException;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.ModuleEntry;
import dev.troupe.engine.wasm.SegmentMode;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.WasmFeature;
import dev.troupe.engine.wasm.WasmModule;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Everything of a module but its function bodies (section 3.5). */
final class DefinitionRules {
  private static final long MAX_TABLE_ENTRIES_32 = 0xFFFF_FFFFL;

  private final ModuleContext context;
  private final WasmModule module;
  private final ConstExprValidator expressions;

  DefinitionRules(ModuleContext context) {
    this.context = context;
    this.module = context.module;
    this.expressions = new ConstExprValidator(context);
  }

  void check() {
    functions();
    tables();
    memories();
    tags();
    globals();
    elements();
    data();
    start();
    exports();
  }

  private void functions() {
    int imported = module.importedFunctionCount();
    for (int i = 0; i < module.functionCount(); i++) {
      int type = module.functionTypeIndex(i);
      if (!context.isFunctionType(type)) {
        throw unknown("type", type, offset(ExternKind.FUNC, imported, ModuleEntry.FUNCTION, i));
      }
    }
  }

  // Entry i of an index space is the i-th import of its kind. Only errors ask, so a scan is fine.
  private int importOffset(ExternKind kind, int i) {
    int seen = -1;
    for (int at = 0; at < module.imports().size(); at++) {
      if (module.imports().get(at).kind() == kind && ++seen == i) {
        return at(ModuleEntry.IMPORT, at);
      }
    }
    throw new IllegalStateException("no import " + i + " of kind " + kind);
  }

  private int offset(ExternKind kind, int imported, ModuleEntry entry, int i) {
    return i < imported ? importOffset(kind, i) : at(entry, i - imported);
  }

  private int at(ModuleEntry kind, int i) {
    return module.entryOffset(kind, i);
  }

  private void tables() {
    List<TableType> tables = module.tables();
    int imported = module.importedTableCount();
    for (int i = 0; i < tables.size(); i++) {
      int offset = offset(ExternKind.TABLE, imported, ModuleEntry.TABLE, i);
      Limits limits = tables.get(i).limits();
      checkRange(
          limits,
          limits.is64() ? -1 : MAX_TABLE_ENTRIES_32,
          "table size must be at most 2^32-1",
          offset);
      if (i > 0 && !context.features.contains(WasmFeature.REFERENCE_TYPES)) {
        throw new FeatureDisabledException(WasmFeature.REFERENCE_TYPES, "multiple tables", offset);
      }
      if (i >= imported) {
        initializer(i, offset);
      }
    }
  }

  private void initializer(int table, int offset) {
    ConstExpr initializer = module.tableInitializer(table);
    if (initializer != null) {
      expressions.check(initializer, context.tableElements[table], module.importedGlobalCount());
    } else if (!module.tables().get(table).element().nullable()) {
      throw new InvalidException(
          "type mismatch: a table without initial value of references that are never null", offset);
    }
  }

  private void memories() {
    List<MemoryType> memories = module.memories();
    int imported = module.importedMemoryCount();
    for (int i = 0; i < memories.size(); i++) {
      int offset = offset(ExternKind.MEMORY, imported, ModuleEntry.MEMORY, i);
      MemoryType type = memories.get(i);
      if (!type.hasStandardPages() && type.pageSizeLog2() != 0) {
        throw new InvalidException("invalid custom page size", offset);
      }
      checkRange(type.limits(), type.mostPages(), mostPagesText(type), offset);
      if (type.shared() && type.limits().max() == null) {
        throw new InvalidException("shared memory must have maximum", offset);
      }
      if (i > 0 && !context.features.contains(WasmFeature.MULTI_MEMORY)) {
        throw new FeatureDisabledException(WasmFeature.MULTI_MEMORY, "multiple memories", offset);
      }
    }
  }

  private static String mostPagesText(MemoryType type) {
    boolean is64 = type.limits().is64();
    if (!type.hasStandardPages()) {
      return "memory size must be at most " + (is64 ? "2^64 - 1" : "2^32 - 1") + " pages";
    }
    return is64
        ? "memory size must be at most 2^48 pages"
        : "memory size must be at most 65536 pages (4GiB)";
  }

  private static void checkRange(Limits limits, long range, String message, int offset) {
    Long max = limits.max();
    if (Long.compareUnsigned(limits.min(), range) > 0
        || (max != null && Long.compareUnsigned(max, range) > 0)) {
      throw new InvalidException(message, offset);
    }
    if (max != null && Long.compareUnsigned(limits.min(), max) > 0) {
      throw new InvalidException("size minimum must not be greater than maximum", offset);
    }
  }

  private void tags() {
    int imported = module.importedTagCount();
    for (int i = 0; i < module.tags().size(); i++) {
      int offset = offset(ExternKind.TAG, imported, ModuleEntry.TAG, i);
      int type = module.tagTypeIndex(i);
      if (!context.isFunctionType(type)) {
        throw unknown("type", type, offset);
      }
      if (module.funcType(type).resultCount() != 0) {
        throw new InvalidException("non-empty tag result type", offset);
      }
    }
  }

  private void globals() {
    int imported = module.importedGlobalCount();
    boolean seesEarlier = seesDefinedGlobals();
    for (int i = 0; i < module.globals().size(); i++) {
      GlobalType type = module.globals().get(i);
      if (i >= imported) {
        ConstExpr initializer = module.globalInitializer(i);
        expressions.check(initializer, context.globalTypes[i], seesEarlier ? i : imported);
      } else if (type.mutable() && !context.features.contains(WasmFeature.MUTABLE_GLOBALS)) {
        throw new FeatureDisabledException(
            WasmFeature.MUTABLE_GLOBALS,
            "import of a mutable global",
            importOffset(ExternKind.GLOBAL, i));
      }
    }
  }

  /** Whether constant expressions may use globals of the module itself, as WebAssembly 3.0 says. */
  private boolean seesDefinedGlobals() {
    return context.features.contains(WasmFeature.FUNCTION_REFERENCES);
  }

  private int globalsVisibleToSegments() {
    return seesDefinedGlobals() ? module.globals().size() : module.importedGlobalCount();
  }

  private void elements() {
    for (int i = 0; i < module.elements().size(); i++) {
      ElementSegment segment = module.elements().get(i);
      int offset = at(ModuleEntry.ELEMENT, i);
      if (segment.mode() instanceof SegmentMode.Active active) {
        int table = active.index();
        if (Integer.compareUnsigned(table, module.tables().size()) >= 0) {
          throw unknown("table", table, offset);
        }
        if (!context.matches(context.elementTypes[i], context.tableElements[table])) {
          throw new InvalidException(
              "type mismatch: elements of type " + segment.type() + " for another table", offset);
        }
        expressions.check(
            active.offset(), context.tableAddresses[table], globalsVisibleToSegments());
      }
      items(segment, context.elementTypes[i], offset);
    }
  }

  private void items(ElementSegment segment, int type, int offset) {
    switch (segment.items()) {
      case ElementSegment.Functions functions -> {
        for (int i = 0; i < functions.count(); i++) {
          expressions.function(functions.functionIndex(i), offset);
        }
      }
      case ElementSegment.Expressions items -> {
        int visible = globalsVisibleToSegments();
        for (ConstExpr item : items.expressions()) {
          expressions.check(item, type, visible);
        }
      }
    }
  }

  private void data() {
    for (int i = 0; i < module.data().size(); i++) {
      DataSegment segment = module.data().get(i);
      if (segment.mode() instanceof SegmentMode.Active active) {
        int memory = active.index();
        if (Integer.compareUnsigned(memory, module.memories().size()) >= 0) {
          throw unknown("memory", memory, at(ModuleEntry.DATA, i));
        }
        expressions.check(
            active.offset(), context.memoryAddresses[memory], globalsVisibleToSegments());
      }
    }
  }

  private void start() {
    int start = module.startFunction();
    if (start == WasmModule.NO_START) {
      return;
    }
    int offset = at(ModuleEntry.START, 0);
    if (Integer.compareUnsigned(start, module.functionCount()) >= 0) {
      throw unknown("function", start, offset);
    }
    FuncType type = module.functionType(start);
    if (type.paramCount() != 0 || type.resultCount() != 0) {
      throw new InvalidException("start function must have type () -> (), not " + type, offset);
    }
  }

  private void exports() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < module.exports().size(); i++) {
      Export export = module.exports().get(i);
      int offset = at(ModuleEntry.EXPORT, i);
      int index = export.index();
      int size =
          switch (export.kind()) {
            case FUNC -> module.functionCount();
            case TABLE -> module.tables().size();
            case MEMORY -> module.memories().size();
            case GLOBAL -> module.globals().size();
            case TAG -> module.tags().size();
          };
      if (Integer.compareUnsigned(index, size) >= 0) {
        String what = export.kind() == ExternKind.FUNC ? "function" : export.kind().text();
        throw unknown(what, index, offset);
      }
      if (!names.add(export.name())) {
        throw new InvalidException("duplicate export name \"" + export.name() + "\"", offset);
      }
      switch (export.kind()) {
        case FUNC -> context.declaredFunctions.set(index);
        case GLOBAL -> {
          if (context.globalMutable[index]
              && !context.features.contains(WasmFeature.MUTABLE_GLOBALS)) {
            throw new FeatureDisabledException(
                WasmFeature.MUTABLE_GLOBALS, "export of a mutable global", offset);
          }
        }
        case TABLE, MEMORY, TAG -> {}
      }
    }
  }

  private static InvalidException unknown(String what, int index, int offset) {
    return new InvalidException("unknown " + what + " " + Integer.toUnsignedString(index), offset);
  }
}
