package dev.troupe.gateway.server;

import dev.troupe.actors.engine.PlaceLine;
import dev.troupe.actors.port.Claimant;
import dev.troupe.pooling.SlotLine;
import java.util.concurrent.CompletionStage;

/** The line before a pool, for calls. */
record PoolLine(SlotLine line) implements PlaceLine {
  @Override
  public boolean mustWait() {
    return line.mustWait();
  }

  @Override
  public int places() {
    return line.slots();
  }

  @Override
  public CompletionStage<?> join(Claimant claimant, int places) {
    return line.join(claimant.tenantId(), claimant.weight().getAsInt(), places);
  }

  @Override
  public boolean isTurn(CompletionStage<?> turn) {
    return line.isTurn(turn);
  }

  @Override
  public void served(CompletionStage<?> turn) {
    line.served(turn);
  }
}
