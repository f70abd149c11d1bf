package dev.troupe.actors.engine;

import dev.troupe.actors.port.Claimant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The line before an allocator that may have nothing to give. Thread-safe. */
public interface PlaceLine {
  /** Of an allocator that makes what it is asked for: nobody waits there. */
  PlaceLine NONE =
      new PlaceLine() {
        @Override
        public boolean mustWait() {
          return false;
        }

        @Override
        public int places() {
          return Integer.MAX_VALUE;
        }

        @Override
        public CompletionStage<?> join(Claimant claimant, int places) {
          return CompletableFuture.completedFuture(true);
        }

        @Override
        public boolean isTurn(CompletionStage<?> turn) {
          return false;
        }

        @Override
        public void served(CompletionStage<?> turn) {
          // Nothing was kept.
        }
      };

  /** Whether a newcomer has to join instead of asking the allocator. */
  boolean mustWait();

  /** How many places there are, free or not. */
  int places();

  /**
   * Joins the line.
   *
   * @param places how many the claimant needs at once
   * @return completes when it is the claimant's turn to ask; who waits no longer cancels it
   */
  CompletionStage<?> join(Claimant claimant, int places);

  /** Whether it was joined here. */
  boolean isTurn(CompletionStage<?> turn);

  /** Whoever's turn it was has asked, with success or without; of no effect on another line's. */
  void served(CompletionStage<?> turn);
}
