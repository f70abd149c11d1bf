package dev.troupe.engine.wasm;

/**
 * A linear memory's type (section 2.3.12).
 *
 * @param limits in pages
 * @param shared whether several threads may use it (threads proposal)
 * @param pageSizeLog2 base-2 logarithm of the size of a page: 16, or 0 (custom page sizes proposal)
 */
public record MemoryType(Limits limits, boolean shared, int pageSizeLog2) implements ExternType {
  /** Bytes in a page where the module does not say otherwise. */
  public static final int PAGE_BYTES = 65_536;

  /** Base-2 logarithm of {@link #PAGE_BYTES}. */
  public static final int PAGE_LOG2 = 16;

  /** Most pages of {@link #PAGE_BYTES} that a 32-bit memory can have: 4 GiB. */
  public static final long MAX_PAGES_32 = 65_536;

  /** Most pages of {@link #PAGE_BYTES} that a 64-bit memory can have: 2^64 bytes. */
  public static final long MAX_PAGES_64 = 1L << 48;

  /** A memory with pages of {@link #PAGE_BYTES}. */
  public MemoryType(Limits limits, boolean shared) {
    this(limits, shared, PAGE_LOG2);
  }

  /** Whether the length is a multiple of {@link #PAGE_BYTES}, so that pages can guard the end. */
  public boolean hasStandardPages() {
    return pageSizeLog2 == PAGE_LOG2;
  }

  /** Most pages that a memory of this kind can have, unsigned. */
  public long mostPages() {
    if (limits.is64()) {
      return pageSizeLog2 == 0 ? -1 : 1L << Long.SIZE - pageSizeLog2;
    }
    return (1L << Integer.SIZE - pageSizeLog2) - (pageSizeLog2 == 0 ? 1 : 0);
  }

  /** Initial length in bytes; {@link Long#MAX_VALUE} where it does not fit. */
  public long minimumBytes() {
    long min = limits.min();
    boolean fits = min >= 0 && min <= Long.MAX_VALUE >>> pageSizeLog2;
    return fits ? min << pageSizeLog2 : Long.MAX_VALUE;
  }

  @Override
  public ExternKind kind() {
    return ExternKind.MEMORY;
  }
}
