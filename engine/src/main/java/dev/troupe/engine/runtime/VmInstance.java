package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.ConstExpr;
import dev.troupe.engine.wasm.ElementSegment;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An instance: a module with its own memories, tables and globals, and the native context that its
 * code reads through the pinned register. Lives as long as its store.
 */
public final class VmInstance {
  private static final MemorySegment NO_BYTES = MemorySegment.ofArray(new byte[0]);

  private final VmStore store;
  private final LoadedModule module;
  private final InstanceLayout layout;
  private final long handle;
  private final long context;
  private final long contextBytes;
  private final VmFunction[] importedFunctions;
  private final @Nullable VmFunction[] definedFunctions;
  private final VmMemory[] memories;
  private final VmTable[] tables;
  private final VmGlobal[] globals;
  private final VmTag[] tags;
  private final BitSet droppedElements = new BitSet();
  private final BitSet droppedData = new BitSet();

  /** Of segments with expressions: what they have come to, once somebody wanted it. */
  private final long[] @Nullable [] elementValues;

  private final ConstEvaluator constants = new ConstEvaluator(this);

  /**
   * Makes an instance with memories, tables and globals, without running segments or start
   * function.
   *
   * @param imports what the module imports, in its order, matching its types
   * @throws AllocationException when a limit or the system refuses
   */
  public VmInstance(VmStore store, LoadedModule module, List<VmExtern> imports) {
    store.checkOpen();
    WasmModule info = module.info();
    this.store = store;
    this.module = module;
    this.layout = module.layout();
    // Host contexts of imported host functions lie behind the instance context.
    contextBytes =
        layout.sizeBytes() + (long) info.importedFunctionCount() * InstanceLayout.HEADER_BYTES;
    context = takeContext();
    importedFunctions = new VmFunction[info.importedFunctionCount()];
    definedFunctions = new @Nullable VmFunction[info.functionCount() - importedFunctions.length];
    memories = new VmMemory[info.memories().size()];
    tables = new VmTable[info.tables().size()];
    globals = new VmGlobal[info.globals().size()];
    tags = new VmTag[info.tags().size()];
    elementValues = new long[info.elements().size()] @Nullable [];
    long registered = store.nextHandle();
    boolean complete = false;
    try {
      handle = store.addInstance(this);
      complete = true;
    } finally {
      if (!complete) {
        release();
      }
    }
    if (handle != registered) {
      throw new IllegalStateException("two threads use one store");
    }
    if (module.makesObjects()) {
      store.collected().reserve();
    }
    writeHeader();
    takeImports(imports);
    writeFunctions();
    defineMemories();
    // An initial element may be the value of an imported global, not of a defined one.
    defineTables();
    defineGlobals();
    for (int i = info.importedTagCount(); i < tags.length; i++) {
      tags[i] = new VmTag(store, module.typeId(info.tagTypeIndex(i)));
    }
  }

  /** The module is held as long as there is a context. */
  private long takeContext() {
    module.retain();
    boolean taken = false;
    try {
      long address = store.engine().heap().allocate(contextBytes);
      taken = true;
      return address;
    } finally {
      if (!taken) {
        module.release();
      }
    }
  }

  private void writeHeader() {
    RawMemory.putLong(context + InstanceLayout.STORE_CONTEXT, store.context());
    RawMemory.putInt(context + InstanceLayout.KIND, InstanceLayout.KIND_INSTANCE);
    RawMemory.putLong(context + InstanceLayout.BUILTINS, store.code().builtinTable());
    RawMemory.putLong(context + InstanceLayout.HANDLE, handle);
    RawMemory.putLong(context + InstanceLayout.TYPES, store.engine().types().region());
    for (int i = 0; i < module.info().types().size(); i++) {
      RawMemory.putInt(context + layout.typeId(i), module.typeId(i));
    }
  }

  private void takeImports(List<VmExtern> imports) {
    int function = 0;
    int memory = 0;
    int table = 0;
    int global = 0;
    int tag = 0;
    for (VmExtern imported : imports) {
      if (imported.store() != store) {
        throw new IllegalArgumentException("an import belongs to another store");
      }
      // Not over patterns, for which the JVM generates a class at every start.
      switch (imported.kind()) {
        case FUNC -> importedFunctions[function++] = (VmFunction) imported;
        case MEMORY -> memories[memory++] = (VmMemory) imported;
        case TABLE -> tables[table++] = (VmTable) imported;
        case GLOBAL -> {
          VmGlobal g = (VmGlobal) imported;
          RawMemory.putLong(context + layout.globalPointer(global), g.cell());
          globals[global++] = g;
        }
        case TAG -> tags[tag++] = (VmTag) imported;
      }
    }
    for (int i = 0; i < memory; i++) {
      writeMemory(i);
    }
    for (int i = 0; i < table; i++) {
      RawMemory.putLong(context + layout.tablePointer(i), tables[i].definition());
    }
  }

  private void writeMemory(int index) {
    VmMemory memory = memories[index];
    RawMemory.putLong(context + layout.memoryBase(index), memory.base());
    RawMemory.putLong(context + layout.memoryPointer(index), memory.definition());
  }

  private void writeFunctions() {
    WasmModule info = module.info();
    for (int i = 0; i < importedFunctions.length; i++) {
      VmFunction function = importedFunctions[i];
      long target = funcReference(i);
      store.ensureValues(function.type());
      if (function.body() != null) {
        long hostContext = context + layout.sizeBytes() + (long) i * InstanceLayout.HEADER_BYTES;
        store.writeHostReference(target, hostContext, function, handle);
      } else {
        RawMemory.copy(target, function.reference(), FuncRefLayout.SIZE_BYTES);
      }
    }
    for (int i = importedFunctions.length; i < info.functionCount(); i++) {
      long target = funcReference(i);
      RawMemory.putLong(target + FuncRefLayout.CODE, module.codeOf(i));
      RawMemory.putLong(target + FuncRefLayout.INSTANCE, context);
      RawMemory.putInt(target + FuncRefLayout.TYPE_ID, module.typeId(info.functionTypeIndex(i)));
      RawMemory.putInt(target + FuncRefLayout.FUNCTION_INDEX, i);
      RawMemory.putLong(target + FuncRefLayout.OWNER, handle);
    }
  }

  private void defineMemories() {
    WasmModule info = module.info();
    for (int i = info.importedMemoryCount(); i < memories.length; i++) {
      long definition = context + layout.definedMemory(i);
      memories[i] =
          store.newMemory(info.memories().get(i), definition, module.key(), i, module.image(i));
      writeMemory(i);
    }
  }

  private void defineTables() {
    WasmModule info = module.info();
    for (int i = info.importedTableCount(); i < tables.length; i++) {
      long definition = context + layout.definedTable(i);
      ConstExpr initializer = info.tableInitializer(i);
      long initial = initializer == null ? 0 : constants.evaluate(initializer);
      tables[i] = store.newTable(module.canonical(info.tables().get(i)), definition, initial);
      RawMemory.putLong(context + layout.tablePointer(i), definition);
    }
  }

  private void defineGlobals() {
    WasmModule info = module.info();
    for (int i = info.importedGlobalCount(); i < globals.length; i++) {
      long low = constants.evaluate(info.globalInitializer(i));
      globals[i] =
          new VmGlobal(
              store, module.canonical(info.globals().get(i)), context + layout.definedGlobal(i));
      globals[i].set(low, constants.high());
    }
  }

  public VmStore store() {
    return store;
  }

  public LoadedModule module() {
    return module;
  }

  /** Address of the native context. */
  public long context() {
    return context;
  }

  /** The instance's name in its store. */
  public long handle() {
    return handle;
  }

  public VmMemory memory(int index) {
    return memories[index];
  }

  public VmTable table(int index) {
    return tables[index];
  }

  public VmGlobal global(int index) {
    return globals[index];
  }

  /** A tag of the index space. */
  public VmTag tag(int index) {
    return tags[index];
  }

  /** The first place of a tag in the index space, or -1. */
  public int indexOf(VmTag tag) {
    return Arrays.asList(tags).indexOf(tag);
  }

  /** Address of the function reference of a function of the index space. */
  public long funcReference(int index) {
    return context + layout.funcRef(index);
  }

  /** A function of the index space; for an import, the function that was imported. */
  public VmFunction function(int index) {
    if (index < importedFunctions.length) {
      return importedFunctions[index];
    }
    int defined = index - importedFunctions.length;
    VmFunction known = definedFunctions[defined];
    if (known == null) {
      int type = module.typeId(module.info().functionTypeIndex(index));
      known = VmFunction.ofGuest(this, index, type, funcReference(index));
      definedFunctions[defined] = known;
    }
    return known;
  }

  /** What an export refers to. */
  public VmExtern extern(Export export) {
    int index = export.index();
    return switch (export.kind()) {
      case FUNC -> function(index);
      case TABLE -> table(index);
      case MEMORY -> memory(index);
      case GLOBAL -> global(index);
      case TAG -> tag(index);
    };
  }

  /** The export with this name, or null. */
  public @Nullable VmExtern export(String name) {
    Export export = module.info().export(name);
    return export == null ? null : extern(export);
  }

  /** {@code memory.init}: the trap, or null. */
  public @Nullable TrapKind memoryInit(
      int memory, int segment, long target, long source, long length) {
    return memories[memory].initialize(dataBytes(segment), target, source, length);
  }

  /** What is left of a data segment. */
  MemorySegment dataBytes(int segment) {
    return droppedData.get(segment) ? NO_BYTES : module.data(segment);
  }

  /** {@code data.drop}. */
  public void dataDrop(int segment) {
    droppedData.set(segment);
  }

  /** {@code table.init}: the trap, or null. */
  public @Nullable TrapKind tableInit(
      int table, int segment, long target, long source, long length) {
    int count = elementCount(segment);
    if (count > 0 && length != 0) {
      prepareElements(segment);
    }
    return tables[table].initialize(
        entry -> element(segment, entry), count, target, source, length);
  }

  /** Entries that are left of an element segment. */
  int elementCount(int segment) {
    return droppedElements.get(segment) ? 0 : module.info().elements().get(segment).count();
  }

  /** Evaluates the expressions of an element segment, once: each makes its objects once. */
  void prepareElements(int segment) {
    if (elementValues[segment] == null
        && module.info().elements().get(segment).items()
            instanceof ElementSegment.Expressions expressions) {
      long[] values = new long[elementCount(segment)];
      elementValues[segment] = values;
      boolean complete = false;
      try {
        for (int i = 0; i < values.length; i++) {
          long value = constants.evaluate(expressions.item(i));
          values[i] = value;
        }
        complete = true;
      } finally {
        if (!complete) {
          elementValues[segment] = null;
        }
      }
    }
  }

  /** An entry of an element segment that has been prepared. */
  long element(int segment, int entry) {
    long[] values = elementValues[segment];
    if (values != null) {
      return values[entry];
    }
    if (module.info().elements().get(segment).items() instanceof ElementSegment.Functions direct) {
      return funcReference(direct.functionIndex(entry));
    }
    throw new IllegalStateException("not prepared");
  }

  /** Shows the references in element segments to the collector. */
  void updateReferences(ReferenceMap map) {
    for (long[] values : elementValues) {
      for (int i = 0; values != null && i < values.length; i++) {
        values[i] = map.moved(values[i]);
      }
    }
    constants.updateReferences(map);
  }

  /** {@code elem.drop}. */
  public void elemDrop(int segment) {
    droppedElements.set(segment);
    elementValues[segment] = null;
  }

  /** Evaluates a constant expression of this module: the low eight bytes. */
  long evaluate(ConstExpr expression) {
    return constants.evaluate(expression);
  }

  /** Address of a memory's {@link MemoryDef}, for tests. */
  long memoryDefinition(int index) {
    return memories[index].definition();
  }

  void release() {
    try {
      store.engine().heap().free(context, contextBytes);
    } finally {
      module.release();
    }
  }
}
