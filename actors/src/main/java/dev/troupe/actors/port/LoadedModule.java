package dev.troupe.actors.port;

import java.util.concurrent.CompletionStage;

/** A module ready to make instances. Thread-safe; unloaded some time after it is unreachable. */
public interface LoadedModule {

  /** What the module exports and needs. */
  ModuleDescription description();

  /**
   * Takes a place for an instance and prepares it, without running guest code: a start function
   * runs in the first call. Completes at once when a place is free, later when not.
   *
   * @param memory asked before memory is taken, for the initial memories too
   */
  CompletionStage<FunctionInstance> open(MemoryGate memory);
}
