package dev.troupe.engine.differential;

import dev.troupe.engine.contract.TrapKind;
import java.util.List;

/** How a call ended. */
sealed interface Outcome {
  /** With results. */
  record Returned(List<Long> results) implements Outcome {}

  /** With a trap. */
  record Trapped(TrapKind kind) implements Outcome {}
}
