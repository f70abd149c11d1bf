package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.GcLayout;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.RawMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The collected heap of one store: two spaces, of which one is allocated from by moving a pointer
 * up. When it is full, what is reachable is copied to the other (Cheney, "A nonrecursive list
 * compacting algorithm", 1970), so that a collection costs what is alive and nothing for what is
 * not.
 *
 * <p>Compiled code allocates from {@link StoreContext#GC_TOP} while it stays below {@link
 * StoreContext#GC_END}, and asks for {@linkplain #makeRoom room} otherwise. Both spaces are charged
 * to the store from the start, so that there is always a place to copy to.
 */
public final class GcHeap {
  /** What a heap begins with. */
  static final long FIRST_BYTES = 64 << 10;

  /** Up to this size a heap grows rather than collects: it stays in the processor's cache. */
  static final long SMALL_BYTES = 512 << 10;

  /** So many times what is alive may be allocated until the next collection. */
  private static final int GROWTH = 3;

  private static final int WORDS_COPIED_SINGLY = 16;

  private final VmEngine engine;
  private final ResourceLimiter limiter;
  private final ExternTable externs;
  private final long context;
  private final boolean stress;
  private final Runnable halfMoved;
  private final List<GcRoots> roots = new ArrayList<>();
  private @Nullable GcShape[] shapes = new @Nullable GcShape[64];

  private GcRegions.@Nullable Region region;
  private boolean second;
  private long base;
  private long end;
  private long capacity;

  /** Bytes of each half that are paid for: more than there are when the system kept some. */
  private long charged;

  private long collections;

  /** Most bytes of a half that have been used. */
  private long highest;

  // While a collection runs.
  private long fromStart;
  private long fromBytes;
  private long free;

  /**
   * A heap without memory.
   *
   * @param halfMoved told when a collection did not come to its end: nothing of the heap can be
   *     used then
   */
  GcHeap(
      VmEngine engine,
      ResourceLimiter limiter,
      ExternTable externs,
      long context,
      Runnable halfMoved) {
    this.engine = engine;
    this.limiter = limiter;
    this.externs = externs;
    this.context = context;
    this.halfMoved = halfMoved;
    this.stress = engine.collectsAtEveryAllocation();
  }

  /** Adds somebody who holds references of this heap. */
  public void addRoots(GcRoots holder) {
    roots.add(holder);
  }

  /** Removes one again. */
  public void removeRoots(GcRoots holder) {
    roots.remove(holder);
  }

  /** Bytes of objects, dead ones since the last collection included. */
  public long usedBytes() {
    return region == null ? 0 : top() - base;
  }

  /** Collections so far. */
  public long collections() {
    return collections;
  }

  private long top() {
    return RawMemory.getLong(context + StoreContext.GC_TOP);
  }

  /** Whether every holder of references can tell them, so that objects may move. */
  public boolean mayCollect() {
    for (GcRoots holder : roots) {
      if (!holder.areKnown()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Makes room for an object of {@code bytes} at the top: by growing while the heap is small, by a
   * collection, or by growing after all.
   *
   * @return false when the store's limits leave no room
   */
  public boolean makeRoom(long bytes) {
    if (bytes < 0 || bytes > GcLayout.MAX_OBJECT_BYTES) {
      return false;
    }
    if (region == null && !open(bytes)) {
      return false;
    }
    boolean mayMove = mayCollect();
    if (stress && mayMove) {
      collect();
    }
    boolean fits = has(bytes);
    if (!fits && capacity < SMALL_BYTES) {
      fits = grow(Math.min(SMALL_BYTES, 2 * (usedBytes() + bytes))) && has(bytes);
    }
    if (!fits && mayMove) {
      collect();
      long used = usedBytes();
      long wanted = Math.max(SMALL_BYTES, GROWTH * used) + bytes;
      boolean _ = grow(wanted);
      end = base + Math.min(capacity, wanted);
      if (capacity > 4 * wanted) {
        shrink(2 * wanted);
      }
      fits = has(bytes);
    }
    if (!fits) {
      fits = grow(usedBytes() + bytes) && has(bytes);
    }
    publish();
    return fits;
  }

  private boolean has(long bytes) {
    return end - top() >= bytes;
  }

  /** Compiled code that must ask for every object finds no room. */
  private void publish() {
    RawMemory.putLong(context + StoreContext.GC_END, stress ? 0 : end);
  }

  /**
   * Takes address space for the heap, as instances of modules that make objects do at their
   * beginning: later on a guest would stand half-way when there is none.
   *
   * @throws ExhaustedException when as many stores as can have a heap
   * @throws AllocationException when there is no address space
   */
  void reserve() {
    if (region != null) {
      return;
    }
    GcRegions.Region taken = engine.gcRegions().take();
    region = taken;
    base = taken.half(false);
    end = base;
    RawMemory.putLong(context + StoreContext.GC_TOP, base);
  }

  private boolean open(long bytes) {
    try {
      reserve();
    } catch (AllocationException refused) {
      return false;
    }
    if (grow(Math.max(FIRST_BYTES, bytes))) {
      return true;
    }
    release();
    return false;
  }

  /** Makes both spaces at least so large; false when that is refused. */
  private boolean grow(long bytes) {
    GcRegions.Region present = region;
    long wanted = bytes + FIRST_BYTES - 1 & -FIRST_BYTES;
    if (wanted <= capacity || present == null) {
      end = base + capacity;
      return wanted <= capacity;
    }
    long unpaid = Math.max(0, wanted - charged);
    if (wanted > GcRegions.HALF_BYTES || !limiter.addBytes(2 * unpaid)) {
      return false;
    }
    if (!present.makeAccessible(wanted)) {
      limiter.removeBytes(2 * unpaid);
      return false;
    }
    charged += unpaid;
    capacity = wanted;
    end = base + capacity;
    return true;
  }

  private void shrink(long bytes) {
    GcRegions.Region present = region;
    long wanted = bytes + FIRST_BYTES - 1 & -FIRST_BYTES;
    if (present != null && wanted < capacity && wanted >= end - base) {
      if (present.shrink(wanted)) {
        limiter.removeBytes(2 * (charged - wanted));
        charged = wanted;
      }
      capacity = wanted;
    }
  }

  /**
   * Makes an object from the host, with zeros in it: the caller fills it before anything else
   * happens.
   *
   * @throws AllocationException when the store's limits leave no room
   */
  public long allocate(int typeId, long bytes) {
    if (!makeRoom(bytes)) {
      throw new AllocationException(
          "the store's collected heap has no room for " + bytes + " bytes");
    }
    long object = place(typeId, bytes);
    RawMemory.fill(object + Integer.BYTES, bytes - Integer.BYTES, (byte) 0);
    return object;
  }

  /** Takes room that there is; only the type is written. */
  long place(int typeId, long bytes) {
    long object = top();
    RawMemory.putLong(context + StoreContext.GC_TOP, object + bytes);
    RawMemory.putInt(object + GcLayout.TYPE_ID, typeId);
    return object;
  }

  // ---- collection

  /**
   * Copies what is reachable. Every holder {@linkplain #mayCollect can tell} its references.
   *
   * @throws IllegalStateException when one cannot
   */
  void collect() {
    if (!mayCollect()) {
      throw new IllegalStateException("a fiber of the store is at no safepoint");
    }
    collections++;
    boolean whole = false;
    try {
      moveAll();
      whole = true;
    } finally {
      if (!whole) {
        halfMoved.run();
      }
    }
  }

  private void moveAll() {
    GcRegions.Region present = region;
    if (present != null) {
      fromStart = base;
      fromBytes = top() - base;
      highest = Math.max(highest, fromBytes);
      second = !second;
      base = present.half(second);
      end = base + capacity;
    }
    free = base;
    externs.startMarking();
    for (GcRoots holder : roots) {
      holder.update(this::moved);
    }
    long scan = base;
    while (scan < free) {
      scan = scanObject(scan);
    }
    externs.sweep();
    if (present != null) {
      RawMemory.putLong(context + StoreContext.GC_TOP, free);
      publish();
    }
  }

  /** Looks for host objects that no guest holds any more, if many have come since the last time. */
  public void collectHostObjects() {
    if (externs.wantsCollection() && mayCollect()) {
      collect();
    }
  }

  private long scanObject(long object) {
    GcShape shape = shape(RawMemory.getInt(object));
    if (!shape.isArray()) {
      for (int offset : shape.references()) {
        update(object + offset);
      }
      return object + shape.bytes();
    }
    long length = RawMemory.getInt(object + GcLayout.LENGTH) & 0xFFFF_FFFFL;
    if (shape.elementsAreReferences()) {
      long stop = object + GcLayout.ELEMENTS + length * Long.BYTES;
      for (long cell = object + GcLayout.ELEMENTS; cell < stop; cell += Long.BYTES) {
        update(cell);
      }
    }
    return object + GcLayout.arrayBytes(length, shape.bytes());
  }

  private void update(long cell) {
    long before = RawMemory.getLong(cell);
    if (before != 0) {
      RawMemory.putLong(cell, moved(before));
    }
  }

  private long moved(long reference) {
    if ((reference & GcLayout.TAG_MASK) != 0) {
      if (GcLayout.isHost(reference)) {
        externs.mark(GcLayout.hostHandle(reference));
      }
      return reference;
    }
    if (Long.compareUnsigned(reference - fromStart, fromBytes) >= 0) {
      return reference;
    }
    long header = RawMemory.getLong(reference);
    if ((header & 1) != 0) {
      return header & ~1L;
    }
    return copy(reference, header);
  }

  private long copy(long object, long header) {
    GcShape shape = shape((int) header);
    long bytes =
        shape.isArray() ? GcLayout.arrayBytes(header >>> 32, shape.bytes()) : shape.bytes();
    long target = free;
    free = target + bytes;
    if (bytes <= WORDS_COPIED_SINGLY * Long.BYTES) {
      RawMemory.putLong(target, header);
      for (long k = Long.BYTES; k < bytes; k += Long.BYTES) {
        RawMemory.putLong(target + k, RawMemory.getLong(object + k));
      }
    } else {
      RawMemory.copy(target, object, bytes);
    }
    RawMemory.putLong(object, target | 1);
    return target;
  }

  private GcShape shape(int typeId) {
    int index = TypeRegistry.indexOf(typeId);
    GcShape known = index < shapes.length ? shapes[index] : null;
    return known != null ? known : learn(index);
  }

  private GcShape learn(int index) {
    if (index >= shapes.length) {
      shapes = Arrays.copyOf(shapes, Math.max(index + 1, shapes.length * 2));
    }
    GcShape shape = GcShape.of(engine.types().typeOf(index).composite());
    shapes[index] = shape;
    return shape;
  }

  /** The shape of the objects of the type with this engine-wide id. */
  public GcShape shapeOfType(int typeId) {
    return shape(typeId);
  }

  /** The shape of an object. */
  public GcShape shapeOf(long object) {
    return shape(RawMemory.getInt(object + GcLayout.TYPE_ID));
  }

  /** Gives everything back; the store is closed. */
  void release() {
    GcRegions.Region present = region;
    if (present != null) {
      highest = Math.max(highest, top() - base);
      region = null;
      second = false;
      base = 0;
      end = 0;
      capacity = 0;
      charged = 0;
      RawMemory.putLong(context + StoreContext.GC_TOP, 0);
      RawMemory.putLong(context + StoreContext.GC_END, 0);
      engine.gcRegions().giveBack(present, highest);
    }
  }
}
