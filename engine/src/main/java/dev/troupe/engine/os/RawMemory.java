package dev.troupe.engine.os;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/**
 * Loads and stores at absolute addresses, little-endian, unaligned, unchecked. A wrong address ends
 * the process: callers check bounds against what they own, first.
 */
public final class RawMemory {
  @SuppressWarnings("restricted") // the danger is this package's purpose
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private static final VarHandle ALIGNED_LONG = ValueLayout.JAVA_LONG.varHandle();
  private static final VarHandle ALIGNED_INT = ValueLayout.JAVA_INT.varHandle();

  /** From here on the call of libc pays: it stores whole vectors, the JVM's own routine words. */
  private static final long LIBC_FILL_BYTES = 2048;

  private RawMemory() {}

  public static byte getByte(long address) {
    return ALL.get(JAVA_BYTE, address);
  }

  public static void putByte(long address, byte value) {
    ALL.set(JAVA_BYTE, address, value);
  }

  public static short getShort(long address) {
    return ALL.get(JAVA_SHORT_UNALIGNED, address);
  }

  public static void putShort(long address, short value) {
    ALL.set(JAVA_SHORT_UNALIGNED, address, value);
  }

  public static int getInt(long address) {
    return ALL.get(JAVA_INT_UNALIGNED, address);
  }

  public static void putInt(long address, int value) {
    ALL.set(JAVA_INT_UNALIGNED, address, value);
  }

  public static long getLong(long address) {
    return ALL.get(JAVA_LONG_UNALIGNED, address);
  }

  public static void putLong(long address, long value) {
    ALL.set(JAVA_LONG_UNALIGNED, address, value);
  }

  /** An 8-aligned load that sees what a {@linkplain #putLongRelease release store} published. */
  public static long getLongAcquire(long address) {
    return (long) ALIGNED_LONG.getAcquire(ALL, address);
  }

  /** An 8-aligned store that publishes everything written before it. */
  public static void putLongRelease(long address, long value) {
    ALIGNED_LONG.setRelease(ALL, address, value);
  }

  /** A 4-aligned store, visible to other threads and to signal handlers at once. */
  public static void putIntVolatile(long address, int value) {
    ALIGNED_INT.setVolatile(ALL, address, value);
  }

  /** A 4-aligned load, never cached. */
  public static int getIntVolatile(long address) {
    return (int) ALIGNED_INT.getVolatile(ALL, address);
  }

  /** An 8-aligned load, never cached. */
  public static long getLongVolatile(long address) {
    return (long) ALIGNED_LONG.getVolatile(ALL, address);
  }

  /** Adds to a 4-aligned number in one step for everybody: what it was before. */
  public static int getAndAddInt(long address, int delta) {
    return (int) ALIGNED_INT.getAndAdd(ALL, address, delta);
  }

  /** Adds to an 8-aligned number in one step for everybody: what it was before. */
  public static long getAndAddLong(long address, long delta) {
    return (long) ALIGNED_LONG.getAndAdd(ALL, address, delta);
  }

  /** Replaces a 4-aligned number in one step for everybody: what it was before. */
  public static int getAndSetInt(long address, int value) {
    return (int) ALIGNED_INT.getAndSet(ALL, address, value);
  }

  /** Replaces an 8-aligned number in one step for everybody: what it was before. */
  public static long getAndSetLong(long address, long value) {
    return (long) ALIGNED_LONG.getAndSet(ALL, address, value);
  }

  /** Replaces a 4-aligned number if it is what is expected: what it was before. */
  public static int compareAndExchangeInt(long address, int expected, int value) {
    return (int) ALIGNED_INT.compareAndExchange(ALL, address, expected, value);
  }

  /** Replaces an 8-aligned number if it is what is expected: what it was before. */
  public static long compareAndExchangeLong(long address, long expected, long value) {
    return (long) ALIGNED_LONG.compareAndExchange(ALL, address, expected, value);
  }

  /** Sets {@code bytes} bytes to {@code value}. */
  public static void fill(long address, long bytes, byte value) {
    if (bytes < LIBC_FILL_BYTES) {
      ALL.asSlice(address, bytes).fill(value);
    } else {
      Libc.memset(address, value, bytes);
    }
  }

  /** Copies between absolute addresses; the ranges may overlap. */
  public static void copy(long target, long source, long bytes) {
    MemorySegment.copy(ALL, source, ALL, target, bytes);
  }

  /** Copies from an array to memory. */
  public static void copyIn(byte[] source, int offset, long target, int bytes) {
    MemorySegment.copy(source, offset, ALL, JAVA_BYTE, target, bytes);
  }

  /** Copies from memory to an array. */
  public static void copyOut(long source, byte[] target, int offset, int bytes) {
    MemorySegment.copy(ALL, JAVA_BYTE, source, target, offset, bytes);
  }

  /** Copies {@code bytes} bytes from a segment to memory. */
  public static void copyIn(MemorySegment source, long offset, long target, long bytes) {
    MemorySegment.copy(source, offset, ALL, target, bytes);
  }

  /** A view of memory without a lifetime. The caller must not let it outlive the memory. */
  public static MemorySegment view(long address, long bytes) {
    return ALL.asSlice(address, bytes);
  }
}
