package dev.troupe.engine.runtime;

import dev.troupe.engine.artifact.Artifact;
import dev.troupe.engine.artifact.ArtifactFile;
import dev.troupe.engine.artifact.ExceptionTable;
import dev.troupe.engine.artifact.FunctionTable;
import dev.troupe.engine.artifact.MemoryImage;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.InstanceShape;
import dev.troupe.engine.wasm.DataSegment;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.RefType;
import dev.troupe.engine.wasm.TableType;
import dev.troupe.engine.wasm.WasmModule;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A module whose code is mapped executable. Kept alive by its owner and by every instance of it;
 * unmapped when the last of them lets go, so no thread can be executing it then. Thread-safe.
 */
public final class LoadedModule {
  private final VmEngine engine;
  private final Artifact artifact;
  private final ArtifactFile file;
  private final WasmModule info;
  private final InstanceLayout layout;
  private final MappedCode text;
  private final MemorySegment data;
  private final InternedTypes types;
  private final boolean makesObjects;
  private final long key;
  private int holders = 1;

  /** Takes ownership of the file and of the mapped text. */
  public LoadedModule(VmEngine engine, Artifact artifact, ArtifactFile file, MappedCode text) {
    this.engine = engine;
    this.artifact = artifact;
    this.file = file;
    this.info = artifact.module().module();
    this.layout = layoutOf(info);
    this.text = text;
    this.data = MemorySegment.ofArray(info.bytes());
    this.makesObjects = declaresObjects(info);
    this.key = engine.newModuleKey();
    this.types = engine.types().intern(info.types());
    if (artifact.module().images().isEmpty()) {
      // Text and contents are mapped already; only images are mapped later, for each memory.
      file.file().close();
    }
    text.owner(this);
  }

  private static boolean declaresObjects(WasmModule module) {
    for (int i = 0; i < module.types().size(); i++) {
      if (!(module.compositeType(i) instanceof FuncType)) {
        return true;
      }
    }
    return false;
  }

  /** Whether its instances can make structs or arrays: their store has a collected heap then. */
  public boolean makesObjects() {
    return makesObjects;
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

  /** What it was loaded from. */
  public Artifact artifact() {
    return artifact;
  }

  /** Function ranges and frames. */
  public FunctionTable functions() {
    return artifact.module().functions();
  }

  /** Calls in reach of exception handlers. */
  public ExceptionTable exceptions() {
    return artifact.module().exceptions();
  }

  /** Whether a data segment is part of an image, so that instantiation need not copy it. */
  boolean isInImage(int segment) {
    return artifact.module().segmentsInImage().get(segment);
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
    return text.base() + functions().start(function - info.importedFunctionCount());
  }

  /** The module's types as types of the engine. */
  public InternedTypes types() {
    return types;
  }

  /** Engine-wide id of a type of the module. */
  int typeId(int type) {
    return types.id(type);
  }

  /** The type of a table, as the engine knows it. */
  TableType canonical(TableType type) {
    return types.canonical(type.element()) instanceof RefType element
        ? new TableType(element, type.limits())
        : type;
  }

  /** The type of a global, as the engine knows it. */
  GlobalType canonical(GlobalType type) {
    return new GlobalType(types.canonical(type.type()), type.mutable());
  }

  /** The bytes of a data segment. */
  MemorySegment data(int segment) {
    DataSegment bytes = info.data().get(segment);
    return data.asSlice(bytes.offset(), bytes.length());
  }

  /** The initial contents of a defined memory as pages, or null. */
  @Nullable HeapImage image(int memory) {
    List<MemoryImage> images = artifact.module().images();
    for (int i = 0; i < images.size(); i++) {
      MemoryImage image = images.get(i);
      if (image.memoryIndex() == memory) {
        return new HeapImage(
            file.file(),
            artifact.imageOffsets()[i],
            image.contents().address(),
            image.contents().byteSize(),
            image.memoryOffset());
      }
    }
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
    types.release();
    engine.memoryAllocator().purge(key);
    file.close();
  }
}
