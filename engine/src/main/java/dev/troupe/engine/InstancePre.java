package dev.troupe.engine;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.LoadedModule;
import dev.troupe.engine.runtime.Segments;
import dev.troupe.engine.runtime.VmExtern;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.runtime.VmStore;
import dev.troupe.engine.runtime.exec.CallTarget;
import dev.troupe.engine.runtime.exec.Trap;
import dev.troupe.engine.wasm.WasmModule;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A module whose imports are resolved: instantiating it looks up and checks nothing. Thread-safe.
 *
 * @param <T> the host data of the stores
 */
public final class InstancePre<T> {
  private final Module module;
  private final List<Linker.Definition<T>> imports;

  private InstancePre(Module module, List<Linker.Definition<T>> imports) {
    this.module = module;
    this.imports = List.copyOf(imports);
  }

  /** Collects the imports in order. */
  static final class Builder<T> {
    private final Module module;
    private final List<Linker.Definition<T>> imports = new ArrayList<>();

    Builder(Module module) {
      this.module = module;
    }

    void add(Linker.Definition<T> definition) {
      imports.add(definition);
    }

    InstancePre<T> build() {
      return new InstancePre<>(module, imports);
    }
  }

  /** The module. */
  public Module module() {
    return module;
  }

  /**
   * Makes an instance on this thread: active segments are copied and the start function is run.
   *
   * @throws InstantiationException when a segment does not fit, the start function traps, or memory
   *     is refused
   */
  public Instance instantiate(Store<T> store) {
    Prepared prepared = prepare(store);
    Func start = prepared.start();
    if (start != null) {
      Trap trap = store.execution().call(CallTarget.of(start.internal()));
      if (trap != null) {
        throw failed(trap);
      }
    }
    return prepared.instance();
  }

  /**
   * An instance whose start function has not run yet.
   *
   * @param instance must not be called before {@code start} has returned
   * @param start the start function, or null when the module has none
   */
  public record Prepared(Instance instance, @Nullable Func start) {}

  /**
   * Makes an instance on this thread without running guest code: active segments are copied, and
   * the start function is left to the caller, who may run it as an {@link Invocation}.
   *
   * @throws InstantiationException when a segment does not fit, or memory is refused
   */
  public Prepared prepare(Store<T> store) {
    VmInstance instance = instantiateWithoutStart(store);
    int start = instance.module().info().startFunction();
    return new Prepared(
        new Instance(store, instance),
        start == WasmModule.NO_START ? null : new Func(store, instance.function(start)));
  }

  private VmInstance instantiateWithoutStart(Store<T> store) {
    LoadedModule loaded = module.internal();
    store.execution().requireOwned();
    VmStore internal = store.internal();
    VmInstance instance;
    TrapKind trap;
    try {
      instance = new VmInstance(internal, loaded, externs(store));
      trap = Segments.initialize(instance);
    } catch (AllocationException refused) {
      throw new InstantiationException(String.valueOf(refused.getMessage()), refused);
    }
    if (trap != null) {
      throw failed(new Trap(trap, trap.message(), List.of(), null));
    }
    return instance;
  }

  private List<VmExtern> externs(Store<T> store) {
    List<VmExtern> externs = new ArrayList<>(imports.size());
    for (Linker.Definition<T> definition : imports) {
      externs.add(definition.in(store));
    }
    return externs;
  }

  private static InstantiationException failed(Trap trap) {
    TrapException cause = new TrapException(trap);
    return new InstantiationException(String.valueOf(cause.getMessage()), cause);
  }
}
