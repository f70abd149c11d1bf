package dev.troupe.engine.ssa;

/**
 * What an edge to an exception handler is taken for.
 *
 * @param tag index of an exception tag of the module, or {@link #ANY}
 * @param values number of values that the handler gets
 * @param wantsReference whether the handler gets a reference to the exception
 */
public record Handler(int tag, int values, boolean wantsReference) {
  /** In the place of a tag: every exception. */
  public static final int ANY = -1;

  @Override
  public String toString() {
    return (tag == ANY ? "any" : "tag " + tag + " with " + values) + (wantsReference ? " ref" : "");
  }
}
