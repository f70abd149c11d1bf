package dev.troupe.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who waits at a shared memory leaves once, in order, and not in too great a number. */
class WaitQueuesTest {
  private static final Object OWNER = new Object();

  private final WaitQueues queues = new WaitQueues();

  private WaitQueues.Waiter enqueue(long offset, Object owner) {
    return Objects.requireNonNull(queues.enqueue(offset, owner, () -> true));
  }

  @Test
  void firstComeFirstServedAndByAddress() {
    WaitQueues.Waiter first = enqueue(0, OWNER);
    WaitQueues.Waiter second = enqueue(0, OWNER);
    WaitQueues.Waiter elsewhere = enqueue(8, OWNER);
    assertThat(queues.enqueue(0, OWNER, () -> false)).isNull();
    assertThat(queues.wake(4, -1)).isZero();
    assertThat(queues.wake(0, 0)).isZero();
    assertThat(queues.wake(0, 1)).isEqualTo(1);
    assertThat(first.join()).isEqualTo(WaitResult.NOTIFIED);
    assertThat(second.isDone()).isFalse();
    assertThat(queues.wake(0, -1)).isEqualTo(1);
    assertThat(elsewhere.isDone()).isFalse();
    assertThat(queues.waiting()).isEqualTo(1);
  }

  @Test
  void oneEndIsTheOnlyOne() {
    WaitQueues.Waiter late = enqueue(0, OWNER);
    CompletableFuture<Void> timer = new CompletableFuture<>();
    late.endBy(timer);
    late.timeOut();
    assertThat(queues.wake(0, -1)).isZero();
    assertThat(late.join()).isEqualTo(WaitResult.TIMED_OUT);

    WaitQueues.Waiter notified = enqueue(0, OWNER);
    notified.endBy(timer);
    assertThat(queues.wake(0, 1)).isEqualTo(1);
    assertThat(timer).isCancelled();
    notified.timeOut();
    assertThat(notified.join()).isEqualTo(WaitResult.NOTIFIED);
    // A timer that comes too late is not kept.
    CompletableFuture<Void> slow = new CompletableFuture<>();
    notified.endBy(slow);
    assertThat(slow).isCancelled();

    WaitQueues.Waiter gone = enqueue(0, OWNER);
    assertThat(gone.cancel(false)).isTrue();
    assertThat(queues.wake(0, -1)).isZero();
    assertThat(queues.waiting()).isZero();
  }

  @Test
  void anOwnerTakesItsWaitersAndNobodyElses() {
    WaitQueues.Waiter kept = enqueue(0, new Object());
    List<WaitQueues.Waiter> mine = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      mine.add(enqueue(8L * n, OWNER));
    }
    queues.abandon(OWNER);
    assertThat(mine).allMatch(CompletableFuture::isCancelled);
    assertThat(kept.isDone()).isFalse();
    assertThat(queues.waiting()).isEqualTo(1);
  }

  /** What runs when a waiter wakes may itself wait and wake. */
  @Test
  void wakingHappensOutsideOfTheLock() {
    WaitQueues.Waiter next = enqueue(8, OWNER);
    var unused = enqueue(0, OWNER).thenRun(() -> assertThat(queues.wake(8, 1)).isEqualTo(1));
    assertThat(queues.wake(0, 1)).isEqualTo(1);
    assertThat(next.join()).isEqualTo(WaitResult.NOTIFIED);
  }

  @Test
  void thereAreOnlySoMany() {
    for (int n = 0; n < WaitQueues.MOST_WAITERS; n++) {
      var unused = enqueue(4L * (n % 100), OWNER);
    }
    assertThatThrownBy(() -> enqueue(0, OWNER)).isInstanceOf(AllocationException.class);
    assertThat(queues.wake(0, 1)).isEqualTo(1);
    assertThat(enqueue(0, OWNER).isDone()).isFalse();
    queues.abandon(OWNER);
    assertThat(queues.waiting()).isZero();
  }
}
