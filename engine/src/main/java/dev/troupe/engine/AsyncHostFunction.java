package dev.troupe.engine;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * A host function that completes later. The calling fiber is parked meanwhile and costs no thread.
 *
 * @param <T> the store's host data
 */
@FunctionalInterface
public interface AsyncHostFunction<T> {
  /**
   * Starts the work. The arguments must be read before returning; {@code caller} must not be used
   * afterwards. When the guest's call ends before the work, by a deadline or because it is
   * cancelled, the stage is {@linkplain java.util.concurrent.CompletableFuture#cancel cancelled}.
   *
   * @return completes with the results, one for each result type; exceptionally for a trap
   * @throws Exception anything: the calling guest traps
   */
  CompletionStage<List<Value>> call(Caller<T> caller, HostCall call) throws Exception;
}
