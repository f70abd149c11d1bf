package dev.troupe.engine.runtime;

/**
 * Somebody outside the store who shares memory between several stores, and is asked before one of
 * them takes more. Called on the thread that uses the store.
 */
public interface GrowthGate {
  /** No bound beyond the limits of the store. */
  GrowthGate OPEN =
      new GrowthGate() {
        @Override
        public boolean tryGrow(long bytes) {
          return true;
        }

        @Override
        public void giveBack(long bytes) {
          // Nothing was counted.
        }
      };

  /** Asks for bytes of memories or table elements; false refuses, like a limit of the store. */
  boolean tryGrow(long bytes);

  /** Bytes that were granted are not needed after all. Closing a store gives nothing back here. */
  void giveBack(long bytes);
}
