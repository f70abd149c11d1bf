package dev.troupe.engine.wasm;

/** What a reference refers to (section 2.3.3): an abstract kind or a type of the module. */
public sealed interface HeapType permits AbstractHeapType, ConcreteHeapType {
  /** The type's name in the text format: {@code func}, {@code extern}, ... or the type index. */
  String text();
}
