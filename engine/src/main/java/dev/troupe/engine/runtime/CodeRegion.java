package dev.troupe.engine.runtime;

import dev.troupe.engine.contract.ModuleRecord;
import dev.troupe.engine.os.NativeFile;
import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The one place where guest code is executable. One per process, reserved once and never given
 * back, so that "is this pc guest code?" is two comparisons for the signal handlers.
 *
 * <p>A module's text owns whole granules. Its {@link ModuleRecord} is written first and published
 * by release stores to the granule table; a handler that interrupts guest code therefore finds the
 * complete record of the module it interrupted. Unmapping clears the entries and replaces the pages
 * by inaccessible ones; it happens only when no store holds the module, so no handler can be
 * looking at the record.
 */
public final class CodeRegion {
  /** Bytes of address space. */
  public static final long REGION_BYTES = 4L << 30;

  private static final class Holder {
    static final CodeRegion INSTANCE = new CodeRegion();
  }

  private final long base = VirtualMemory.reserveAligned(REGION_BYTES, ModuleRecord.GRANULE_BYTES);
  private final long granuleTable =
      VirtualMemory.allocate((REGION_BYTES >> ModuleRecord.GRANULE_SHIFT) * Long.BYTES);
  private final TreeMap<Long, Long> freeRanges = new TreeMap<>();
  private final TreeMap<Long, MappedCode> mapped = new TreeMap<>();

  private CodeRegion() {
    freeRanges.put(base, REGION_BYTES);
  }

  /** The process's region, reserved on first use. */
  public static CodeRegion instance() {
    return Holder.INSTANCE;
  }

  /** First address. */
  public long base() {
    return base;
  }

  /** Address after the last byte. */
  public long end() {
    return base + REGION_BYTES;
  }

  /** Address of the table: one u64 per granule, the address of a {@link ModuleRecord} or 0. */
  public long granuleTable() {
    return granuleTable;
  }

  /**
   * Copies text into the region, makes it executable and publishes its traps.
   *
   * @param trapOffsets ascending offsets of instructions that may trap
   * @param trapKinds their kinds, {@link dev.troupe.engine.contract.TrapKind} ordinals
   * @throws AllocationException when the region is full, or the kernel refuses
   */
  public MappedCode map(MemorySegment text, int[] trapOffsets, byte[] trapKinds) {
    long textBytes = text.byteSize();
    return place(
        textBytes,
        trapOffsets,
        trapKinds,
        address -> {
          long pageBytes = VirtualMemory.roundUpToPages(Math.max(1, textBytes));
          VirtualMemory.remapFresh(address, pageBytes, Protection.READ_WRITE);
          RawMemory.copyIn(text, 0, address, textBytes);
          VirtualMemory.protect(address, pageBytes, Protection.READ_EXECUTE);
        });
  }

  /**
   * Maps text from a file that nobody changes, and publishes its traps. Offset and length are
   * multiples of the page size.
   *
   * @throws AllocationException when the region is full, or the kernel refuses
   */
  public MappedCode mapFile(
      NativeFile file, long fileOffset, long textBytes, int[] trapOffsets, byte[] trapKinds) {
    return place(
        textBytes,
        trapOffsets,
        trapKinds,
        address -> {
          if (textBytes != 0) {
            VirtualMemory.mapPrivateAt(
                address, file, fileOffset, textBytes, Protection.READ_EXECUTE);
          }
        });
  }

  private MappedCode place(
      long textBytes, int[] trapOffsets, byte[] trapKinds, LongConsumer filler) {
    if (trapOffsets.length != trapKinds.length) {
      throw new IllegalStateException("trap offsets and kinds differ in number");
    }
    long reserved = reservedFor(textBytes);
    long recordBytes = recordBytes(trapOffsets.length);
    long address = take(reserved);
    long record = 0;
    boolean placed = false;
    try {
      filler.accept(address);
      record = VirtualMemory.allocate(recordBytes);
      writeRecord(record, address, textBytes, trapOffsets, trapKinds);
      MappedCode code = new MappedCode(this, address, textBytes, record, recordBytes);
      synchronized (this) {
        mapped.put(address, code);
      }
      publish(address, reserved, record);
      placed = true;
      return code;
    } catch (OsException e) {
      throw new AllocationException(
          "the kernel refused to map " + textBytes + " bytes of code: raise vm.max_map_count", e);
    } finally {
      if (!placed) {
        if (record != 0) {
          forget(record, recordBytes);
        }
        clear(address, textBytes, reserved);
      }
    }
  }

  /** Takes text away and its place back, which is used no more if the kernel refuses. */
  private void clear(long address, long textBytes, long reserved) {
    try {
      VirtualMemory.remapFresh(
          address, VirtualMemory.roundUpToPages(Math.max(1, textBytes)), Protection.NONE);
    } catch (OsException e) {
      return;
    }
    synchronized (this) {
      give(address, reserved);
    }
  }

  private static void writeRecord(
      long record, long base, long textBytes, int[] trapOffsets, byte[] trapKinds) {
    long offsets = record + ModuleRecord.SIZE_BYTES;
    long kinds = offsets + (long) trapOffsets.length * Integer.BYTES;
    RawMemory.putLong(record + ModuleRecord.TEXT_BASE, base);
    RawMemory.putLong(record + ModuleRecord.TEXT_END, base + textBytes);
    RawMemory.putLong(record + ModuleRecord.TRAP_COUNT, trapOffsets.length);
    RawMemory.putLong(record + ModuleRecord.TRAP_OFFSETS, offsets);
    RawMemory.putLong(record + ModuleRecord.TRAP_KINDS, kinds);
    for (int i = 0; i < trapOffsets.length; i++) {
      RawMemory.putInt(offsets + (long) i * Integer.BYTES, trapOffsets[i]);
    }
    RawMemory.copyIn(trapKinds, 0, kinds, trapKinds.length);
  }

  void unmap(MappedCode code) {
    long reserved = reservedFor(code.textBytes());
    publish(code.base(), reserved, 0);
    // Before somebody else can have the place: he will be there under the same address.
    synchronized (this) {
      mapped.remove(code.base());
    }
    clear(code.base(), code.textBytes(), reserved);
    forget(code.record(), code.recordBytes());
  }

  private static void forget(long record, long recordBytes) {
    try {
      VirtualMemory.unmap(record, recordBytes);
    } catch (OsException e) {
      // Nobody refers to it any more.
    }
  }

  /** The code that contains this address, or null. */
  public @Nullable MappedCode find(long address) {
    Map.Entry<Long, MappedCode> entry;
    synchronized (this) {
      entry = mapped.floorEntry(address);
    }
    return entry != null && entry.getValue().contains(address) ? entry.getValue() : null;
  }

  /** Modules mapped now. */
  public synchronized int mappedCount() {
    return mapped.size();
  }

  private void publish(long address, long bytes, long record) {
    long first = (address - base) >> ModuleRecord.GRANULE_SHIFT;
    long count = bytes >> ModuleRecord.GRANULE_SHIFT;
    for (long i = first; i < first + count; i++) {
      RawMemory.putLongRelease(granuleTable + i * Long.BYTES, record);
    }
  }

  /** First fit. */
  private synchronized long take(long bytes) {
    for (Map.Entry<Long, Long> range : freeRanges.entrySet()) {
      if (range.getValue() >= bytes) {
        long start = range.getKey();
        long rest = range.getValue() - bytes;
        freeRanges.remove(start);
        if (rest != 0) {
          freeRanges.put(start + bytes, rest);
        }
        return start;
      }
    }
    throw new AllocationException("the code region of " + REGION_BYTES + " bytes is full");
  }

  private void give(long start, long bytes) {
    long from = start;
    long to = start + bytes;
    Map.Entry<Long, Long> before = freeRanges.floorEntry(start);
    if (before != null && before.getKey() + before.getValue() == start) {
      from = before.getKey();
    }
    Long after = freeRanges.remove(to);
    if (after != null) {
      to += after;
    }
    freeRanges.put(from, to - from);
  }

  private static long reservedFor(long textBytes) {
    long granule = ModuleRecord.GRANULE_BYTES;
    return (Math.max(1, textBytes) + granule - 1) & -granule;
  }

  private static long recordBytes(int traps) {
    return VirtualMemory.roundUpToPages(
        ModuleRecord.SIZE_BYTES + (long) traps * (Integer.BYTES + 1));
  }
}
