package dev.troupe.engine.fuzz;

import java.util.List;

/** An engine, or the engine in one configuration. */
interface Subject extends AutoCloseable {
  String name();

  /**
   * Whether this engine can be asked about the module at all.
   *
   * @return false for features that it does not have
   */
  default boolean understands(FuzzCase fuzzCase) {
    return true;
  }

  /** Says that a case is soon going to be run, to a subject that can begin on its own. */
  default void prepare(FuzzCase fuzzCase) {}

  /**
   * Instantiates the module and makes the calls.
   *
   * @return a line for the instantiation, one for each call, and one for memories, globals and
   *     tables in the end, as {@link Lines} spells them
   * @throws NoAnswerException when a foreign engine breaks
   * @throws RuntimeException any, when the engine refuses the module or breaks: a finding
   */
  List<String> run(FuzzCase fuzzCase);

  /** Whether traps are told apart only roughly; the others are compared by {@link Lines#rough}. */
  default boolean rough() {
    return false;
  }

  /** Whether it has been wrong so often that being alone against all others is no finding. */
  default boolean doubtful() {
    return false;
  }

  @Override
  void close();
}
