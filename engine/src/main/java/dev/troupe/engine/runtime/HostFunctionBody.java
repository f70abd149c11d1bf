package dev.troupe.engine.runtime;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The host's code behind a host function. */
public interface HostFunctionBody {
  /** Where to run it. */
  HostFunctionKind kind();

  /**
   * Runs it. Arguments are in the call's slots, and results go there.
   *
   * @return null when the results are in place; otherwise a stage after whose completion they are
   *     (only of kind {@link HostFunctionKind#ASYNC})
   * @throws Throwable anything: becomes a trap of the calling guest
   */
  @Nullable CompletionStage<?> invoke(HostSlots slots) throws Throwable;
}
