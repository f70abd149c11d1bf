package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.FuncRefLayout;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TableDef;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.stub.MoveTable;
import dev.troupe.engine.wasm.FuncType;
import dev.troupe.engine.wasm.GlobalType;
import dev.troupe.engine.wasm.Limits;
import dev.troupe.engine.wasm.MemoryType;
import dev.troupe.engine.wasm.TableType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The unit of isolation and of ownership: instances and what they are made of, with the native
 * context that compiled code shares with the host. Used by one thread at a time.
 */
public final class VmStore implements AutoCloseable {
  private static final int CONTEXT_BYTES = 2048;
  private static final int QUIET_FLAG_OFFSET = StoreContext.SIZE_BYTES;
  private static final int VALUES_OFFSET = StoreContext.SIZE_BYTES + 64;
  private static final int INLINE_VALUES =
      (CONTEXT_BYTES - VALUES_OFFSET) / StoreContext.VALUE_BYTES;

  /** {@link InstanceLayout#HANDLE} where the host itself, not an instance, is the caller. */
  static final long NO_INSTANCE = 0;

  private final VmEngine engine;
  private final GuestCode code;
  private final ResourceLimiter limiter;
  private final ExternTable externs = new ExternTable();
  private final ExceptionReferences exceptions = new ExceptionReferences();
  private final GcHandles handles = new GcHandles();
  private final GcHeap collected;
  private final List<VmGlobal> referenceGlobals = new ArrayList<>();
  private final long context;
  private final List<VmInstance> instances = new ArrayList<>();
  private final List<VmFunction> hostFunctions = new ArrayList<>();
  private final List<VmMemory> memories = new ArrayList<>();
  private final List<VmTable> tables = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();

  /** Of signatures that have no stubs of their own, by how their values are passed. */
  private final Map<FuncType, Long> moveTables = new HashMap<>();

  private long values;
  private int valueSlots = INLINE_VALUES;
  private boolean poisoned;
  private boolean closed;

  private record Block(long address, long bytes) {}

  /**
   * An empty store.
   *
   * @throws dev.troupe.engine.runtime.stub.SignalHandlerException when somebody has replaced our
   *     signal handlers
   */
  public VmStore(VmEngine engine, VmLimits limits) {
    engine.checkHandlers();
    this.engine = engine;
    this.code = GuestCode.instance();
    this.limiter = new ResourceLimiter(limits);
    context = engine.heap().allocate(CONTEXT_BYTES);
    values = context + VALUES_OFFSET;
    RawMemory.putLong(context + StoreContext.VALUES, values);
    RawMemory.putLong(context + StoreContext.PREEMPT_FLAG, quietFlag());
    RawMemory.putInt(context + StoreContext.GUEST_MXCSR, StoreContext.DEFAULT_MXCSR);
    RawMemory.putLong(context + StoreContext.FUEL, Long.MAX_VALUE);
    collected = new GcHeap(engine, limiter, externs, context, this::poison);
    collected.addRoots(this::updateReferences);
    collected.addRoots(handles);
    engine.storeOpened();
  }

  /** The heap of objects that guests make. */
  public GcHeap collected() {
    return collected;
  }

  /** References that the host holds. */
  public GcHandles handles() {
    return handles;
  }

  private void updateReferences(ReferenceMap map) {
    for (VmGlobal global : referenceGlobals) {
      map.update(global.cell());
    }
    for (VmTable table : tables) {
      table.updateReferences(map);
    }
    for (VmInstance instance : instances) {
      instance.updateReferences(map);
    }
  }

  /** A global of a reference type was made. */
  void addReferenceGlobal(VmGlobal global) {
    referenceGlobals.add(global);
  }

  public VmEngine engine() {
    return engine;
  }

  public ResourceLimiter limiter() {
    return limiter;
  }

  public ExternTable externs() {
    return externs;
  }

  /** The exceptions that guests have references to. */
  public ExceptionReferences exceptions() {
    return exceptions;
  }

  /** Address of the {@link StoreContext}. */
  public long context() {
    return context;
  }

  /** Address of the value area; refuses a closed store, whose area may be someone else's now. */
  public long values() {
    checkOpen();
    return values;
  }

  /** Address of a preemption flag that nobody ever sets: for runs without a carrier. */
  public long quietFlag() {
    return context + QUIET_FLAG_OFFSET;
  }

  /** Whether a fiber of this store was dropped in the middle of guest code. */
  public boolean isPoisoned() {
    return poisoned;
  }

  /** Forbids every further call: some guest code of this store stopped at an arbitrary point. */
  public void poison() {
    poisoned = true;
  }

  public boolean isClosed() {
    return closed;
  }

  /**
   * Refuses a closed store.
   *
   * @throws IllegalStateException when it is closed
   */
  public void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the store is closed");
    }
  }

  /** Makes room in the value area for calls of this type. Not while a call is being set up. */
  public void ensureValues(FuncType type) {
    int needed = Math.max(type.paramCount(), type.resultCount());
    if (needed > valueSlots) {
      int slots = Integer.highestOneBit(needed) << 1;
      values = own((long) slots * StoreContext.VALUE_BYTES);
      valueSlots = slots;
      RawMemory.putLong(context + StoreContext.VALUES, values);
    }
  }

  /**
   * Address of the table that tells generic stubs how values of this type are passed: one for all
   * types that are passed alike.
   */
  public long moves(FuncType type) {
    FuncType carried = GuestCode.carried(type);
    Long known = moveTables.get(carried);
    return known != null ? known : newMoves(carried, MoveTable.of(carried));
  }

  /** The same for what a guest imports, who pays for it. */
  private long importedMoves(FuncType type) {
    FuncType carried = GuestCode.carried(type);
    Long known = moveTables.get(carried);
    if (known != null) {
      return known;
    }
    int[] table = MoveTable.of(carried);
    long bytes = (long) table.length * Integer.BYTES;
    if (!limiter.addBytes(bytes)) {
      throw new AllocationException(
          "the store may own " + limiter.limits().maxMemoryBytes() + " bytes of memory");
    }
    return newMoves(carried, table);
  }

  private long newMoves(FuncType carried, int[] table) {
    long address = own((long) table.length * Integer.BYTES);
    for (int i = 0; i < table.length; i++) {
      RawMemory.putInt(address + (long) i * Integer.BYTES, table[i]);
    }
    moveTables.put(carried, address);
    return address;
  }

  /** Native memory that lives as long as the store. */
  long own(long bytes) {
    long address = engine.heap().allocate(bytes);
    blocks.add(new Block(address, bytes));
    return address;
  }

  /** Defines a host function. Type indexes in its type are the engine's. */
  public VmFunction newHostFunction(FuncType type, HostFunctionBody body) {
    return newHostFunction(type, engine.types().idOfHost(type), body);
  }

  /** Defines a host function of a type that lives as long as the store, or longer. */
  public VmFunction newHostFunction(FuncType type, int typeId, HostFunctionBody body) {
    checkOpen();
    ensureValues(type);
    int index = hostFunctions.size();
    long reference = own(FuncRefLayout.SIZE_BYTES + InstanceLayout.HEADER_BYTES);
    long hostContext = reference + FuncRefLayout.SIZE_BYTES;
    VmFunction function = VmFunction.ofHost(this, index, typeId, reference, body);
    hostFunctions.add(function);
    writeHostReference(reference, hostContext, function, NO_INSTANCE);
    return function;
  }

  /** Fills a function reference to a host function, and its context, for one caller. */
  void writeHostReference(
      long reference, long hostContext, VmFunction function, long callerHandle) {
    RawMemory.putLong(hostContext + InstanceLayout.STORE_CONTEXT, context);
    RawMemory.putInt(hostContext + InstanceLayout.KIND, InstanceLayout.KIND_HOST_FUNCTION);
    RawMemory.putInt(hostContext + InstanceLayout.HOST_FUNCTION, function.index());
    RawMemory.putLong(hostContext + InstanceLayout.BUILTINS, code.builtinTable());
    RawMemory.putLong(hostContext + InstanceLayout.HANDLE, callerHandle);
    long trampoline = code.hostTrampoline(function.type());
    if (code.isGeneric(trampoline)) {
      RawMemory.putLong(hostContext + InstanceLayout.MOVES, importedMoves(function.type()));
    }
    RawMemory.putLong(reference + FuncRefLayout.CODE, trampoline);
    RawMemory.putLong(reference + FuncRefLayout.INSTANCE, hostContext);
    RawMemory.putInt(reference + FuncRefLayout.TYPE_ID, function.typeId());
    RawMemory.putInt(reference + FuncRefLayout.FUNCTION_INDEX, function.index());
    RawMemory.putLong(reference + FuncRefLayout.OWNER, NO_INSTANCE);
  }

  /** A memory that the host makes. */
  public VmMemory newMemory(MemoryType type) {
    checkOpen();
    return newMemory(type, own(MemoryDef.SIZE_BYTES), 0, 0, null);
  }

  /**
   * This store's view of a shared memory: one, however often it is asked for. What the memory has
   * now is charged to the store, as what it grows by through the store will be.
   *
   * @throws AllocationException when that is too much for the store
   * @throws IllegalArgumentException when the memory belongs to another engine
   * @throws IllegalStateException when it is gone
   */
  public VmMemory use(VmSharedMemory shared) {
    checkOpen();
    if (shared.engine() != engine) {
      throw new IllegalArgumentException("the shared memory belongs to another engine");
    }
    for (VmMemory known : memories) {
      if (known.shared() == shared) {
        return known;
      }
    }
    long bytes = shared.byteLength();
    limiter.addMemory(bytes);
    if (!shared.tryRetain()) {
      limiter.removeMemory(bytes);
      throw new IllegalStateException("the shared memory is closed");
    }
    VmMemory memory = new VmMemory(this, shared);
    memories.add(memory);
    return memory;
  }

  VmMemory newMemory(
      MemoryType type,
      long definition,
      long moduleKey,
      int memoryIndex,
      @Nullable HeapImage image) {
    MemoryRequest request =
        MemorySizing.request(type, engine.tunables(), moduleKey, memoryIndex, image);
    limiter.addMemory(request.initialBytes());
    boolean allocated = false;
    try {
      VmMemory memory = allocate(type, definition, request);
      allocated = true;
      memories.add(memory);
      if (image != null && !memory.hasImage()) {
        RawMemory.copy(memory.base() + image.memoryOffset(), image.address(), image.byteLength());
      }
      return memory;
    } finally {
      if (!allocated) {
        limiter.removeMemory(request.initialBytes());
      }
    }
  }

  private VmMemory allocate(MemoryType type, long definition, MemoryRequest request) {
    if (type.shared()) {
      return new VmMemory(this, new VmSharedMemory(engine, type, request));
    }
    LinearMemory allocation = engine.memoryAllocator().allocate(request);
    long spanBytes = request.reservationBytes() + request.guardBytes();
    return new VmMemory(this, type, allocation, definition, spanBytes);
  }

  /** A table that the host makes, filled with a raw reference. */
  public VmTable newTable(TableType type, long reference) {
    checkOpen();
    return newTable(type, own(TableDef.SIZE_BYTES), reference);
  }

  VmTable newTable(TableType type, long definition, long reference) {
    limiter.addTable();
    Limits limits = type.limits();
    VmTable table = new VmTable(this, type, definition);
    tables.add(table);
    if (table.grow(limits.min(), reference) < 0) {
      throw new AllocationException(
          "the store may not own a table of "
              + Long.toUnsignedString(limits.min())
              + " more elements");
    }
    return table;
  }

  /** A global that the host makes. */
  public VmGlobal newGlobal(GlobalType type, long low, long high) {
    checkOpen();
    VmGlobal global = new VmGlobal(this, type, own(InstanceLayout.GLOBAL_BYTES));
    global.set(low, high);
    return global;
  }

  /** The function behind a raw funcref, which must not be 0. */
  public VmFunction functionOf(long reference) {
    long owner = RawMemory.getLong(reference + FuncRefLayout.OWNER);
    int index = RawMemory.getInt(reference + FuncRefLayout.FUNCTION_INDEX);
    return owner == NO_INSTANCE ? hostFunctions.get(index) : instanceOf(owner).function(index);
  }

  /** The host function with this index. */
  public VmFunction hostFunction(int index) {
    return hostFunctions.get(index);
  }

  /** The instance with this handle, which must not be {@link #NO_INSTANCE}. */
  public VmInstance instanceOf(long handle) {
    return instances.get((int) (handle - 1));
  }

  /** All instances in the order of their making. */
  public List<VmInstance> instances() {
    return List.copyOf(instances);
  }

  /** Registers an instance being made: its handle. */
  long addInstance(VmInstance instance) {
    limiter.addInstance();
    instances.add(instance);
    return instances.size();
  }

  long nextHandle() {
    return instances.size() + 1L;
  }

  GuestCode code() {
    return code;
  }

  /** Whether an address lies in the reservation of one of this store's linear memories. */
  public boolean mayFaultAt(long address) {
    for (VmMemory memory : memories) {
      if (memory.spans(address)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Releases everything the store owns. No fiber of it exists any more. Later calls do nothing.
   *
   * @throws RuntimeException what the first part that could not be released has thrown; all others
   *     are released
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    Releases all = new Releases();
    memories.forEach(memory -> all.add(memory::release));
    tables.forEach(table -> all.add(table::release));
    instances.forEach(instance -> all.add(instance::release));
    blocks.forEach(block -> all.add(() -> engine.heap().free(block.address(), block.bytes())));
    all.add(collected::release);
    all.add(() -> engine.heap().free(context, CONTEXT_BYTES));
    limiter.removeEverything();
    engine.storeClosed();
    all.throwFirst();
  }

  /** Whatever one of them throws, the others are released, too. */
  private static final class Releases {
    private @Nullable RuntimeException first;

    void add(Runnable release) {
      try {
        release.run();
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }

    void throwFirst() {
      if (first != null) {
        throw first;
      }
    }
  }
}
