package dev.troupe.engine.differential;

import java.util.List;

/** An instance of a generated module in some engine. Values are longs as in the oracle. */
interface Guest extends AutoCloseable {
  /** {@link #fuelUsed()} of an engine that does not count. */
  long NOT_COUNTED = -1;

  /**
   * Calls an exported function.
   *
   * @return its results or its trap
   */
  Outcome call(String function, long... arguments);

  /** Fuel used so far, or {@link #NOT_COUNTED}. */
  long fuelUsed();

  /** The memory's bytes. */
  byte[] memory();

  /** The exported globals in order. */
  List<Long> globals();

  /** For each table, which entries are null. */
  List<String> tables();

  @Override
  void close();
}
