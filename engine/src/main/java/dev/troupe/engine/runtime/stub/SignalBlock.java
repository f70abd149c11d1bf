package dev.troupe.engine.runtime.stub;

import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.Signals;
import dev.troupe.engine.os.VirtualMemory;

/**
 * The native page that the signal handlers read: one per process, shared by every class loader that
 * has loaded this engine, never unmapped.
 *
 * <pre>
 *   0 regionCount u32
 *   8 previous handlers, u64 for each of {@link #SIGNALS}
 *  48 our handlers, u64 for each of {@link #SIGNALS}; 0 while not installed
 *  88 entries of the handlers' code, u64 for each of {@link #SIGNALS}, whether installed or not
 * 128 regions, 64 bytes each
 * </pre>
 */
final class SignalBlock {
  /** The signals that we may handle. */
  static final int[] SIGNALS = {
    Signals.SIGSEGV, Signals.SIGBUS, Signals.SIGFPE, Signals.SIGILL, Signals.SIGURG
  };

  static final int REGION_COUNT = 0;
  static final int PREVIOUS = 8;
  static final int OURS = PREVIOUS + Long.BYTES * SIGNALS.length;
  static final int ENTRIES = OURS + Long.BYTES * SIGNALS.length;
  static final int REGIONS = ENTRIES + Long.BYTES * SIGNALS.length;

  // Fields of a region.
  static final int CODE_BASE = 0;
  static final int CODE_END = 8;
  static final int GRANULES = 16;
  static final int BULK_START = 24;
  static final int BULK_END = 32;
  static final int FAULT_EXIT = 40;
  static final int PREEMPT = 48;
  static final int REGION_BYTES = 64;

  static final int MAX_REGIONS = (VirtualMemory.PAGE_BYTES - REGIONS) / REGION_BYTES;

  private final long address;

  SignalBlock(long address) {
    this.address = address;
  }

  /** A fresh block without regions, and the handlers' code for it. */
  static SignalBlock allocate() {
    SignalBlock block = new SignalBlock(VirtualMemory.allocate(VirtualMemory.PAGE_BYTES));
    HandlerCode.Handlers handlers = HandlerCode.generate(block.address);
    long bytes = VirtualMemory.roundUpToPages(handlers.code().length);
    long code = VirtualMemory.allocate(bytes);
    RawMemory.copyIn(handlers.code(), 0, code, handlers.code().length);
    VirtualMemory.protect(code, bytes, Protection.READ_EXECUTE);
    for (int i = 0; i < SIGNALS.length; i++) {
      RawMemory.putLong(block.address + ENTRIES + i * 8L, code + handlers.offsets()[i]);
    }
    return block;
  }

  long address() {
    return address;
  }

  int regionCount() {
    return (int) RawMemory.getLongAcquire(address + REGION_COUNT);
  }

  /**
   * Publishes a region: its fields are written before the count.
   *
   * @throws SignalHandlerException when the block is full
   */
  void add(GuestRegion region) {
    int count = regionCount();
    if (count == MAX_REGIONS) {
      throw new SignalHandlerException(
          "this JVM has loaded the engine through "
              + MAX_REGIONS
              + " class loaders, and its signal handlers know no more: restart it");
    }
    long at = address + REGIONS + (long) count * REGION_BYTES;
    long stubs = region.stubBase();
    RawMemory.putLong(at + CODE_BASE, region.codeBase());
    RawMemory.putLong(at + CODE_END, region.codeEnd());
    RawMemory.putLong(at + GRANULES, region.granuleTable());
    RawMemory.putLong(at + BULK_START, stubs + region.stubs().bulkStart());
    RawMemory.putLong(at + BULK_END, stubs + region.stubs().bulkEnd());
    RawMemory.putLong(at + FAULT_EXIT, stubs + region.stubs().faultExitOffset());
    RawMemory.putLong(at + PREEMPT, stubs + region.stubs().preemptOffset());
    RawMemory.putLongRelease(address + REGION_COUNT, count + 1L);
  }

  /** The handler that was there before ours. */
  long previous(int index) {
    return RawMemory.getLong(address + PREVIOUS + (long) index * Long.BYTES);
  }

  void setPrevious(int index, long handler) {
    RawMemory.putLongRelease(address + PREVIOUS + (long) index * Long.BYTES, handler);
  }

  /** Entry of our handler's code, installed or not. */
  long entry(int index) {
    return RawMemory.getLong(address + ENTRIES + (long) index * Long.BYTES);
  }

  /** Our handler, or 0 while it is not installed. */
  long ours(int index) {
    return RawMemory.getLongAcquire(address + OURS + (long) index * Long.BYTES);
  }

  void setOurs(int index, long handler) {
    RawMemory.putLongRelease(address + OURS + (long) index * Long.BYTES, handler);
  }
}
