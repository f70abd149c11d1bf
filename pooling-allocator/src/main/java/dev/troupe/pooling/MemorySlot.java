package dev.troupe.pooling;

import dev.troupe.engine.os.OsException;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.HeapImage;
import dev.troupe.engine.runtime.MemoryRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One slot of the slab and what is mapped in it between uses.
 *
 * <pre>
 *  base        residentBytes      accessibleBytes        reservation    guard
 *   |  reset by   |  reset by          |  no access                      |
 *   |  writing    |  dropping pages    |                                 |
 * </pre>
 *
 * <p>A slot with the right image and length costs no system call to prepare, and none to reset
 * while it is no longer than the resident part. Used by one thread at a time: the pool hands it
 * over under its lock.
 */
final class MemorySlot {
  private final long base;
  private final long reservationBytes;
  private final long keepResidentBytes;
  private long accessibleBytes;
  private @Nullable HeapImage image;
  // After a failed system call the slot's contents are unknown: everything is mapped afresh.
  private boolean unknown;

  MemorySlot(long base, long reservationBytes, long keepResidentBytes) {
    this.base = base;
    this.reservationBytes = reservationBytes;
    this.keepResidentBytes = keepResidentBytes;
  }

  long base() {
    return base;
  }

  long accessibleBytes() {
    return accessibleBytes;
  }

  /**
   * Brings the slot, which holds only its old image and zeroes, to a request's initial state.
   *
   * @return whether image and length were in place already
   * @throws OsException when the kernel refuses; the slot is mapped afresh before its next use
   */
  boolean prepare(MemoryRequest request) {
    try {
      return tryPrepare(request);
    } catch (OsException e) {
      unknown = true;
      throw e;
    }
  }

  private boolean tryPrepare(MemoryRequest request) {
    boolean sameImage = Objects.equals(image, request.image());
    if (unknown || !sameImage) {
      startAfresh();
      HeapImage wanted = request.image();
      if (wanted != null) {
        applyImage(wanted);
      }
    }
    boolean sameLength = accessibleBytes == request.initialBytes();
    if (!sameLength) {
      setAccessible(request.initialBytes());
    }
    return sameImage && sameLength;
  }

  /** Makes the prefix of this length, and nothing else, accessible. */
  void setAccessible(long bytes) {
    if (bytes > accessibleBytes) {
      VirtualMemory.protect(base + accessibleBytes, bytes - accessibleBytes, Protection.READ_WRITE);
    } else if (bytes < accessibleBytes) {
      VirtualMemory.protect(base + bytes, accessibleBytes - bytes, Protection.NONE);
    }
    accessibleBytes = bytes;
  }

  /** Resets what is cheap to reset by writing; {@link #needsDrop} says whether that is all. */
  void resetResident() {
    if (unknown) {
      return;
    }
    long resident = Math.min(accessibleBytes, keepResidentBytes);
    HeapImage current = image;
    if (current == null) {
      RawMemory.fill(base, resident, (byte) 0);
      return;
    }
    long imageStart = Math.min(current.memoryOffset(), resident);
    long imageEnd = Math.min(current.memoryOffset() + current.byteLength(), resident);
    RawMemory.fill(base, imageStart, (byte) 0);
    if (imageEnd > imageStart) {
      RawMemory.copy(base + imageStart, current.address(), imageEnd - imageStart);
    }
    RawMemory.fill(base + imageEnd, resident - imageEnd, (byte) 0);
  }

  /** Whether pages beyond the resident part must be dropped before the slot is used again. */
  boolean needsDrop() {
    return !unknown && accessibleBytes > keepResidentBytes;
  }

  /** Drops the pages beyond the resident part: they read as the image or as zeroes again. */
  void drop() {
    if (!needsDrop()) {
      return;
    }
    try {
      VirtualMemory.discard(base + keepResidentBytes, accessibleBytes - keepResidentBytes);
      if (image != null && image.file() == null) {
        copyImage(image, keepResidentBytes);
      }
    } catch (OsException e) {
      unknown = true;
    }
  }

  /** Forgets the image, whose module is being unloaded. The slot is free. */
  void forgetImage() {
    if (image != null) {
      startAfresh();
    }
  }

  private void startAfresh() {
    long bytes = unknown ? reservationBytes : accessibleBytes;
    if (bytes > 0) {
      VirtualMemory.remapFresh(base, bytes, Protection.NONE);
      VirtualMemory.withoutHugePages(base, bytes);
    }
    accessibleBytes = 0;
    image = null;
    unknown = false;
  }

  private void applyImage(HeapImage wanted) {
    long end = wanted.memoryOffset() + wanted.byteLength();
    setAccessible(end);
    if (wanted.file() == null) {
      copyImage(wanted, 0);
    } else {
      VirtualMemory.mapPrivateAt(
          base + wanted.memoryOffset(),
          wanted.file(),
          wanted.fileOffset(),
          wanted.byteLength(),
          Protection.READ_WRITE);
    }
    image = wanted;
  }

  private void copyImage(HeapImage source, long from) {
    long start = Math.max(source.memoryOffset(), from);
    long end = source.memoryOffset() + source.byteLength();
    if (end > start) {
      RawMemory.copy(base + start, source.address() + (start - source.memoryOffset()), end - start);
    }
  }
}
