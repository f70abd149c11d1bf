package dev.troupe.engine.wasm;

/**
 * A linear memory's type (section 2.3.12).
 *
 * @param limits in pages of {@link #PAGE_BYTES}
 * @param shared whether several threads may use it (threads proposal)
 */
public record MemoryType(Limits limits, boolean shared) implements ExternType {
  /** Bytes in a page. */
  public static final int PAGE_BYTES = 65_536;

  /** Most pages that a 32-bit memory can have: 4 GiB. */
  public static final long MAX_PAGES_32 = 65_536;

  /** Most pages that a 64-bit memory can have: 2^64 bytes. */
  public static final long MAX_PAGES_64 = 1L << 48;

  @Override
  public ExternKind kind() {
    return ExternKind.MEMORY;
  }
}
