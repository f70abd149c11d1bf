package dev.troupe.engine.runtime;

import dev.troupe.engine.os.NativeFile;
import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.VirtualMemory;
import org.jspecify.annotations.Nullable;

/** A reservation per memory, made when it is asked for and unmapped when it is released. */
public final class OnDemandMemoryAllocator implements MemoryAllocator {
  /** From this size on, mapping an image copy-on-write costs less than copying it. */
  private static final long MAPPED_IMAGE_BYTES = 128 << 10;

  @Override
  public LinearMemory allocate(MemoryRequest request) {
    long reserved =
        VirtualMemory.roundUpToPages(
            Math.max(request.reservationBytes(), request.maximumBytes()) + request.guardBytes());
    long base;
    try {
      base = VirtualMemory.reserve(reserved);
    } catch (OsException e) {
      throw new AllocationException("no address space for a linear memory", e);
    }
    try {
      Mapped memory = new Mapped(base, reserved, request.maximumBytes());
      if (!memory.grow(request.initialBytes())) {
        throw new AllocationException(
            "no memory for a linear memory of " + request.initialBytes() + " bytes");
      }
      memory.imageApplied = mapImage(base, request.image());
      return memory;
    } catch (OsException e) {
      VirtualMemory.unmap(base, reserved);
      throw new AllocationException("the kernel refused to map the image of a linear memory", e);
    } catch (RuntimeException e) {
      VirtualMemory.unmap(base, reserved);
      throw e;
    }
  }

  /** Maps the image if it has a file and is large; otherwise the caller copies it. */
  private static boolean mapImage(long base, @Nullable HeapImage image) {
    if (image == null || image.byteLength() < MAPPED_IMAGE_BYTES) {
      return false;
    }
    NativeFile file = image.file();
    if (file == null) {
      return false;
    }
    VirtualMemory.mapPrivateAt(
        base + image.memoryOffset(),
        file,
        image.fileOffset(),
        image.byteLength(),
        Protection.READ_WRITE);
    return true;
  }

  @Override
  public void purge(long moduleKey) {
    // Nothing outlives its memory here.
  }

  @Override
  public void close() {
    // Every memory is its own mapping.
  }

  private static final class Mapped implements LinearMemory {
    private final long base;
    private final long reservedBytes;
    private final long maximumBytes;
    private boolean imageApplied;
    private long byteLength;

    Mapped(long base, long reservedBytes, long maximumBytes) {
      this.base = base;
      this.reservedBytes = reservedBytes;
      this.maximumBytes = maximumBytes;
    }

    @Override
    public long base() {
      return base;
    }

    @Override
    public long byteLength() {
      return byteLength;
    }

    @Override
    public long maximumBytes() {
      return maximumBytes;
    }

    @Override
    public boolean imageApplied() {
      return imageApplied;
    }

    @Override
    public boolean grow(long newByteLength) {
      long added = newByteLength - byteLength;
      if (added < 0 || newByteLength > maximumBytes) {
        throw new IllegalStateException("grow from " + byteLength + " to " + newByteLength);
      }
      if (added == 0) {
        return true;
      }
      try {
        VirtualMemory.protect(base + byteLength, added, Protection.READ_WRITE);
      } catch (OsException e) {
        return false;
      }
      byteLength = newByteLength;
      return true;
    }

    @Override
    public void close() {
      VirtualMemory.unmap(base, reservedBytes);
    }
  }
}
