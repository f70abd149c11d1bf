package dev.troupe.engine;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.VmMemory;
import dev.troupe.engine.wasm.MemoryType;
import java.nio.charset.StandardCharsets;

/**
 * A linear memory. Every access is checked against the present length; offsets are unsigned bytes
 * from its start, numbers are little-endian.
 */
public final class Memory implements Extern {
  private final VmMemory internal;

  Memory(VmMemory internal) {
    this.internal = internal;
  }

  /** A memory made by the host, to be imported. */
  public static Memory create(Store<?> store, MemoryType type) {
    return new Memory(store.internal().newMemory(type));
  }

  @Override
  public MemoryType type() {
    return internal.type();
  }

  @Override
  public VmMemory internal() {
    return internal;
  }

  /** Length in bytes. */
  public long byteLength() {
    internal.store().checkOpen();
    return internal.byteLength();
  }

  /** Length in pages, of 64 KiB unless its type says otherwise. */
  public long pages() {
    return internal.pages();
  }

  /** Grows by {@code delta} pages: the previous number of pages, or -1 when refused. */
  public long grow(long delta) {
    return internal.grow(delta);
  }

  public byte getByte(long offset) {
    return RawMemory.getByte(check(offset, 1));
  }

  public void putByte(long offset, byte value) {
    RawMemory.putByte(check(offset, 1), value);
  }

  public int getInt(long offset) {
    return RawMemory.getInt(check(offset, Integer.BYTES));
  }

  public void putInt(long offset, int value) {
    RawMemory.putInt(check(offset, Integer.BYTES), value);
  }

  public long getLong(long offset) {
    return RawMemory.getLong(check(offset, Long.BYTES));
  }

  public void putLong(long offset, long value) {
    RawMemory.putLong(check(offset, Long.BYTES), value);
  }

  /** Copies bytes out. */
  public byte[] read(long offset, int length) {
    byte[] bytes = new byte[length];
    read(offset, bytes, 0, length);
    return bytes;
  }

  /** Copies bytes out, to a part of an array. */
  public void read(long offset, byte[] target, int targetOffset, int length) {
    RawMemory.copyOut(check(offset, length), target, targetOffset, length);
  }

  /** Copies bytes in. */
  public void write(long offset, byte[] source) {
    write(offset, source, 0, source.length);
  }

  /** Copies bytes in, from a part of an array. */
  public void write(long offset, byte[] source, int sourceOffset, int length) {
    RawMemory.copyIn(source, sourceOffset, check(offset, length), length);
  }

  /** Bytes as UTF-8 text; malformed parts are replaced. */
  public String readUtf8(long offset, int length) {
    return new String(read(offset, length), StandardCharsets.UTF_8);
  }

  private long check(long offset, int length) {
    internal.store().checkOpen();
    if (!internal.contains(offset, length)) {
      throw new IndexOutOfBoundsException(
          length
              + " bytes at "
              + Long.toUnsignedString(offset)
              + " of a memory of "
              + internal.byteLength());
    }
    return internal.base() + offset;
  }
}
