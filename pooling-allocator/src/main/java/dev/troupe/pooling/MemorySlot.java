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
 * while it is no longer than the resident part. Which slots may keep their resident part is decided
 * by a budget that they share: writing makes pages resident that the guest never touched, so a slot
 * that finds the budget used up drops all of its pages instead.
 *
 * <p>A slot is two mappings, what is accessible and the rest. An image mapped from its file splits
 * it into four; small images, and all of them once the budget for that is used up, are copied.
 *
 * <p>Used by one thread at a time: the pool hands it over under its lock.
 */
final class MemorySlot {
  /** Copying so much costs less than the system call and the page faults of mapping it. */
  static final long COPIED_IMAGE_BYTES = 2L * VirtualMemory.PAGE_BYTES;

  /** Mappings that a mapped image adds to those of its slot. */
  static final int MAPPINGS_PER_IMAGE = 2;

  private final long base;
  private final long reservationBytes;
  private final long keepResidentBytes;
  private final SharedBudget residentBudget;
  private final SharedBudget imageMappings;
  private long accessibleBytes;
  private long residentBytes;
  private @Nullable HeapImage image;
  private boolean imageMapped;
  // Whether a reset slot reads as its image; otherwise it is all zeroes.
  private boolean imageInPlace = true;
  // After a failed system call the slot's contents are unknown: everything is mapped afresh.
  private boolean unknown;

  MemorySlot(
      long base,
      long reservationBytes,
      long keepResidentBytes,
      SharedBudget residentBudget,
      SharedBudget imageMappings) {
    this.base = base;
    this.reservationBytes = reservationBytes;
    this.keepResidentBytes = keepResidentBytes;
    this.residentBudget = residentBudget;
    this.imageMappings = imageMappings;
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
    HeapImage wanted = request.image();
    boolean sameImage = Objects.equals(image, wanted);
    if (unknown || !sameImage) {
      forget();
      image = wanted;
      imageInPlace = wanted == null;
    }
    boolean hit = sameImage && imageInPlace;
    if (wanted != null && !imageInPlace) {
      applyImage(wanted);
      imageInPlace = true;
    }
    boolean sameLength = accessibleBytes == request.initialBytes();
    if (!sameLength) {
      setAccessible(request.initialBytes());
    }
    return hit && sameLength;
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

  /**
   * Resets the slot as far as writing does it, if its resident part is within the budget.
   *
   * @return whether that was all; otherwise {@link #drop} must follow
   */
  boolean resetByWriting() {
    if (unknown) {
      return true;
    }
    long resident = Math.min(accessibleBytes, keepResidentBytes);
    try {
      if (!keepResident(resident)) {
        return false;
      }
    } catch (OsException e) {
      unknown = true;
      return true;
    }
    HeapImage current = image;
    long imageStart = current == null ? resident : Math.min(current.memoryOffset(), resident);
    long imageEnd = current == null ? resident : Math.min(endOf(current), resident);
    RawMemory.fill(base, imageStart, (byte) 0);
    if (current != null && imageEnd > imageStart) {
      RawMemory.copy(base + imageStart, current.address(), imageEnd - imageStart);
    }
    RawMemory.fill(base + imageEnd, resident - imageEnd, (byte) 0);
    return accessibleBytes <= keepResidentBytes;
  }

  /** Charges the budget with so many bytes instead of what it was charged with for this slot. */
  private boolean keepResident(long bytes) {
    long more = bytes - residentBytes;
    if (more > 0 && !residentBudget.tryTake(more)) {
      residentBudget.give(residentBytes);
      residentBytes = 0;
      return false;
    }
    if (more < 0) {
      VirtualMemory.discard(base + bytes, -more);
      residentBudget.give(-more);
    }
    residentBytes = bytes;
    return true;
  }

  /** Resets what {@link #resetByWriting} has left: the pages are given to the kernel. */
  void drop() {
    if (unknown) {
      return;
    }
    try {
      if (accessibleBytes > residentBytes) {
        VirtualMemory.discard(base + residentBytes, accessibleBytes - residentBytes);
        HeapImage current = image;
        if (current != null && !imageMapped && endOf(current) > residentBytes) {
          // What is left of a copy in the resident part is copied once more.
          imageInPlace = false;
        }
      }
    } catch (OsException e) {
      unknown = true;
    }
  }

  /** Gives the pages that a reset slot has kept to the kernel. Returns how many bytes. */
  long trim() {
    long kept = residentBytes;
    residentBudget.give(kept);
    residentBytes = 0;
    if (kept > 0) {
      drop();
    }
    return kept;
  }

  /** {@link #forget}, now or, when the kernel refuses, before the next use. */
  void forgetSoon() {
    try {
      forget();
    } catch (OsException e) {
      unknown = true;
    }
  }

  /** Makes the slot read as zeroes, without a file behind it. The slot is free. */
  void forget() {
    if (unknown || imageMapped) {
      startAfresh();
    } else if (image != null) {
      residentBudget.give(residentBytes);
      residentBytes = 0;
      if (accessibleBytes > 0) {
        VirtualMemory.discard(base, accessibleBytes);
      }
    }
    image = null;
    imageInPlace = true;
  }

  private void startAfresh() {
    long bytes = unknown ? reservationBytes : accessibleBytes;
    if (bytes > 0) {
      VirtualMemory.remapFresh(base, bytes, Protection.NONE);
      VirtualMemory.withoutHugePages(base, bytes);
    }
    if (imageMapped) {
      imageMappings.give(MAPPINGS_PER_IMAGE);
    }
    residentBudget.give(residentBytes);
    residentBytes = 0;
    accessibleBytes = 0;
    imageMapped = false;
    unknown = false;
  }

  private void applyImage(HeapImage wanted) {
    long end = endOf(wanted);
    if (accessibleBytes < end) {
      setAccessible(end);
    }
    boolean map =
        wanted.file() != null
            && wanted.byteLength() > COPIED_IMAGE_BYTES
            && imageMappings.tryTake(MAPPINGS_PER_IMAGE);
    if (map && wanted.file() != null) {
      imageMapped = true;
      VirtualMemory.mapPrivateAt(
          base + wanted.memoryOffset(),
          wanted.file(),
          wanted.fileOffset(),
          wanted.byteLength(),
          Protection.READ_WRITE);
    } else {
      RawMemory.copy(base + wanted.memoryOffset(), wanted.address(), wanted.byteLength());
    }
  }

  private static long endOf(HeapImage image) {
    return image.memoryOffset() + image.byteLength();
  }
}
