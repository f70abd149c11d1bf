package dev.troupe.engine.runtime;

import org.jspecify.annotations.Nullable;

/** A module's text in the code region, executable, and its published trap record. */
public final class MappedCode {
  private final CodeRegion region;
  private final long base;
  private final long textBytes;
  private final long record;
  private final long recordBytes;
  private volatile @Nullable LoadedModule owner;

  MappedCode(CodeRegion region, long base, long textBytes, long record, long recordBytes) {
    this.region = region;
    this.base = base;
    this.textBytes = textBytes;
    this.record = record;
    this.recordBytes = recordBytes;
  }

  /** Address of the first byte. */
  public long base() {
    return base;
  }

  /** Bytes of text. */
  public long textBytes() {
    return textBytes;
  }

  long record() {
    return record;
  }

  long recordBytes() {
    return recordBytes;
  }

  /** Whether an address is inside the text. */
  public boolean contains(long address) {
    return address >= base && address < base + textBytes;
  }

  /** The module, or null while it is being loaded. */
  public @Nullable LoadedModule owner() {
    return owner;
  }

  void owner(LoadedModule module) {
    owner = module;
  }

  /** Takes the text away. Nobody executes it and nobody ever will. */
  void unmap() {
    region.unmap(this);
  }
}
