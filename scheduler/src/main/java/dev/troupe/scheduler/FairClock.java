package dev.troupe.scheduler;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The fair clock of a set of siblings, shared by all workers: virtual time advances by measured
 * processor time divided by weight, and {@link #virtualNow} says where a newcomer begins and how
 * far behind anybody may fall.
 *
 * <p>It is the clock of WF²Q+ (Bennett and Zhang, 1997): it advances by the service given divided
 * by the weights that compete, and never stays far behind the start of what it serves. Siblings are
 * picked by virtual deadline, virtual time plus the slice asked for, as in EEVDF (Stoica and
 * Abdel-Wahab, 1995).
 *
 * <p>The clock of tenants is <b>balanced</b> like that of EEVDF: it is the mean of those that
 * compete. Whoever leaves ahead of it leaves the others behind it; the clock goes back to their
 * mean, or those who always run would have credit against everybody who comes. Functions and tasks
 * have no balanced clocks: a task that ends never pays what it owes, so that a flood of short ones
 * would hold the clock back for ever.
 *
 * <p>Three rules keep it honest:
 *
 * <ul>
 *   <li><b>Debt survives sleep.</b> Whoever ran too long keeps its virtual time while it is idle;
 *       only service to others makes up for it.
 *   <li><b>Credit is bounded.</b> Sleep keeps what one was behind, and a tenant earns during sleep
 *       what its share of the clock would have been, both up to {@link #maxCreditNanos} of its own
 *       time. More than that is got only by waiting in the queue: neither long sleep nor too few
 *       runnable tasks save up a share.
 *   <li><b>Idle processors are free.</b> The caller charges only what was used while somebody
 *       waited; running alone puts nobody into debt.
 * </ul>
 *
 * <p>The clock of the tenants is moved under the locks of different tenants, hence the atomic
 * fields; each {@link Standing} is guarded by the lock of its tenant.
 */
final class FairClock {

  /** Virtual units per nanosecond at weight 1. */
  static final long SCALE = 64;

  private final long maxCreditNanos;
  private final boolean balanced;
  private final AtomicLong virtualNow = new AtomicLong();
  private final AtomicLong activeWeight = new AtomicLong();

  /**
   * A clock.
   *
   * @param maxCreditNanos how far behind it siblings may fall, of their own time
   * @param balanced whether it is the mean of those that compete, see above
   */
  FairClock(long maxCreditNanos, boolean balanced) {
    this.maxCreditNanos = maxCreditNanos;
    this.balanced = balanced;
  }

  long virtualNow() {
    return virtualNow.get();
  }

  /** {@code entity} wants the processor again after it had nothing to do, or for the first time. */
  void activate(Standing entity) {
    long others = activeWeight.getAndAdd(entity.weight);
    long now = virtualNow.get();
    long credit = entity.idleCredit;
    if (balanced) {
      // Awake it would have been one more among those who slow the clock.
      credit += scaled(Math.max(0, now - entity.idleSince), others, others + entity.weight);
    }
    raiseTo(entity, now - Math.min(credit, maxCredit(entity)));
    if (balanced && others > 0) {
      virtualNow.getAndAdd(scaled(entity.virtualTime - now, entity.weight, others + entity.weight));
    }
  }

  private static long scaled(long length, long weight, long sum) {
    return (long) ((double) length * weight / sum);
  }

  /** {@code entity} has nothing to do any more. */
  void deactivate(Standing entity) {
    long left = activeWeight.addAndGet(-entity.weight);
    assert left >= 0 : "more weight left than came";
    long now = virtualNow.get();
    long behind = now - entity.virtualTime;
    entity.idleSince = now;
    if (balanced && left > 0) {
      virtualNow.getAndAdd(scaled(behind, entity.weight, left));
    }
    entity.idleCredit = Math.max(0, Math.min(behind, maxCredit(entity)));
    entity.creditAtStart = 0;
  }

  /** {@code entity}, which is active, joins the queue. */
  void join(Standing entity) {
    raiseTo(entity, virtualNow.get() - Math.max(maxCredit(entity), entity.creditAtStart));
  }

  /** {@code entity} starts a slice that is expected to last {@code expectedNanos}. */
  void start(Standing entity, long expectedNanos) {
    // A mean has some ahead of it, but it must not lose touch with what is served.
    long sum = activeWeight.get();
    boolean competes = balanced && sum > entity.weight;
    long least = entity.virtualTime - (competes ? maxCreditNanos * SCALE / sum : 0);
    long now = virtualNow.get();
    while (now - least < 0 && !virtualNow.compareAndSet(now, least)) {
      now = virtualNow.get();
    }
    entity.creditAtStart = Math.max(0, now - entity.virtualTime);
    entity.inFlightNanos += expectedNanos;
  }

  /** A slice of {@code entity} that was expected to last {@code expectedNanos} used this much. */
  void charge(Standing entity, long expectedNanos, long chargedNanos) {
    entity.inFlightNanos -= expectedNanos;
    assert entity.inFlightNanos >= 0 : "more slices ended than began";
    if (chargedNanos > 0) {
      pay(entity, chargedNanos);
      virtualNow.getAndAdd(chargedNanos * SCALE / Math.max(1, activeWeight.get()));
    }
  }

  /** Charges {@code entity} for something that is no slice and delays nobody noticeably. */
  void pay(Standing entity, long chargedNanos) {
    long scaled = chargedNanos * SCALE + entity.remainder;
    entity.virtualTime += scaled / entity.weight;
    entity.remainder = scaled % entity.weight;
  }

  /**
   * Changes the weight at once: what is owed to or by the entity keeps its length in processor
   * time.
   */
  void setWeight(Standing entity, int weight) {
    long now = virtualNow.get();
    long ahead = entity.virtualTime - now;
    // Divides first: a debt of hours at weight 1 must not overflow on its way to weight 10,000.
    long scaled = ahead / weight * entity.weight + ahead % weight * entity.weight / weight;
    if (entity.activeTasks > 0) {
      activeWeight.getAndAdd(weight - entity.weight);
    }
    entity.weight = weight;
    entity.remainder = 0;
    entity.virtualTime = now + scaled;
    entity.idleCredit = Math.min(entity.idleCredit, maxCredit(entity));
    entity.creditAtStart = 0;
  }

  private static void raiseTo(Standing entity, long floor) {
    if (floor - entity.virtualTime > 0) {
      entity.virtualTime = floor;
      entity.remainder = 0;
    }
  }

  private long maxCredit(Standing entity) {
    return maxCreditNanos * SCALE / entity.weight;
  }
}
