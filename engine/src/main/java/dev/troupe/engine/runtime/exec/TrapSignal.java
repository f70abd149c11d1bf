package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.TrapKind;
import org.jspecify.annotations.Nullable;

/**
 * Implemented by exceptions that a host function may throw to end its caller by a trap of a certain
 * kind instead of {@link TrapKind#HOST_ERROR}.
 */
public interface TrapSignal {
  /** The kind of the trap. */
  TrapKind kind();

  /** The message of the trap. */
  String text();

  /** What is behind it, or null. */
  @Nullable Throwable reason();
}
