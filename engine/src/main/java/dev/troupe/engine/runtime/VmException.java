package dev.troupe.engine.runtime;

import org.jspecify.annotations.Nullable;

/**
 * An exception that a guest has thrown, or that the host throws into a guest. Its identity is that
 * of references to it.
 */
public final class VmException {
  private final VmTag tag;
  private final long[] values;

  /** For values that are references, once the exception is {@linkplain #keep kept}. */
  private GcHandles.@Nullable Handle @Nullable [] handles;

  private long reference;

  /**
   * An exception. Its references are valid until an object is made, which is enough for one that is
   * caught at once; for everything else {@link #keep} it.
   *
   * @param values two longs for each value that the tag's exceptions carry; taken over
   */
  public VmException(VmTag tag, long[] values) {
    if (values.length != 2 * tag.type().function().paramCount()) {
      throw new IllegalArgumentException("wrong number of values");
    }
    this.tag = tag;
    this.values = values;
  }

  /** From now on its references stay what they are while their objects move. */
  public void keep() {
    if (handles != null || tag.referenceCount() == 0) {
      return;
    }
    GcHandles.@Nullable Handle[] kept = new GcHandles.@Nullable Handle[values.length / 2];
    for (int i = 0; i < kept.length; i++) {
      if (tag.type().function().params().get(i).isReference()) {
        kept[i] = tag.store().handles().hold(values[2 * i]);
      }
    }
    handles = kept;
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
    GcHandles.@Nullable Handle @Nullable [] kept = handles;
    GcHandles.Handle handle = kept == null ? null : kept[index];
    return handle == null ? values[2 * index] : handle.reference();
  }

  /** High half of a value. */
  public long high(int index) {
    return values[2 * index + 1];
  }

  /** Two longs a value. */
  public long[] values() {
    long[] present = values.clone();
    for (int i = 0; 2 * i < present.length; i++) {
      present[2 * i] = low(i);
    }
    return present;
  }
}
