package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.LimitExceededException;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.ModuleEntry;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.SubType;
import dev.troupe.engine.wasm.SubtypeRules;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.TagType;
import dev.troupe.engine.wasm.TypeRewriter;
import dev.troupe.engine.wasm.TypeSection;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.WasmLimits;
import dev.troupe.engine.wasm.WasmModule;

/**
 * The type section (section 3.2), and that every type index outside of function bodies and constant
 * expressions exists. Comes first: only then do canonical indexes make sense.
 */
final class TypeRules {
  private final WasmModule module;
  private final TypeSection types;
  private final WasmLimits limits;

  private TypeRules(WasmModule module, WasmLimits limits) {
    this.module = module;
    this.types = module.types();
    this.limits = limits;
  }

  static void check(WasmModule module, WasmLimits limits) {
    TypeRules rules = new TypeRules(module, limits);
    rules.references();
    rules.supertypes();
    rules.definitions();
  }

  private void references() {
    for (int group = 0; group < types.groupCount(); group++) {
      int end = types.groupEnd(group);
      for (int i = types.groupStart(group); i < end; i++) {
        int offset = offset(i);
        SubType type = types.get(i);
        TypeRewriter.references(type.composite())
            .filter(index -> index >= end)
            .forEach(index -> {
              throw unknown(index, offset);
            });
        if (type.hasSupertype() && type.supertype() >= i) {
          throw unknown(type.supertype(), offset);
        }
      }
    }
  }

  private int offset(int type) {
    return module.entryOffset(ModuleEntry.TYPE, type);
  }

  private static InvalidException unknown(int type, int offset) {
    return new InvalidException("unknown type " + type, offset);
  }

  private void supertypes() {
    SubtypeRules rules = new SubtypeRules(module.canonicalTypes());
    int[] depths = new int[types.size()];
    for (int i = 0; i < depths.length; i++) {
      SubType type = types.get(i);
      if (!type.hasSupertype()) {
        continue;
      }
      SubType supertype = types.get(type.supertype());
      depths[i] = depths[type.supertype()] + 1;
      if (depths[i] > limits.maxSubtypeDepth()) {
        throw new LimitExceededException(
            "subtypes too deep", depths[i], limits.maxSubtypeDepth(), offset(i));
      }
      if (supertype.isFinal() || !rules.matches(type.composite(), supertype.composite())) {
        throw new InvalidException(
            "sub type " + i + " does not match super type " + type.supertype(), offset(i));
      }
    }
  }

  private void definitions() {
    for (int i = 0; i < module.imports().size(); i++) {
      Import imported = module.imports().get(i);
      int offset = module.entryOffset(ModuleEntry.IMPORT, i);
      switch (imported.type()) {
        case GlobalType global -> known(global.type(), offset);
        case TableType table -> known(table.element(), offset);
        case FuncType unused -> {}
        case MemoryType unused -> {}
        case TagType unused -> {}
      }
    }
    int importedTables = module.importedTableCount();
    for (int i = importedTables; i < module.tables().size(); i++) {
      known(
          module.tables().get(i).element(),
          module.entryOffset(ModuleEntry.TABLE, i - importedTables));
    }
    int importedGlobals = module.importedGlobalCount();
    for (int i = importedGlobals; i < module.globals().size(); i++) {
      known(
          module.globals().get(i).type(),
          module.entryOffset(ModuleEntry.GLOBAL, i - importedGlobals));
    }
    for (int i = 0; i < module.elements().size(); i++) {
      ElementSegment segment = module.elements().get(i);
      known(segment.type(), module.entryOffset(ModuleEntry.ELEMENT, i));
    }
  }

  private void known(ValType type, int offset) {
    int code = type.code();
    if (RefType.isReference(code)
        && RefType.isConcrete(code)
        && RefType.typeIndex(code) >= types.size()) {
      throw unknown(RefType.typeIndex(code), offset);
    }
  }
}
