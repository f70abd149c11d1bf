package dev.troupe.pooling;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The line before a full pool: parties take turns by their weights, those of one party are served
 * in the order in which they came. A party that floods the pool waits behind its own kind and takes
 * nothing of what the others would get.
 *
 * <pre>
 *   {@link #mustWait} ── no ──> allocate
 *        │ yes                    │ exhausted
 *        v                        v
 *     {@link #join}: a stage <─────────┘        completes when a slot is kept for whoever joined
 *        │
 *        v
 *     allocate again, then {@link #served}  or  cancel the stage
 * </pre>
 *
 * <p>Whoever needs several slots at once is called when so many are free, and the others wait
 * behind: he would never find them otherwise. His turn is as much longer.
 *
 * <p>For everyone called his free slots are kept until he is served or gives up; newcomers may take
 * what is free beyond that, and nothing while others wait. It is kept by those who ask {@link
 * #mustWait} first: the pool itself gives a free slot to whoever allocates.
 *
 * <p>Turns are those of start-time fair queueing (Goyal, Vin and Cheng, 1996): a turn begins at the
 * virtual time of the last one or at the end of the party's turn before, whichever is later, and
 * lasts the reciprocal of its weight. Thread-safe. Calls {@code freeSlots} under its own lock, and
 * completes stages under none.
 */
public final class SlotLine {
  /** Virtual length of a turn at weight 1. */
  private static final long TURN = 1L << 32;

  private static final int FIRST_SWEEP = 64;

  private static final Comparator<Party> BY_TURN =
      Comparator.comparingLong((Party party) -> party.turnBegins)
          .thenComparingLong(party -> party.sequence);

  /** Those who wait for the same account. */
  private static final class Party {
    final LinkedHashSet<Waiter> waiting = new LinkedHashSet<>();
    long turnBegins;
    long turnEnds;
    long sequence;
  }

  private enum Stand {
    WAITING,
    CALLED,
    GONE
  }

  /** One who waits. Where it stands is guarded by the line. */
  private final class Waiter extends CompletableFuture<Void> {
    final String party;
    final int weight;
    final int slots;
    Stand stand = Stand.WAITING;

    Waiter(String party, int weight, int slots) {
      this.party = party;
      this.weight = weight;
      this.slots = slots;
    }

    @Override
    public boolean cancel(boolean mayInterrupt) {
      boolean first = super.cancel(mayInterrupt);
      leave(this);
      return first;
    }

    SlotLine line() {
      return SlotLine.this;
    }
  }

  private final IntSupplier freeSlots;
  private final int slots;

  // Guarded by this.
  private final Map<String, Party> parties = new HashMap<>();
  private final PriorityQueue<Party> turns = new PriorityQueue<>(BY_TURN);
  private long virtualNow;
  private long sequence;
  private int sweepAt = FIRST_SWEEP;

  /** Slots kept for those who were called. */
  private int kept;

  // Written under the lock, and read by those who hold the pool's.
  private volatile int waiting;

  /** Nobody waits, and for nobody a slot is kept. */
  private volatile boolean quiet = true;

  /**
   * A line in which nobody waits.
   *
   * @param slots of the pool, free or not
   * @param freeSlots of the pool at this moment
   */
  public SlotLine(int slots, IntSupplier freeSlots) {
    this.slots = slots;
    this.freeSlots = freeSlots;
  }

  /** How many slots the pool has: nobody can have more at once. */
  public int slots() {
    return slots;
  }

  /** Whether a newcomer has to join the line instead of allocating. */
  public boolean mustWait() {
    if (quiet) {
      return false;
    }
    synchronized (this) {
      return waiting > 0 || freeSlots.getAsInt() <= kept;
    }
  }

  /** Joins the line for one slot. */
  public CompletionStage<Void> join(String party, int weight) {
    return join(party, weight, 1);
  }

  /**
   * Joins the line.
   *
   * @param party who takes turns with others
   * @param weight how many turns it gets when others get one at weight 1; positive
   * @param needed how many slots at once; more than the pool has are as many as it has
   * @return completes when it is worth allocating again, on any thread; whoever waits no longer
   *     cancels it, whoever has allocated hands it to {@link #served}
   */
  public CompletionStage<Void> join(String party, int weight, int needed) {
    if (weight < 1) {
      throw new IllegalArgumentException("a weight is positive, not " + weight);
    }
    Waiter waiter = new Waiter(party, weight, Math.clamp(needed, 1, Math.max(1, slots)));
    synchronized (this) {
      Party own = parties.computeIfAbsent(party, name -> new Party());
      boolean _ = own.waiting.add(waiter);
      if (own.waiting.size() == 1) {
        takesTurns(own);
      }
      waiting = waiting + 1;
      quiet = false;
      sweep();
    }
    call();
    return waiter;
  }

  /** Whoever was called has tried to allocate, with success or without. */
  public void served(CompletionStage<?> stage) {
    if (stage instanceof Waiter waiter && isTurn(waiter)) {
      leave(waiter);
    }
  }

  /** Whether a stage is of this line's. */
  @SuppressWarnings("ReferenceEquality") // a line is its identity
  public boolean isTurn(CompletionStage<?> stage) {
    return stage instanceof Waiter waiter && waiter.line() == this;
  }

  private void leave(Waiter waiter) {
    synchronized (this) {
      switch (waiter.stand) {
        case WAITING -> {
          Party own = parties.get(waiter.party);
          if (own != null && own.waiting.remove(waiter) && own.waiting.isEmpty()) {
            turns.remove(own);
          }
          waiting = waiting - 1;
        }
        case CALLED -> kept -= waiter.slots;
        case GONE -> {
          return;
        }
      }
      waiter.stand = Stand.GONE;
      settle();
    }
    call();
  }

  /** A slot may be free: calls those whose turn it is. Call without holding the pool's lock. */
  public void call() {
    if (quiet) {
      return;
    }
    Waiter next = next();
    while (next != null) {
      boolean _ = next.complete(null);
      next = next();
    }
  }

  private synchronized @Nullable Waiter next() {
    Party party = turns.peek();
    if (party == null) {
      return null;
    }
    Waiter waiter = party.waiting.getFirst();
    if (freeSlots.getAsInt() - kept < waiter.slots) {
      return null;
    }
    turns.remove();
    boolean _ = party.waiting.remove(waiter);
    virtualNow = party.turnBegins;
    party.turnEnds = party.turnBegins + TURN / waiter.weight * waiter.slots;
    if (!party.waiting.isEmpty()) {
      takesTurns(party);
    }
    waiting = waiting - 1;
    kept += waiter.slots;
    waiter.stand = Stand.CALLED;
    return waiter;
  }

  private void takesTurns(Party party) {
    party.turnBegins = Math.max(virtualNow, party.turnEnds);
    party.sequence = sequence++;
    turns.add(party);
  }

  /**
   * Forgets those who neither wait nor owe a turn, now and then: there may be many over the days.
   */
  private void sweep() {
    if (parties.size() >= sweepAt) {
      boolean _ =
          parties
              .values()
              .removeIf(party -> party.waiting.isEmpty() && party.turnEnds <= virtualNow);
      sweepAt = Math.max(FIRST_SWEEP, 2 * parties.size());
    }
  }

  /** Forgets who had turns when nobody waits. */
  private void settle() {
    if (waiting == 0 && kept == 0) {
      parties.clear();
      virtualNow = 0;
      quiet = true;
    }
  }

  /** Those who are remembered. */
  synchronized int parties() {
    return parties.size();
  }

  /** Whether somebody waits. */
  boolean any() {
    return waiting > 0;
  }

  /** How many wait. */
  public int count() {
    return waiting;
  }
}
