package dev.troupe.actors.port;

import java.util.concurrent.CompletionStage;

/** How a slice of a call ended. */
public sealed interface FiberState {

  /** The guest was interrupted and can go on. */
  FiberState INTERRUPTED = new Interrupted();

  /** See {@link #INTERRUPTED}. */
  record Interrupted() implements FiberState {}

  /** The guest waits for a host function. */
  record Waiting(CompletionStage<?> until) implements FiberState {}

  /** The call has returned. */
  record Returned(CallOutput output) implements FiberState {}

  /** The call has returned more bytes than {@link CallRequest#responseBytes} allows. */
  record TooLarge(long bytes) implements FiberState {}

  /** The call has trapped. */
  record Trapped(GuestTrap trap) implements FiberState {}
}
