package dev.troupe.engine;

import dev.troupe.engine.runtime.VmInstance;
import org.jspecify.annotations.Nullable;

/**
 * Who called a host function: the store with its data, and the instance whose import it was. Valid
 * until the call has ended.
 *
 * @param <T> the store's host data
 */
public final class Caller<T> {
  private final Store<T> store;
  private final @Nullable VmInstance instance;
  private @Nullable Memory lastMemory;
  private String lastName = "";

  Caller(Store<T> store, @Nullable VmInstance instance) {
    this.store = store;
    this.instance = instance;
  }

  /** The store's host data. */
  public T data() {
    return store.data();
  }

  /** The store. */
  public Store<T> store() {
    return store;
  }

  /** The calling instance, or null when the host itself called the function. */
  public @Nullable Instance instance() {
    return instance == null ? null : new Instance(store, instance);
  }

  /**
   * A memory that the calling instance exports. Asking for the same one in every call allocates
   * nothing.
   *
   * @throws IllegalArgumentException when there is none of this name
   */
  public Memory memory(String name) {
    Memory last = lastMemory;
    if (last != null && name.equals(lastName)) {
      return last;
    }
    Memory found = lookUp(name);
    lastMemory = found;
    lastName = name;
    return found;
  }

  private Memory lookUp(String name) {
    Instance calling = instance();
    if (calling == null) {
      throw new IllegalArgumentException("called by the host, which has no memory " + name);
    }
    return calling.memory(name);
  }
}
