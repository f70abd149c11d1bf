package dev.troupe.actors.engine;

import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.MemoryGate;
import dev.troupe.actors.port.ProgramSettings;

/** Makes the worlds of programs. Thread-safe. */
public interface GuestWorlds {

  /** There are no programs. */
  GuestWorlds NONE =
      new GuestWorlds() {
        @Override
        public String importModule() {
          return "";
        }

        @Override
        public GuestWorld open(
            ProgramSettings settings, CallInput input, long mostOutputBytes, MemoryGate memory) {
          throw new IllegalStateException("there are no programs");
        }
      };

  /** The module name that a program imports from; what makes it one. */
  String importModule();

  /**
   * The world of one call.
   *
   * @param input of the call: its bytes or streams are the program's standard input
   * @param mostOutputBytes largest answer; a guest that writes more is stopped by an {@link
   *     OutputTooLargeException}
   * @param memory asked before the world takes memory for the guest; given back with the instance
   */
  GuestWorld open(
      ProgramSettings settings, CallInput input, long mostOutputBytes, MemoryGate memory);
}
