package dev.troupe.engine.os;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Address space: reserve, map, protect, release. All addresses and sizes are multiples of {@link
 * #PAGE_BYTES}; that is asserted, not repaired.
 */
public final class VirtualMemory {
  /** Bytes of a page on x86-64. */
  public static final int PAGE_BYTES = 4096;

  private static final int MAP_SHARED = 0x1;
  private static final int MAP_PRIVATE = 0x2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = 0x20;
  private static final int MAP_NORESERVE = 0x4000;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_NOHUGEPAGE = 15;

  private static final AtomicLong MAPPED_BYTES = new AtomicLong();

  private VirtualMemory() {}

  /** {@code bytes} rounded up to whole pages. */
  public static long roundUpToPages(long bytes) {
    return Math.addExact(bytes, PAGE_BYTES - 1) & -(long) PAGE_BYTES;
  }

  /** Address space without access and without memory behind it. */
  public static long reserve(long bytes) {
    return map(0, bytes, Protection.NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }

  /** Like {@link #reserve}, starting at a multiple of {@code alignment} (a power of two). */
  public static long reserveAligned(long bytes, long alignment) {
    long start = reserve(bytes + alignment);
    long aligned = (start + alignment - 1) & -alignment;
    if (aligned != start) {
      unmap(start, aligned - start);
    }
    long tail = start + alignment - aligned;
    if (tail != 0) {
      unmap(aligned + bytes, tail);
    }
    return aligned;
  }

  /** Fresh zeroed memory. */
  public static long allocate(long bytes) {
    return map(0, bytes, Protection.READ_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }

  /** Replaces what is mapped at {@code address} by fresh zeroed memory with this protection. */
  public static void remapFresh(long address, long bytes, Protection protection) {
    mapFixed(address, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  }

  /** Copy-on-write view of a file. */
  public static long mapPrivate(NativeFile file, long fileOffset, long bytes, Protection access) {
    return map(0, bytes, access, MAP_PRIVATE, file.descriptor(), fileOffset);
  }

  /** Copy-on-write view of a file in place of what is mapped at {@code address}. */
  public static void mapPrivateAt(
      long address, NativeFile file, long fileOffset, long bytes, Protection access) {
    mapFixed(address, bytes, access, MAP_PRIVATE, file.descriptor(), fileOffset);
  }

  /** View of a file whose writes reach the file; for filling memory files. */
  public static long mapShared(NativeFile file, long fileOffset, long bytes, Protection access) {
    return map(0, bytes, access, MAP_SHARED, file.descriptor(), fileOffset);
  }

  /** Changes what the pages allow. */
  public static void protect(long address, long bytes, Protection protection) {
    assertPages(address, bytes);
    Libc.check("mprotect", Syscall.MPROTECT, address, bytes, protection.bits);
  }

  /** Drops the pages' contents: they read as zero (anonymous) or as the file (private) again. */
  public static void discard(long address, long bytes) {
    assertPages(address, bytes);
    Libc.check("madvise", Syscall.MADVISE, address, bytes, MADV_DONTNEED);
  }

  /** Keeps the kernel from backing this range with huge pages. Ignored where there are none. */
  public static void withoutHugePages(long address, long bytes) {
    assertPages(address, bytes);
    long result = Libc.syscall(Syscall.MADVISE, address, bytes, MADV_NOHUGEPAGE, 0, 0, 0);
    if (result < 0 && result != -Errno.EINVAL) {
      throw new OsException("madvise", (int) -result);
    }
  }

  /** Gives the range back. */
  public static void unmap(long address, long bytes) {
    assertPages(address, bytes);
    Libc.check("munmap", Syscall.MUNMAP, address, bytes, 0);
    MAPPED_BYTES.addAndGet(-bytes);
  }

  /** Bytes of address space mapped and not yet unmapped through this class: the leak gauge. */
  public static long mappedBytes() {
    return MAPPED_BYTES.get();
  }

  private static long map(
      long hint, long bytes, Protection protection, int flags, int file, long fileOffset) {
    assertPages(fileOffset, bytes);
    long address =
        Libc.check("mmap", Syscall.MMAP, hint, bytes, protection.bits, flags, file, fileOffset);
    MAPPED_BYTES.addAndGet(bytes);
    return address;
  }

  private static void mapFixed(
      long address, long bytes, Protection protection, int flags, int file, long fileOffset) {
    assertPages(address, bytes);
    long got =
        Libc.check(
            "mmap",
            Syscall.MMAP,
            address,
            bytes,
            protection.bits,
            flags | MAP_FIXED,
            file,
            fileOffset);
    if (got != address) {
      throw new IllegalStateException("MAP_FIXED mapped somewhere else");
    }
  }

  private static void assertPages(long address, long bytes) {
    if (((address | bytes) & (PAGE_BYTES - 1)) != 0 || bytes <= 0) {
      throw new IllegalArgumentException(
          "not whole pages: 0x" + Long.toHexString(address) + " + 0x" + Long.toHexString(bytes));
    }
  }
}
