package dev.troupe.engine;

import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.GcHandles;
import dev.troupe.engine.runtime.TypeRegistry;
import dev.troupe.engine.runtime.VmStore;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.RefType;
import org.jspecify.annotations.Nullable;

/**
 * A reference that is no function: what {@code anyref} can hold. Structs and arrays belong to a
 * store, live for as long as a guest or the host can reach them, and are used by the thread that
 * uses the store.
 */
public sealed interface AnyRef {
  /** A small integer; only its lower 31 bits count. */
  record I31(int value) implements AnyRef {
    public I31 {
      value = value << 1 >> 1;
    }
  }

  /** An object of the host, as {@code any.convert_extern} makes one of an {@code externref}. */
  record Host(ExternRef reference) implements AnyRef {}

  /** A struct or an array of a store. */
  sealed interface Heap extends AnyRef permits StructRef, ArrayRef {
    /** Whether both are one object, as {@code ref.eq} tells. */
    default boolean isSame(Heap other) {
      return handle().reference() == other.handle().reference();
    }

    /** Where it is. */
    GcHandles.Handle handle();
  }

  /** The reference in a raw form that is not null. */
  static AnyRef of(Store<?> store, long raw) {
    if (GcLayout.isI31(raw)) {
      return new I31((int) raw >> 1);
    }
    VmStore internal = store.internal();
    if (GcLayout.isHost(raw)) {
      return new Host(ExternRef.of(internal.externs().objectOf(raw)));
    }
    GcHandles.Handle handle = internal.handles().hold(raw);
    return internal.collected().shapeOf(raw).isArray()
        ? new ArrayRef(store, handle)
        : new StructRef(store, handle);
  }

  /**
   * Its raw form.
   *
   * @throws IllegalArgumentException when it is an object of another store
   */
  static long raw(Store<?> store, @Nullable AnyRef reference) {
    return switch (reference) {
      case null -> 0;
      case I31(int value) -> (value << 1 | 1) & 0xFFFF_FFFFL;
      case Host(ExternRef host) -> Values.externRaw(store, host);
      case Heap object -> {
        GcHandles.Handle handle = object.handle();
        // However it got here, in whatever it was wrapped: an address means nothing elsewhere.
        if (!handle.isOf(store.internal().handles())) {
          throw new IllegalArgumentException("the object belongs to another store");
        }
        yield handle.reference();
      }
    };
  }

  /** The type of a struct or an array, with the engine's index. */
  static RefType typeOf(Heap object) {
    int id = RawMemory.getInt(object.handle().reference() + GcLayout.TYPE_ID);
    return new RefType(false, new ConcreteHeapType(TypeRegistry.indexOf(id)));
  }
}
