package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.wasm.MemoryType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A linear memory in a Java array, at most {@link #LARGEST_BYTES}. */
public final class OracleMemory {
  /** Larger requests fail as if the host had no more memory. */
  private static final long LARGEST_BYTES = 4096L * MemoryType.PAGE_BYTES;

  private final MemoryType type;
  private byte[] bytes;
  private ByteBuffer view;

  public OracleMemory(MemoryType type) {
    this.type = type;
    if (type.minimumBytes() > LARGEST_BYTES) {
      throw new IllegalArgumentException("memory too large for the oracle: " + type);
    }
    bytes = new byte[(int) type.minimumBytes()];
    view = view();
  }

  private ByteBuffer view() {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  public MemoryType type() {
    return type;
  }

  public int pages() {
    return bytes.length >>> type.pageSizeLog2();
  }

  /** The current contents; replaced when the memory grows. */
  public byte[] bytes() {
    return bytes;
  }

  /** The old size in pages, or -1 when it cannot grow. */
  public long grow(long delta) {
    int old = pages();
    long largest = LARGEST_BYTES >>> type.pageSizeLog2();
    long declared = type.limits().maxOr(largest);
    long max = Long.compareUnsigned(declared, largest) < 0 ? declared : largest;
    if (delta < 0 || delta > max - old) {
      return -1;
    }
    bytes = Arrays.copyOf(bytes, (int) (old + delta << type.pageSizeLog2()));
    view = view();
    return old;
  }

  private int check(long address, long offset, long length) {
    long limit = bytes.length;
    if (address < 0
        || offset < 0
        || address > limit
        || offset > limit - address
        || Long.compareUnsigned(length, limit - address - offset) > 0) {
      throw new OracleTrap(TrapKind.MEMORY_OUT_OF_BOUNDS);
    }
    return (int) (address + offset);
  }

  /** Reads {@code count} bytes (1, 2, 4 or 8), zero-extended. */
  public long load(long address, long offset, int count) {
    int at = check(address, offset, count);
    return switch (count) {
      case 1 -> bytes[at] & 0xFFL;
      case 2 -> view.getShort(at) & 0xFFFFL;
      case 4 -> view.getInt(at) & 0xFFFF_FFFFL;
      default -> view.getLong(at);
    };
  }

  /** Writes the low {@code count} bytes of a value. */
  public void store(long address, long offset, int count, long value) {
    int at = check(address, offset, count);
    switch (count) {
      case 1 -> bytes[at] = (byte) value;
      case 2 -> view.putShort(at, (short) value);
      case 4 -> view.putInt(at, (int) value);
      default -> view.putLong(at, value);
    }
  }

  private int checkAligned(long address, long offset, int count) {
    if ((address + offset & count - 1) != 0) {
      throw new OracleTrap(TrapKind.UNALIGNED_ATOMIC);
    }
    return check(address, offset, count);
  }

  /** An atomic access, of which only the alignment is special with one thread. */
  public long loadAligned(long address, long offset, int count) {
    int unused = checkAligned(address, offset, count);
    return load(address, offset, count);
  }

  /** {@code memory.atomic.wait}: nobody is there to notify, so it ends as if the time were over. */
  public long await(long address, long offset, int count, long expected) {
    int unused = checkAligned(address, offset, count);
    if (!type.shared()) {
      throw new OracleTrap(TrapKind.WAIT_ON_UNSHARED_MEMORY);
    }
    return load(address, offset, count) == (count == 4 ? expected & 0xFFFF_FFFFL : expected)
        ? 2
        : 1;
  }

  /** {@code memory.atomic.notify}: nobody waits. */
  public long notifyWaiters(long address, long offset) {
    int unused = checkAligned(address, offset, 4);
    return 0;
  }

  public void fill(long address, int value, long length) {
    int at = check(address, 0, length);
    Arrays.fill(bytes, at, at + (int) length, (byte) value);
  }

  public void copy(long target, OracleMemory from, long source, long length) {
    int sourceAt = from.check(source, 0, length);
    int targetAt = check(target, 0, length);
    System.arraycopy(from.bytes, sourceAt, bytes, targetAt, (int) length);
  }

  /** {@code memory.init} from a segment's bytes. */
  public void init(long target, byte[] segment, long source, long length) {
    if (source > segment.length || length > segment.length - source) {
      throw new OracleTrap(TrapKind.MEMORY_OUT_OF_BOUNDS);
    }
    int targetAt = check(target, 0, length);
    System.arraycopy(segment, (int) source, bytes, targetAt, (int) length);
  }
}
