package dev.troupe.engine.runtime;

/** Counts what a store owns and says no beyond its {@link VmLimits}. Readable from any thread. */
public final class ResourceLimiter {
  /** The store as somebody who pays: on the one thread that uses it. */
  private final class Payer implements GrowthGate {
    @Override
    public boolean tryGrow(long bytes) {
      return addBytes(bytes);
    }

    @Override
    public void giveBack(long bytes) {
      removeBytes(bytes);
    }
  }

  private final GrowthGate payer = new Payer();
  private volatile VmLimits limits;
  private volatile GrowthGate gate = GrowthGate.OPEN;
  private volatile long memoryBytes;
  private volatile long peakMemoryBytes;
  private volatile long tableElements;
  private volatile int instances;
  private volatile int memories;
  private volatile int tables;

  ResourceLimiter(VmLimits limits) {
    this.limits = limits;
  }

  /** The present bounds. */
  public VmLimits limits() {
    return limits;
  }

  /** Replaces the bounds; what is already owned stays, even beyond them. */
  public void limits(VmLimits newLimits) {
    limits = newLimits;
  }

  /** Asks {@code newGate} too from now on; what is already owned is not told to it. */
  public void gate(GrowthGate newGate) {
    gate = newGate;
  }

  /** Bytes of all linear memories and table elements. */
  public long memoryBytes() {
    return memoryBytes;
  }

  /** Largest {@link #memoryBytes()} so far. */
  public long peakMemoryBytes() {
    return peakMemoryBytes;
  }

  /** Elements of all tables. */
  public long tableElements() {
    return tableElements;
  }

  /** Instances. */
  public int instances() {
    return instances;
  }

  // The writers below run on the one thread that uses the store.

  /** Charges this store with what a memory grows by. */
  GrowthGate payer() {
    return payer;
  }

  boolean addBytes(long bytes) {
    long sum = memoryBytes + bytes;
    if (sum < 0 || sum > limits.maxMemoryBytes() || !gate.tryGrow(bytes)) {
      return false;
    }
    memoryBytes = sum;
    peakMemoryBytes = Math.max(peakMemoryBytes, sum);
    return true;
  }

  boolean addElements(long elements) {
    long sum = tableElements + elements;
    if (sum > limits.maxTableElements() || !addBytes(elements * Long.BYTES)) {
      return false;
    }
    tableElements = sum;
    return true;
  }

  void removeElements(long elements) {
    tableElements = tableElements - elements;
    removeBytes(elements * Long.BYTES);
  }

  void removeBytes(long bytes) {
    memoryBytes = memoryBytes - bytes;
    gate.giveBack(bytes);
  }

  /** The store is gone; the gate has its own way to learn that. */
  void removeEverything() {
    memoryBytes = 0;
    tableElements = 0;
  }

  void addInstance() {
    require(instances + 1, limits.maxInstances(), "instances");
    instances = instances + 1;
  }

  /** One memory more, of so many bytes; refused, it has changed nothing. */
  void addMemory(long bytes) {
    require(memories + 1, limits.maxMemories(), "memories");
    if (!addBytes(bytes)) {
      throw new AllocationException(
          "the store may own " + limits.maxMemoryBytes() + " bytes of memory");
    }
    memories = memories + 1;
  }

  /** Undoes {@link #addMemory}. */
  void removeMemory(long bytes) {
    memories = memories - 1;
    removeBytes(bytes);
  }

  void addTable() {
    require(tables + 1, limits.maxTables(), "tables");
    tables = tables + 1;
  }

  private static void require(int count, int limit, String what) {
    if (count > limit) {
      throw new AllocationException("the store may own " + limit + " " + what);
    }
  }
}
