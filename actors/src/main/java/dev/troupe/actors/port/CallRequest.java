package dev.troupe.actors.port;

import java.util.OptionalLong;

/**
 * What to call and with what.
 *
 * @param entryPoint name of the exported function
 * @param input its arguments
 * @param fuel fuel to give, where it is metered
 * @param responseBytes largest answer that is taken out of the guest
 */
public record CallRequest(
    String entryPoint, CallInput input, OptionalLong fuel, long responseBytes) {

  /** With an answer of any size. */
  public CallRequest(String entryPoint, CallInput input, OptionalLong fuel) {
    this(entryPoint, input, fuel, Long.MAX_VALUE);
  }

  /** The same with no more than that; {@link Long#MAX_VALUE} for as much as before. */
  public CallRequest within(long mostFuel, long mostResponseBytes) {
    long givenFuel = fuel.orElse(Long.MAX_VALUE);
    if (givenFuel <= mostFuel && responseBytes <= mostResponseBytes) {
      return this;
    }
    long least = Math.min(givenFuel, mostFuel);
    return new CallRequest(
        entryPoint,
        input,
        least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(least),
        Math.min(responseBytes, mostResponseBytes));
  }
}
