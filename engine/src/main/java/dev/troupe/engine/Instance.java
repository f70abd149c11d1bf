package dev.troupe.engine;

import dev.troupe.engine.runtime.VmExtern;
import dev.troupe.engine.runtime.VmFunction;
import dev.troupe.engine.runtime.VmGlobal;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.runtime.VmMemory;
import dev.troupe.engine.runtime.VmTable;
import dev.troupe.engine.runtime.VmTag;
import dev.troupe.engine.wasm.Export;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** An instantiated module. Lives as long as its store. */
public final class Instance {
  private final Store<?> store;
  private final VmInstance internal;

  Instance(Store<?> store, VmInstance internal) {
    this.store = store;
    this.internal = internal;
  }

  /** All exports in the module's order. */
  public Map<String, Extern> exports() {
    Map<String, Extern> exports = new LinkedHashMap<>();
    for (Export export : internal.module().info().exports()) {
      exports.put(export.name(), wrap(store, internal.extern(export)));
    }
    return exports;
  }

  /** The export of this name, if there is one. */
  public Optional<Extern> export(String name) {
    VmExtern extern = internal.export(name);
    return extern == null ? Optional.empty() : Optional.of(wrap(store, extern));
  }

  /**
   * The exported function of this name.
   *
   * @throws IllegalArgumentException when there is none; the message lists what there is
   */
  public Func func(String name) {
    if (internal.export(name) instanceof VmFunction function) {
      return new Func(store, function);
    }
    throw missing("function", name);
  }

  /**
   * The exported memory of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Memory memory(String name) {
    if (internal.export(name) instanceof VmMemory memory) {
      return new Memory(memory);
    }
    throw missing("memory", name);
  }

  /**
   * The exported table of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Table table(String name) {
    if (internal.export(name) instanceof VmTable table) {
      return new Table(store, table);
    }
    throw missing("table", name);
  }

  /**
   * The exported global of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Global global(String name) {
    if (internal.export(name) instanceof VmGlobal global) {
      return new Global(store, global);
    }
    throw missing("global", name);
  }

  /**
   * The exported exception tag of this name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public Tag tag(String name) {
    if (internal.export(name) instanceof VmTag tag) {
      return new Tag(store, tag);
    }
    throw missing("tag", name);
  }

  /** The place of a tag in the index space of the instance's module; -1 when it is not there. */
  public int indexOf(Tag tag) {
    return internal.indexOf(tag.internal());
  }

  private IllegalArgumentException missing(String what, String name) {
    return new IllegalArgumentException(
        "no exported " + what + " '" + name + "'; exports are " + exports().keySet());
  }

  /** The store that owns it. */
  public Store<?> store() {
    return store;
  }

  VmInstance internal() {
    return internal;
  }

  static Extern wrap(Store<?> store, VmExtern extern) {
    return switch (extern) {
      case VmFunction function -> new Func(store, function);
      case VmMemory memory -> new Memory(memory);
      case VmTable table -> new Table(store, table);
      case VmGlobal global -> new Global(store, global);
      case VmTag tag -> new Tag(store, tag);
    };
  }
}
