package dev.troupe.engine.wasm;

/** When and where an element or data segment is used (sections 2.5.7, 2.5.8). */
public sealed interface SegmentMode {
  /** Copied by an instruction at run time. */
  record Passive() implements SegmentMode {}

  /** Only declares function references (element segments). */
  record Declarative() implements SegmentMode {}

  /** Copied at instantiation into table or memory {@code index} at {@code offset}. */
  record Active(int index, ConstExpr offset) implements SegmentMode {}

  SegmentMode PASSIVE = new Passive();
  SegmentMode DECLARATIVE = new Declarative();
}
