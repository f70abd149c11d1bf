package dev.troupe.actors.port;

import java.util.OptionalLong;

/**
 * What to call and with what.
 *
 * @param entryPoint name of the exported function
 * @param input its arguments
 * @param fuel fuel to give, where it is metered
 */
public record CallRequest(String entryPoint, CallInput input, OptionalLong fuel) {}
