package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.InstanceShape;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A module whose code is mapped executable. Kept alive by its owner and by every instance of it;
 * unmapped when the last of them lets go, so no thread can be executing it then. Thread-safe.
 */
public final class LoadedModule {
  private final VmEngine engine;
  private final WasmModule info;
  private final InstanceLayout layout;
  private final FunctionMap functions;
  private final MappedCode text;
  private final MemorySegment data;
  private final int[] typeIds;
  private final long key;
  private final Runnable onUnload;
  private int holders = 1;

  /**
   * Takes ownership of the mapped text.
   *
   * @param data what the data segments' offsets refer to
   * @param onUnload runs once when the module is gone
   */
  public LoadedModule(
      VmEngine engine,
      WasmModule info,
      FunctionMap functions,
      MappedCode text,
      MemorySegment data,
      Runnable onUnload) {
    this.engine = engine;
    this.info = info;
    this.layout = layoutOf(info);
    this.functions = functions;
    this.text = text;
    this.data = data;
    this.onUnload = onUnload;
    this.key = engine.newModuleKey();
    typeIds = new int[info.types().size()];
    for (int i = 0; i < typeIds.length; i++) {
      typeIds[i] = engine.types().idOf(info.funcType(i));
    }
    text.owner(this);
  }

  /** The layout of a module's instance contexts. */
  public static InstanceLayout layoutOf(WasmModule module) {
    return InstanceLayout.of(
        new InstanceShape(
            module.types().size(),
            module.importedFunctionCount(),
            module.functionCount() - module.importedFunctionCount(),
            module.importedTableCount(),
            module.tables().size() - module.importedTableCount(),
            module.importedMemoryCount(),
            module.memories().size() - module.importedMemoryCount(),
            module.importedGlobalCount(),
            module.globals().size() - module.importedGlobalCount()));
  }

  public VmEngine engine() {
    return engine;
  }

  /** Types, imports, exports, segments. */
  public WasmModule info() {
    return info;
  }

  public InstanceLayout layout() {
    return layout;
  }

  /** Function ranges and frames. */
  public FunctionMap functions() {
    return functions;
  }

  /** Unique among all modules ever loaded by the engine. */
  public long key() {
    return key;
  }

  /** Address of the first byte of text. */
  public long textBase() {
    return text.base();
  }

  /** Entry of a defined function (index space of all functions). */
  long codeOf(int function) {
    return text.base() + functions.starts()[function - info.importedFunctionCount()];
  }

  /** Engine-wide id of a type of the module. */
  int typeId(int type) {
    return typeIds[type];
  }

  /** The bytes of a data segment. */
  MemorySegment data(int segment) {
    DataSegment bytes = info.data().get(segment);
    return data.asSlice(bytes.offset(), bytes.length());
  }

  /** The initial contents of a defined memory as pages, or null. */
  @Nullable HeapImage image(int memory) {
    return null;
  }

  /** Module and function name for messages, as far as the name section has them. */
  public String describe(int function) {
    String name = info.names().function(function);
    return name != null ? "$" + name : "function " + function;
  }

  /** One more holder. */
  synchronized void retain() {
    if (holders == 0) {
      throw new IllegalStateException("the module is closed");
    }
    holders++;
  }

  /** One holder less; the last one unloads the code. */
  public void release() {
    synchronized (this) {
      if (--holders != 0) {
        return;
      }
    }
    text.unmap();
    engine.memoryAllocator().purge(key);
    onUnload.run();
  }
}
