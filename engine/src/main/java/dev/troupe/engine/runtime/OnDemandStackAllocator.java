package dev.troupe.engine.runtime;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.VirtualMemory;

/** A mapping per stack, with a guard page; unmapped when the stack is released. */
public final class OnDemandStackAllocator implements StackAllocator {
  /** Stack that a guest may use unless configured otherwise. */
  public static final long DEFAULT_USABLE_BYTES = 512 << 10;

  private static final long GUARD_BYTES = VirtualMemory.PAGE_BYTES;

  private final long usableBytes;

  /** Stacks of {@code usableBytes} for guest frames; rounded up to whole pages. */
  public OnDemandStackAllocator(long usableBytes) {
    this.usableBytes = VirtualMemory.roundUpToPages(usableBytes);
  }

  @Override
  public GuestStack allocate() {
    long accessible = GuestStack.HEAD_ROOM_BYTES + usableBytes;
    long base;
    try {
      base = VirtualMemory.reserve(GUARD_BYTES + accessible);
    } catch (OsException e) {
      throw new AllocationException("no address space for a guest stack", e);
    }
    long low = base + GUARD_BYTES;
    try {
      VirtualMemory.protect(low, accessible, Protection.READ_WRITE);
    } catch (OsException e) {
      VirtualMemory.unmap(base, GUARD_BYTES + accessible);
      throw new AllocationException("no memory for a guest stack", e);
    }
    return new Mapped(base, low + accessible);
  }

  @Override
  public void close() {
    // Every stack is its own mapping.
  }

  private record Mapped(long base, long top) implements GuestStack {
    @Override
    public long limit() {
      return base + GUARD_BYTES + HEAD_ROOM_BYTES;
    }

    @Override
    public void close() {
      VirtualMemory.unmap(base, top - base);
    }
  }
}
