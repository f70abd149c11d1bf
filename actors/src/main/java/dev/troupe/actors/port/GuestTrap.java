package dev.troupe.actors.port;

import java.util.List;
import java.util.OptionalInt;

/**
 * The end of a guest that did not return.
 *
 * @param reason why
 * @param message for people
 * @param backtrace innermost frame first; empty when the guest never ran
 * @param exitStatus the status of a program that ended by itself
 */
public record GuestTrap(
    TrapReason reason, String message, List<Frame> backtrace, OptionalInt exitStatus) {

  /** Offset when none is known. */
  public static final int NO_OFFSET = -1;

  /** Copies the list. */
  public GuestTrap {
    backtrace = List.copyOf(backtrace);
  }

  /** A guest that was stopped. */
  public GuestTrap(TrapReason reason, String message, List<Frame> backtrace) {
    this(reason, message, backtrace, OptionalInt.empty());
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
