package dev.troupe.actors.port;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The end of a guest that did not return.
 *
 * @param reason why
 * @param message for people
 * @param backtrace innermost frame first; empty when the guest never ran
 * @param exitStatus the status of a program that ended by itself
 * @param thrown the exception that nothing caught; null for other reasons
 */
public record GuestTrap(
    TrapReason reason,
    String message,
    List<Frame> backtrace,
    OptionalInt exitStatus,
    @Nullable Thrown thrown) {

  /** Offset when none is known. */
  public static final int NO_OFFSET = -1;

  /** Copies the list. */
  public GuestTrap {
    backtrace = List.copyOf(backtrace);
  }

  /** A guest that was stopped. */
  public GuestTrap(TrapReason reason, String message, List<Frame> backtrace) {
    this(reason, message, backtrace, OptionalInt.empty(), null);
  }

  /** The same with another message. */
  public GuestTrap saying(String newMessage) {
    return new GuestTrap(reason, newMessage, backtrace, exitStatus, thrown);
  }

  /**
   * An exception that left the guest.
   *
   * @param tagIndex in the index space of the module, or {@link #NO_TAG} when it is none of its own
   * @param tagName the name of the export; may be empty
   * @param values what it carries; null when not all of that is numbers
   */
  public record Thrown(int tagIndex, String tagName, @Nullable List<WasmValue> values) {
    /** Index when the module does not have the tag. */
    public static final int NO_TAG = -1;

    /** Copies the list. */
    public Thrown {
      values = values == null ? null : List.copyOf(values);
    }
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
