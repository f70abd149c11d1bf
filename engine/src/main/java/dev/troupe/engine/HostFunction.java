package dev.troupe.engine;

/**
 * A host function as a lambda.
 *
 * @param <T> the store's host data
 */
@FunctionalInterface
public interface HostFunction<T> {
  /**
   * Reads its arguments from {@code call} and leaves its results there.
   *
   * @throws Exception anything: the calling guest traps with {@link
   *     dev.troupe.engine.contract.TrapKind#HOST_ERROR}, or as a thrown {@link TrapException} says
   */
  void call(Caller<T> caller, HostCall call) throws Exception;
}
