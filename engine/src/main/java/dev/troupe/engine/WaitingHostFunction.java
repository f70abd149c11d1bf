package dev.troupe.engine;

import org.jspecify.annotations.Nullable;

/**
 * A host function that is inline as long as it need not wait, and then parks the calling fiber. It
 * works on the guest's memory only while the guest's thread runs it, before and after the wait.
 *
 * @param <T> the store's host data
 */
@FunctionalInterface
public interface WaitingHostFunction<T> {
  /**
   * Begins. Short and bounded; it may not call into the guest.
   *
   * @return null when the results are in place, otherwise what to wait for
   * @throws Exception anything: the calling guest traps
   */
  @Nullable HostWait<T> call(Caller<T> caller, HostCall call) throws Exception;
}
