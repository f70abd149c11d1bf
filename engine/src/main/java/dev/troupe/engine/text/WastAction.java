package dev.troupe.engine.text;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that a script does to an instance; the instance is the last one when it has no name.
 */
public sealed interface WastAction {
  /** The instance's identifier, or null for the last one. */
  @Nullable String module();

  /** Calls an exported function. */
  record Invoke(@Nullable String module, String function, List<WastValue> arguments)
      implements WastAction {
    public Invoke {
      arguments = List.copyOf(arguments);
    }
  }

  /** Reads an exported global. */
  record Get(@Nullable String module, String global) implements WastAction {}
}
