package dev.troupe.actors.port;

/** A module ready to make instances, until it is closed. Thread-safe. */
public interface LoadedModule extends AutoCloseable {

  /** What the module exports and needs. */
  ModuleDescription description();

  /**
   * Takes a place for an instance and prepares it, without running guest code: a start function
   * runs in the first call.
   *
   * @param memory asked before memory is taken, for the initial memories too
   */
  Opened open(MemoryGate memory);

  /** Makes no more instances; the code is unloaded when the last instance is closed. Idempotent. */
  @Override
  void close();
}
