package dev.troupe.load.scenario;

/** A scenario that cannot be run; the message says where, what and what would be right. */
public final class ScenarioException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With a message for the person who wrote the scenario. */
  public ScenarioException(String message) {
    super(message);
  }
}
