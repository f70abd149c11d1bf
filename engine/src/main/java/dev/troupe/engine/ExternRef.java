package dev.troupe.engine;

/**
 * A host object that a guest can hold but not look into. Equal when it is the same object. The
 * store that it is given to keeps the object alive until the store is closed.
 */
public final class ExternRef {
  private final Object object;

  private ExternRef(Object object) {
    this.object = object;
  }

  /** A reference to a host object. */
  public static ExternRef of(Object object) {
    return new ExternRef(object);
  }

  /** The host object. */
  public Object object() {
    return object;
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // identity of the object is what a reference is
  public boolean equals(Object other) {
    return other instanceof ExternRef that && that.object == object;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(object);
  }

  @Override
  public String toString() {
    return "externref(" + object + ")";
  }
}
