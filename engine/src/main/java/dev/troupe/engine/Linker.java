package dev.troupe.engine;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.HostFunctionBody;
import dev.troupe.engine.runtime.ImportMatching;
import dev.troupe.engine.runtime.LoadedModule;
import dev.troupe.engine.runtime.VmExtern;
import dev.troupe.engine.runtime.VmFunction;
import dev.troupe.engine.runtime.VmGlobal;
import dev.troupe.engine.runtime.VmMemory;
import dev.troupe.engine.runtime.VmTable;
import dev.troupe.engine.runtime.VmTag;
import dev.troupe.engine.wasm.ExternType;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.Import;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Names for what modules import. Functions are defined for every store; memories, tables, globals
 * and exports of instances belong to one store and can only be used there. Define everything first,
 * then share it between threads.
 *
 * @param <T> the host data of the stores
 */
public final class Linker<T> {
  /** What a name stands for. */
  sealed interface Definition<T> {
    /** What it is in a store. */
    VmExtern in(Store<T> store);
  }

  /** A host function, made anew for each store; {@code typeId} is the engine's of its type. */
  record Host<T>(FuncType type, int typeId, BodyFactory<T> factory) implements Definition<T> {
    @Override
    public VmExtern in(Store<T> store) {
      return store.internal().newHostFunction(type, typeId, factory.bind(store));
    }
  }

  /** Something that exists in one store. */
  record Existing<T>(Extern extern) implements Definition<T> {
    @Override
    public VmExtern in(Store<T> store) {
      return extern.internal();
    }
  }

  /** A function of whatever type the import has, which traps. */
  record Trapping<T>(Name name) implements Definition<T> {
    @Override
    public VmExtern in(Store<T> store) {
      throw new IllegalStateException("unresolved import: " + name);
    }
  }

  /** A shared memory, seen by each store through a view of its own. */
  record Shared<T>(SharedMemory memory) implements Definition<T> {
    @Override
    public VmExtern in(Store<T> store) {
      return memory.in(store).internal();
    }
  }

  /** Binds a host function to a store. */
  @FunctionalInterface
  interface BodyFactory<T> {
    HostFunctionBody bind(Store<T> store);
  }

  private record Name(String module, String name) {
    // Spelled out: a record's own methods are made at run time, a good part of a short program's.
    @Override
    public boolean equals(Object other) {
      return other instanceof Name that && module.equals(that.module) && name.equals(that.name);
    }

    @Override
    public int hashCode() {
      return 31 * module.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
      return "'" + module + "' '" + name + "'";
    }
  }

  private final Engine engine;
  private final Map<Name, Definition<T>> definitions = new ConcurrentHashMap<>();
  private volatile boolean shadowing;

  private Linker(Engine engine) {
    this.engine = engine;
  }

  /** A linker that knows no name. */
  public static <T> Linker<T> create(Engine engine) {
    return new Linker<>(engine);
  }

  public Engine engine() {
    return engine;
  }

  private Host<T> host(FuncType type, BodyFactory<T> factory) {
    return new Host<>(type, engine.internal().types().idOfHost(type), factory);
  }

  /** Whether a name may be defined again; off at first. */
  public Linker<T> allowShadowing(boolean allow) {
    shadowing = allow;
    return this;
  }

  /**
   * Defines an inline host function: short, bounded, and it may not call into the guest. Runs on
   * the thread that runs the guest.
   *
   * @throws IllegalArgumentException when the name is defined already
   */
  public Linker<T> func(String module, String name, FuncType type, HostFunction<T> body) {
    return put(module, name, host(type, store -> HostBodies.inline(store, type, body)));
  }

  /**
   * Defines an inline host function by a method handle. Its type gives the WebAssembly type: int,
   * long, float, double, {@link Func} (funcref), Object (externref); a first parameter {@link
   * Caller} is not an argument.
   */
  public Linker<T> func(String module, String name, MethodHandle body) {
    return func(module, name, HostHandles.funcType(body.type()), HostHandles.adapt(body));
  }

  /**
   * Defines a host function that may block, and may call into the guest. In an {@link Invocation}
   * the fiber is parked and the body runs on another thread, which owns the store meanwhile: a call
   * that must end interrupts the body, and ends when the body has returned.
   */
  public Linker<T> blockingFunc(String module, String name, FuncType type, HostFunction<T> body) {
    return put(module, name, host(type, store -> HostBodies.blocking(store, type, body)));
  }

  /** {@link #blockingFunc(String, String, FuncType, HostFunction)} by a method handle. */
  public Linker<T> blockingFunc(String module, String name, MethodHandle body) {
    return blockingFunc(module, name, HostHandles.funcType(body.type()), HostHandles.adapt(body));
  }

  /**
   * Defines a host function that is inline until it must wait, and then parks the calling fiber.
   * This is the kind for input and output: nothing runs, and nothing of the guest is touched, while
   * it waits.
   */
  public Linker<T> waitingFunc(
      String module, String name, FuncType type, WaitingHostFunction<T> body) {
    return put(module, name, host(type, store -> HostBodies.waiting(store, type, body)));
  }

  /** Defines a host function that completes later; its fiber is parked meanwhile. */
  public Linker<T> asyncFunc(String module, String name, FuncType type, AsyncHostFunction<T> body) {
    return put(module, name, host(type, store -> HostBodies.async(store, type, body)));
  }

  /** Defines something that exists in a store. */
  public Linker<T> define(String module, String name, Extern extern) {
    return put(module, name, new Existing<>(extern));
  }

  /** Defines a shared memory, for all stores that this linker instantiates modules in. */
  public Linker<T> define(String module, String name, SharedMemory memory) {
    return put(module, name, new Shared<>(memory));
  }

  /** Defines all exports of an instance under a module name. */
  public Linker<T> instance(String module, Instance instance) {
    for (Map.Entry<String, Extern> export : instance.exports().entrySet()) {
      define(module, export.getKey(), export.getValue());
    }
    return this;
  }

  /**
   * Defines every function that the module imports and that is not defined yet as a function that
   * traps with {@link TrapKind#UNKNOWN_IMPORT} when called. It has the type that is asked for.
   */
  public Linker<T> defineUnknownImportsAsTraps(Module module) {
    for (ImportType wanted : module.imports()) {
      Name name = new Name(wanted.module(), wanted.name());
      if (wanted.type() instanceof FuncType) {
        definitions.putIfAbsent(name, new Trapping<>(name));
      }
    }
    return this;
  }

  private Linker<T> put(String module, String name, Definition<T> definition) {
    Name key = new Name(module, name);
    if (shadowing) {
      definitions.put(key, definition);
    } else if (definitions.putIfAbsent(key, definition) != null) {
      throw new IllegalArgumentException("import " + key + " is defined already");
    }
    return this;
  }

  /**
   * Resolves a module's imports once, for many instances.
   *
   * @throws LinkException when an import is unknown or has the wrong type
   */
  public InstancePre<T> instantiatePre(Module module) {
    InstancePre.Builder<T> builder = new InstancePre.Builder<>(module);
    LoadedModule loaded = module.internal();
    int functions = 0;
    int tags = 0;
    for (Import wanted : loaded.info().imports()) {
      int type =
          switch (wanted.type().kind()) {
            case FUNC -> loaded.info().functionTypeIndex(functions++);
            case TAG -> loaded.info().tagTypeIndex(tags++);
            case TABLE, MEMORY, GLOBAL -> 0;
          };
      builder.add(resolve(loaded, wanted, type));
    }
    return builder.build();
  }

  /**
   * Resolves a module's imports and makes an instance: active segments are copied and the start
   * function is run, on this thread.
   *
   * @throws LinkException when an import is unknown or has the wrong type
   * @throws InstantiationException when a segment does not fit, the start function traps, or memory
   *     is refused
   */
  public Instance instantiate(Store<T> store, Module module) {
    return instantiatePre(module).instantiate(store);
  }

  /** The definition of an import; {@code type} is a function's or tag's type in the module. */
  private Definition<T> resolve(LoadedModule module, Import wanted, int type) {
    Name name = new Name(wanted.module(), wanted.name());
    Definition<T> definition = definitions.get(name);
    // Of most modules all; every switch over patterns that a start reaches costs it a class.
    if (definition instanceof Host<T> host) {
      check(name, module, wanted, type, host.type(), host.typeId());
      return host;
    }
    return resolveAny(module, wanted, type, name, definition);
  }

  private Definition<T> resolveAny(
      LoadedModule module, Import wanted, int type, Name name, @Nullable Definition<T> definition) {
    return switch (definition) {
      case null -> throw new LinkException("unknown import: " + name + " is not defined");
      case Host<T> host -> {
        check(name, module, wanted, type, host.type(), host.typeId());
        yield host;
      }
      case Existing<T> existing -> {
        int actual =
            switch (existing.extern().internal()) {
              case VmFunction function -> function.typeId();
              case VmTag tag -> tag.typeId();
              case VmTable unused -> 0;
              case VmMemory unused -> 0;
              case VmGlobal unused -> 0;
            };
        check(name, module, wanted, type, existing.extern().type(), actual);
        yield existing;
      }
      case Shared<T> shared -> {
        check(name, module, wanted, type, shared.memory().type(), 0);
        yield shared;
      }
      case Trapping<T> trapping -> trap(name, module, wanted, type);
    };
  }

  private static void check(
      Name name,
      LoadedModule module,
      Import wanted,
      int wantedType,
      ExternType actual,
      int actualType) {
    if (!ImportMatching.matches(module, wanted.type(), wantedType, actual, actualType)) {
      throw incompatible(name, actual.toString(), wanted);
    }
  }

  private static LinkException incompatible(Name name, String actual, Import wanted) {
    return new LinkException(
        "incompatible import type: "
            + name
            + " is "
            + actual
            + ", and the module wants "
            + wanted.type());
  }

  private Host<T> trap(Name name, LoadedModule module, Import wanted, int type) {
    if (!(wanted.type() instanceof FuncType)) {
      throw incompatible(name, "a function", wanted);
    }
    int id = module.types().id(type);
    FuncType known = engine.internal().types().functionOf(id);
    HostFunction<T> body =
        (caller, call) -> {
          throw new TrapException(TrapKind.UNKNOWN_IMPORT, name.toString());
        };
    return new Host<>(known, id, store -> HostBodies.inline(store, known, body));
  }
}
