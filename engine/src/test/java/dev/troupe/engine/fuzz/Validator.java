package dev.troupe.engine.fuzz;

/** Something else that knows what a valid module is. */
interface Validator extends AutoCloseable {
  String name();

  /** Whether text can be asked about, too. */
  boolean readsText();

  /** Empty when the module is valid, else why not. */
  String refusal(byte[] module, boolean text);

  /**
   * Whether a refusal is about a limit of that engine, or about what it does not do, rather than
   * about the module.
   */
  boolean isItsOwn(String refusal);

  @Override
  void close();
}
