package dev.troupe.engine.differential;

import java.util.List;

/** An instance of a generated module in some engine. Values are longs as in the oracle. */
interface Guest extends AutoCloseable {
  /**
   * Calls an exported function.
   *
   * @return its results or its trap
   */
  Outcome call(String function, long... arguments);

  /** The memory's bytes. */
  byte[] memory();

  /** The exported globals in order. */
  List<Long> globals();

  /** For each table, which entries are null. */
  List<String> tables();

  @Override
  void close();
}
