package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.AbstractHeapType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.NumType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.ValType;
import java.util.ArrayList;
import java.util.List;

/**
 * The definitions of a generated module that function bodies refer to.
 *
 * @param types the type section
 * @param imported how many of the functions are imported from the host
 * @param functions type index of each function, imported ones first
 * @param globals types of the globals; global 0 is the fuel
 * @param memories the memories, each of at least {@link #LEAST_MEMORY_BYTES}
 * @param tableSize minimum size of table 0 (funcref); table 1 is externref
 * @param dataSegments passive data segments; an active one follows them
 * @param trapping whether bodies may trap often
 * @param heap its structs and arrays, behind the types above
 * @param options what the module may use
 */
record GeneratedShape(
    List<FuncType> types,
    int imported,
    int[] functions,
    List<NumType> globals,
    List<MemoryType> memories,
    int tableSize,
    int dataSegments,
    boolean trapping,
    HeapTypes heap,
    GeneratorOptions options) {

  /** Global that bounds loops and calls. */
  static final int FUEL = 0;

  /** What every memory has from the beginning. */
  static final int LEAST_MEMORY_BYTES = 5000;

  FuncType functionType(int function) {
    return types.get(functions[function]);
  }

  boolean vectors() {
    return options.vectors();
  }

  /** The global behind the others that modules with vectors have; it is not exported. */
  int vectorGlobal() {
    return globals.size();
  }

  /** References that globals behind all others hold, which are not exported. */
  List<RefType> heapGlobals() {
    if (heap.isEmpty()) {
      return List.of();
    }
    return List.of(
        new RefType(true, AbstractHeapType.ANY),
        new RefType(true, AbstractHeapType.EQ),
        HeapTypes.reference(heap.base()),
        HeapTypes.reference(heap.base() + 1));
  }

  /** The first of {@link #heapGlobals}. */
  int firstHeapGlobal() {
    return globals.size() + (vectors() ? 1 : 0);
  }

  /** References that every function has a local for, beside those that it declares anyway. */
  List<ValType> heapLocals() {
    List<ValType> types = new ArrayList<>();
    if (!heap.isEmpty()) {
      for (AbstractHeapType kind :
          List.of(
              AbstractHeapType.ANY,
              AbstractHeapType.EQ,
              AbstractHeapType.I31,
              AbstractHeapType.STRUCT,
              AbstractHeapType.ARRAY)) {
        types.add(new RefType(true, kind));
      }
      for (int i = heap.base(); i < heap.end(); i++) {
        types.add(HeapTypes.reference(i));
      }
      for (int function : functions) {
        types.add(HeapTypes.reference(function));
      }
    }
    if (options.exceptions()) {
      types.add(ExceptionStatements.EXNREF);
    }
    return types;
  }

  /** The type of a block that gives what exceptions of the first tag carry. */
  int pairType() {
    return types.indexOf(new FuncType(List.of(), ExceptionStatements.TAGS.getFirst()));
  }

  boolean is64(int memory) {
    return memories.get(memory).limits().is64();
  }

  /** The type of addresses and sizes of a memory. */
  NumType addressType(int memory) {
    return is64(memory) ? NumType.I64 : NumType.I32;
  }
}
