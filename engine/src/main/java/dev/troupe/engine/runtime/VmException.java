package dev.troupe.engine.runtime;

/**
 * An exception that a guest has thrown, or that the host throws into a guest. Its identity is that
 * of references to it.
 */
public final class VmException {
  private final VmTag tag;
  private final long[] values;
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
    return values[2 * index];
  }

  /** High half of a value. */
  public long high(int index) {
    return values[2 * index + 1];
  }

  /** Two longs a value. */
  public long[] values() {
    return values.clone();
  }
}
