package dev.troupe.engine.wasm;

/** A field of a struct, or the elements of an array (section 2.3.8). */
public record FieldType(StorageType storage, boolean mutable) {
  /** Whether the field may start as zero or null without being given a value. */
  public boolean isDefaultable() {
    return storage.unpacked().isDefaultable();
  }

  /** For example {@code (mut i8)}. */
  @Override
  public String toString() {
    return mutable ? "(mut " + storage.text() + ")" : storage.text();
  }
}
