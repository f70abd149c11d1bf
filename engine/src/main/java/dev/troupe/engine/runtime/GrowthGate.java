package dev.troupe.engine.runtime;

/**
 * Who is asked before memory is taken: somebody who shares it between several stores, called on the
 * thread that uses the store; or who answers for what the host makes of shared memories, called on
 * any thread.
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
