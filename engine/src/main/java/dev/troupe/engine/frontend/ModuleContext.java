package dev.troupe.engine.frontend;

import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaSignature;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.CanonicalTypes;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.HeapType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.Subtyping;
import dev.troupe.engine.wasm.ValType;
import dev.troupe.engine.wasm.VecType;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the translation of every function of a module shares. Nothing changes but what it remembers,
 * so it belongs to one thread.
 *
 * @param signatures those of called types, by index
 */
record ModuleContext(
    WasmModule module,
    InstanceLayout layout,
    Tunables tunables,
    Map<Integer, SsaSignature> signatures) {

  ModuleContext(WasmModule module, InstanceLayout layout, Tunables tunables) {
    this(module, layout, tunables, new HashMap<>());
  }

  /** How values of a WebAssembly type are carried. */
  SsaType type(ValType type) {
    return switch (type) {
      case NumType number ->
          switch (number) {
            case I32 -> SsaType.I32;
            case I64 -> SsaType.I64;
            case F32 -> SsaType.F32;
            case F64 -> SsaType.F64;
          };
      case VecType vector -> SsaType.V128;
      case RefType reference -> type(reference.heap());
    };
  }

  /** How references to a heap type are carried: only those to functions never move. */
  SsaType type(HeapType heap) {
    return switch (heap) {
      case AbstractHeapType kind ->
          switch (kind) {
            case FUNC, NO_FUNC -> SsaType.I64;
            case EXTERN, ANY, EQ, I31, STRUCT, ARRAY, EXN, NO_EXN, NO_EXTERN, NONE -> SsaType.REF;
          };
      case ConcreteHeapType concrete ->
          switch (module.compositeType(concrete.typeIndex()).compositeKind()) {
            case FUNC -> SsaType.I64;
            case STRUCT, ARRAY -> SsaType.REF;
          };
    };
  }

  /** Carried parameter and result types of the function type at an index. */
  SsaSignature signature(int type) {
    return signatures.computeIfAbsent(type, t -> signature(module.funcType(t)));
  }

  /** Carried parameter and result types of a function type. */
  SsaSignature signature(FuncType type) {
    return new SsaSignature(types(type.params()), types(type.results()));
  }

  private List<SsaType> types(List<ValType> types) {
    List<SsaType> carried = new ArrayList<>(types.size());
    for (ValType type : types) {
      carried.add(type(type));
    }
    return carried;
  }

  /** Whether all references of a type are null or to what has the declared type {@code type}. */
  boolean isSubtype(RefType reference, int type) {
    CanonicalTypes types = module.canonicalTypes();
    int wanted = new RefType(true, new ConcreteHeapType(type)).code();
    return reference.heap() instanceof ConcreteHeapType
        && Subtyping.matches(types.codeOf(reference.code()), types.codeOf(wanted), types);
  }

  boolean isImportedMemory(int memory) {
    return memory < module.importedMemoryCount();
  }

  boolean isShared(int memory) {
    return module.memories().get(memory).shared();
  }

  boolean isImportedTable(int table) {
    return table < module.importedTableCount();
  }

  boolean isImportedGlobal(int global) {
    return global < module.importedGlobalCount();
  }

  // Imports of a kind may be one object under several indexes: they share index 0, which then is
  // that of an import too.

  int memoryRegion(int memory) {
    if (isShared(memory)) {
      return Region.SHARED_MEMORY;
    }
    return Region.of(Region.Kind.MEMORY, isImportedMemory(memory) ? 0 : memory);
  }

  /** The length of a shared memory is read whenever it is asked for. */
  int memoryDefinitionRegion(int memory) {
    if (isShared(memory)) {
      return Region.VOLATILE;
    }
    return Region.of(Region.Kind.MEMORY_DEFINITION, isImportedMemory(memory) ? 0 : memory);
  }

  int tableRegion(int table) {
    return Region.of(Region.Kind.TABLE, isImportedTable(table) ? 0 : table);
  }

  /** A table that cannot grow has an immutable definition. */
  int tableDefinitionRegion(int table) {
    if (hasFixedLength(table)) {
      return Region.INSTANCE;
    }
    return Region.of(Region.Kind.TABLE_DEFINITION, isImportedTable(table) ? 0 : table);
  }

  /** Whether the type of a table leaves it only one length. */
  boolean hasFixedLength(int table) {
    var limits = module.tables().get(table).limits();
    return limits.max() != null && limits.max() == limits.min();
  }

  /** An immutable global is written before any guest code of the instance runs. */
  int globalRegion(int global) {
    if (!module.globals().get(global).mutable()) {
      return Region.INSTANCE;
    }
    return Region.of(Region.Kind.GLOBAL, isImportedGlobal(global) ? 0 : global);
  }
}
