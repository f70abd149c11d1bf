package dev.troupe.engine;

import dev.troupe.engine.contract.TableDef;
import dev.troupe.engine.contract.Tunables;
import dev.troupe.engine.runtime.LoadedModule;
import dev.troupe.engine.runtime.ModuleLoader;
import dev.troupe.engine.text.Wat;
import dev.troupe.engine.wasm.Export;
import dev.troupe.engine.wasm.Import;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.TableType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A compiled and loaded module. Thread-safe; instantiate it as often as you like, in any store of
 * its engine. Closing it releases the code as soon as no store uses it any more.
 */
public final class Module implements AutoCloseable {
  private static final byte[] WASM_MAGIC = {0, 'a', 's', 'm'};

  private final Engine engine;
  private final LoadedModule internal;
  private boolean closed;

  Module(Engine engine, LoadedModule internal) {
    this.engine = engine;
    this.internal = internal;
  }

  /**
   * Compiles a module in the binary format.
   *
   * @throws dev.troupe.engine.wasm.MalformedException when the bytes are not a module
   * @throws dev.troupe.engine.wasm.InvalidException when the module is not valid
   */
  public static Module fromBinary(Engine engine, byte[] wasm) {
    return new Module(engine, engine.loader().loadTrusted(engine.precompileModule(wasm)));
  }

  /**
   * Compiles a module in the text format.
   *
   * @throws dev.troupe.engine.wasm.MalformedException with line and column for a syntax error
   * @throws dev.troupe.engine.wasm.InvalidException when the module is not valid
   */
  public static Module fromText(Engine engine, String wat) {
    return fromBinary(engine, Wat.toBinary(wat));
  }

  /**
   * Loads a file of any kind, told apart by its first bytes: binary, artifact, otherwise text.
   *
   * @throws IOException when it cannot be read
   */
  public static Module fromFile(Engine engine, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (startsWith(bytes, WASM_MAGIC)) {
      return fromBinary(engine, bytes);
    }
    return Engine.detectPrecompiled(bytes) == Precompiled.NONE
        ? fromBinary(engine, Wat.toBinary(bytes))
        : deserializeFile(engine, file);
  }

  /**
   * Loads an artifact from memory.
   *
   * @throws dev.troupe.engine.artifact.ArtifactException when it is damaged, or made by or for
   *     something else
   */
  public static Module deserialize(Engine engine, byte[] artifact) {
    return new Module(engine, engine.loader().load(artifact));
  }

  /**
   * Maps an artifact from a file: its pages are shared with other processes.
   *
   * @throws dev.troupe.engine.artifact.ArtifactException when it is damaged, or made by or for
   *     something else
   * @throws dev.troupe.engine.os.OsException when the file cannot be opened
   */
  public static Module deserializeFile(Engine engine, Path artifact) {
    return new Module(engine, engine.loader().loadFile(artifact));
  }

  /** The artifact that it was loaded from, unchanged. */
  public byte[] serialize() {
    return ModuleLoader.serialize(internal());
  }

  public Engine engine() {
    return engine;
  }

  /** Its own name, from the name section. */
  public @Nullable String name() {
    return internal.info().names().module();
  }

  /**
   * Bytes of the memories and tables that it defines, when an instance is new: what the store's
   * limits and its {@link dev.troupe.engine.runtime.GrowthGate} are asked for. Saturates at {@link
   * Long#MAX_VALUE}.
   */
  public long initialMemoryBytes() {
    long sum = 0;
    List<MemoryType> memories = internal.info().memories();
    for (int i = internal.info().importedMemoryCount(); i < memories.size(); i++) {
      long bytes = memories.get(i).minimumBytes();
      if (bytes > Long.MAX_VALUE - sum) {
        return Long.MAX_VALUE;
      }
      sum += bytes;
    }
    List<TableType> tables = internal.info().tables();
    for (int i = internal.info().importedTableCount(); i < tables.size(); i++) {
      long elements = tables.get(i).limits().min();
      if (elements < 0 || elements > (Long.MAX_VALUE - sum) / TableDef.ELEMENT_BYTES) {
        return Long.MAX_VALUE;
      }
      sum += elements * TableDef.ELEMENT_BYTES;
    }
    return sum;
  }

  /**
   * How many places of a pool each instance takes: the memories that it defines and does not share,
   * without those that have more address space than others.
   */
  public int memoriesPerInstance() {
    List<MemoryType> memories = internal.info().memories();
    Tunables tunables = engine.config().tunables();
    boolean narrow64 = tunables.memory64ReservationBytes() <= tunables.memoryReservationBytes();
    return (int)
        memories.stream()
            .skip(internal.info().importedMemoryCount())
            .filter(type -> !type.shared() && (narrow64 || !type.limits().is64()))
            .count();
  }

  /** Whether a store with an instance of it has a collected heap. */
  public boolean usesCollectedHeap() {
    return internal.makesObjects();
  }

  /** What it needs, in order. */
  public List<ImportType> imports() {
    List<ImportType> imports = new ArrayList<>();
    for (Import wanted : internal.info().imports()) {
      imports.add(new ImportType(wanted.module(), wanted.name(), wanted.type()));
    }
    return List.copyOf(imports);
  }

  /** What it offers, in order. */
  public List<ExportType> exports() {
    List<ExportType> exports = new ArrayList<>();
    for (Export export : internal.info().exports()) {
      exports.add(new ExportType(export.name(), internal.info().exportType(export)));
    }
    return List.copyOf(exports);
  }

  /** Where the machine code of the functions defined here is, in the order of the code. */
  public List<CompiledFunction> functions() {
    LoadedModule loaded = internal();
    String module = loaded.info().names().module();
    List<CompiledFunction> functions = new ArrayList<>();
    for (int i = 0; i < loaded.functions().count(); i++) {
      int index = loaded.info().importedFunctionCount() + i;
      String name = loaded.info().names().function(index);
      String shown = name != null ? name : "function " + index;
      functions.add(
          new CompiledFunction(
              index,
              module == null ? shown : module + "!" + shown,
              loaded.textBase() + loaded.functions().start(i),
              loaded.functions().end(i) - loaded.functions().start(i)));
    }
    return List.copyOf(functions);
  }

  LoadedModule internal() {
    if (closed) {
      throw new IllegalStateException("the module is closed");
    }
    return internal;
  }

  /** Lets go of the code; instances that exist go on. Later calls do nothing. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      internal.release();
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] prefix) {
    if (bytes.length < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
