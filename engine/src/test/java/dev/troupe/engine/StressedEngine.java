package dev.troupe.engine;

/** Reaches the switch that makes every store of an engine collect whenever an object is made. */
public final class StressedEngine {
  private StressedEngine() {}

  /** For stores that are made from now on. */
  public static void collectAtEveryAllocation(Engine engine) {
    engine.internal().collectAtEveryAllocation(true);
  }
}
