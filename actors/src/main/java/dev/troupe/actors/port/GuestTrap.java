package dev.troupe.actors.port;

import java.util.List;

/**
 * The end of a guest that did not return.
 *
 * @param reason why
 * @param message for people
 * @param backtrace innermost frame first; empty when the guest never ran
 */
public record GuestTrap(TrapReason reason, String message, List<Frame> backtrace) {

  /** Offset when none is known. */
  public static final int NO_OFFSET = -1;

  /** Copies the list. */
  public GuestTrap {
    backtrace = List.copyOf(backtrace);
  }

  /**
   * A function on the guest's stack.
   *
   * @param functionIndex in the index space of the module
   * @param functionName from the name section or an export; may be empty
   * @param moduleOffset offset in the module's binary, or {@link #NO_OFFSET}
   */
  public record Frame(int functionIndex, String functionName, int moduleOffset) {}
}
