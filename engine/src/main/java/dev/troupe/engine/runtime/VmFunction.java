package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.wasm.ConcreteHeapType;
import dev.troupe.engine.wasm.ExternKind;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.RefType;
import org.jspecify.annotations.Nullable;

/** A function of a store: one of an instance's own functions, or a host function. */
public final class VmFunction implements VmExtern {
  private final VmStore store;
  private final FuncType type;
  private final int typeId;
  private final long reference;
  private final @Nullable VmInstance instance;
  private final int index;
  private final @Nullable HostFunctionBody body;

  private VmFunction(
      VmStore store,
      int typeId,
      long reference,
      @Nullable VmInstance instance,
      int index,
      @Nullable HostFunctionBody body) {
    this.store = store;
    this.type = store.engine().types().functionOf(typeId);
    this.typeId = typeId;
    this.reference = reference;
    this.instance = instance;
    this.index = index;
    this.body = body;
  }

  static VmFunction ofGuest(VmInstance instance, int index, int typeId, long reference) {
    return new VmFunction(instance.store(), typeId, reference, instance, index, null);
  }

  static VmFunction ofHost(
      VmStore store, int index, int typeId, long reference, HostFunctionBody body) {
    return new VmFunction(store, typeId, reference, null, index, body);
  }

  @Override
  public VmStore store() {
    return store;
  }

  /** Its type; type indexes inside are the engine's. */
  @Override
  public ExternKind kind() {
    return ExternKind.FUNC;
  }

  @Override
  public FuncType type() {
    return type;
  }

  /** Engine-wide id of its type. */
  public int typeId() {
    return typeId;
  }

  /** The type of references to it. */
  public RefType referenceType() {
    return new RefType(false, new ConcreteHeapType(TypeRegistry.indexOf(typeId)));
  }

  /** Address of its {@link FuncRefLayout function reference}: what a raw funcref holds. */
  public long reference() {
    return reference;
  }

  /** Entry address, guest calling convention. */
  public long code() {
    return RawMemory.getLong(reference + FuncRefLayout.CODE);
  }

  /** Context to run with. */
  public long context() {
    return RawMemory.getLong(reference + FuncRefLayout.INSTANCE);
  }

  /** The instance that defines it, or null for a host function. */
  public @Nullable VmInstance instance() {
    return instance;
  }

  /** Index in its instance's function space, or in the store's host functions. */
  public int index() {
    return index;
  }

  /** The host's code, or null for a guest function. */
  public @Nullable HostFunctionBody body() {
    return body;
  }

  /** For messages: module and function name where known. */
  public String describe() {
    return instance == null ? "host function " + index : instance.module().describe(index);
  }
}
