package dev.troupe.actors.call;

import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.GuestTrap;

/** The one answer to a call. */
public sealed interface CallAnswer {

  /** The guest returned. */
  record Returned(CallOutput output, CallStats stats) implements CallAnswer {}

  /** The guest was stopped: a typed outcome, not an error of ours. */
  record Trapped(GuestTrap trap, CallStats stats) implements CallAnswer {}

  /** A quota refused the call; it did not run. */
  record Refused(Refusal refusal) implements CallAnswer {}

  /** There is no such tenant, function or version. */
  record NotFound(String resource) implements CallAnswer {}

  /** The call does not fit the function. */
  record Invalid(String message) implements CallAnswer {}

  /** The deadline passed before the call ran. */
  record TooLate(long queueNanos) implements CallAnswer {}

  /** The caller cancelled before the call ran. */
  record Cancelled() implements CallAnswer {}

  /** The server, the tenant or the function goes away. */
  record Unavailable(String message) implements CallAnswer {}

  /** A bug of ours. */
  record Failed(Throwable cause) implements CallAnswer {}
}
