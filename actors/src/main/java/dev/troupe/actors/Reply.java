package dev.troupe.actors;

/**
 * The answer to a command.
 *
 * @param <T> what a successful command gives
 */
public sealed interface Reply<T> {

  /** It was done. */
  record Done<T>(T value) implements Reply<T> {}

  /** It was not, and nothing has changed. */
  record Rejected<T>(Rejection reason) implements Reply<T> {}
}
