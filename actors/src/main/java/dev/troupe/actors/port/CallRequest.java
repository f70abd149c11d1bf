package dev.troupe.actors.port;

import java.util.OptionalLong;

/**
 * What to call and with what.
 *
 * @param entryPoint name of the exported function
 * @param input its arguments
 * @param fuel fuel to give, where it is metered
 * @param responseBytes largest answer that is taken out of the guest
 * @param program what it finds if it is a program
 */
public record CallRequest(
    String entryPoint,
    CallInput input,
    OptionalLong fuel,
    long responseBytes,
    ProgramSettings program) {

  /** With an answer of any size. */
  public CallRequest(String entryPoint, CallInput input, OptionalLong fuel) {
    this(entryPoint, input, fuel, Long.MAX_VALUE, ProgramSettings.DEFAULT);
  }

  /** The same for a program with these settings. */
  public CallRequest with(ProgramSettings settings) {
    return settings.equals(program)
        ? this
        : new CallRequest(entryPoint, input, fuel, responseBytes, settings);
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
        Math.min(responseBytes, mostResponseBytes),
        program);
  }
}
