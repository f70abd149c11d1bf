package dev.troupe.actors.port;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A module ready to make instances, until it is closed. Thread-safe. */
public interface LoadedModule extends AutoCloseable {

  /** What the module exports and needs. */
  ModuleDescription description();

  /**
   * Takes a place for an instance and prepares it, without running guest code: a start function
   * runs in the first call.
   *
   * @param memory asked before memory is taken, for the initial memories too
   * @param claimant on whose account the place is taken
   * @param turn what an earlier {@link Opened.Full} told to wait for and has completed; null before
   */
  Opened open(MemoryGate memory, Claimant claimant, @Nullable CompletionStage<?> turn);

  /** Makes no more instances; the code is unloaded when the last instance is closed. Idempotent. */
  @Override
  void close();
}
