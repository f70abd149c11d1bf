package dev.troupe.engine.runtime;

import org.jspecify.annotations.Nullable;

/**
 * An exception that a guest has thrown, or that the host throws into a guest. Its identity is that
 * of references to it.
 */
public final class VmException {
  private final VmTag tag;
  private final long[] values;

  /** For values that are references: they stay what they are while their objects move. */
  private final GcHandles.@Nullable Handle[] handles;

  private long reference;

  /**
   * An exception.
   *
   * @param values two longs for each value that the tag's exceptions carry; taken over
   */
  public VmException(VmTag tag, long[] values) {
    if (values.length != 2 * tag.type().function().paramCount()) {
      throw new IllegalArgumentException("wrong number of values");
    }
    this.tag = tag;
    this.values = values;
    handles = new GcHandles.@Nullable Handle[values.length / 2];
    for (int i = 0; i < handles.length; i++) {
      if (tag.type().function().params().get(i).isReference()) {
        handles[i] = tag.store().handles().hold(values[2 * i]);
      }
    }
  }

  public VmTag tag() {
    return tag;
  }

  /** What guests know it by; 0 when they do not. */
  long reference() {
    return reference;
  }

  void reference(long number) {
    reference = number;
  }

  /** Low half of a value. */
  public long low(int index) {
    GcHandles.Handle handle = handles[index];
    return handle == null ? values[2 * index] : handle.reference();
  }

  /** High half of a value. */
  public long high(int index) {
    return values[2 * index + 1];
  }

  /** Two longs a value. */
  public long[] values() {
    long[] present = values.clone();
    for (int i = 0; i < handles.length; i++) {
      present[2 * i] = low(i);
    }
    return present;
  }
}
