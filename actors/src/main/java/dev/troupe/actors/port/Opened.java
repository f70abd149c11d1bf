package dev.troupe.actors.port;

import java.util.concurrent.CompletionStage;

/** What came of asking a module for an instance. */
public sealed interface Opened {

  /** The instance. */
  record Ready(FunctionInstance instance) implements Opened {}

  /**
   * Every place is in use.
   *
   * @param until completes when it is worth asking again; who stops waiting cancels it
   */
  record Full(CompletionStage<?> until) implements Opened {}

  /** The system refuses, for another reason than that places are in use. */
  record Refused(String message) implements Opened {}

  /** The module is closed. */
  record Gone() implements Opened {}
}
