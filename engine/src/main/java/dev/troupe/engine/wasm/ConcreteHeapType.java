package dev.troupe.engine.wasm;

/** A heap type given by an index into the module's types (function references, GC). */
public record ConcreteHeapType(int typeIndex) implements HeapType {
  /** Largest index representable in a {@linkplain ValType#code() type code}. */
  public static final int MAX_TYPE_INDEX = (1 << 24) - 1;

  public ConcreteHeapType {
    if (typeIndex < 0 || typeIndex > MAX_TYPE_INDEX) {
      throw new IllegalArgumentException("type index out of range: " + typeIndex);
    }
  }

  @Override
  public String text() {
    return Integer.toString(typeIndex);
  }
}
