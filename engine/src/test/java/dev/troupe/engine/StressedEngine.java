package dev.troupe.engine;

/** Reaches the switch that makes every store of an engine collect whenever an object is made. */
public final class StressedEngine {
  private StressedEngine() {}

  /** For stores that are made from now on. */
  public static void collectAtEveryAllocation(Engine engine) {
    collectAtEveryAllocation(engine, true);
  }

  /** Whether stores that are made from now on do. */
  public static void collectAtEveryAllocation(Engine engine, boolean on) {
    engine.internal().collectAtEveryAllocation(on);
  }
}
