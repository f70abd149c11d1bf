package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SlotLineTest {
  private final AtomicInteger free = new AtomicInteger();
  private final SlotLine line = new SlotLine(8, free::get);
  private final List<String> served = new ArrayList<>();

  /** Joins; whoever is called takes the slot, uses it once and gives it back. */
  private void enqueue(String party, int weight) {
    CompletionStage<Void> stage = line.join(party, weight);
    var unused =
        stage.thenRun(() -> {
          served.add(party);
          free.decrementAndGet();
          line.served(stage);
        });
  }

  private void release() {
    free.incrementAndGet();
    line.call();
  }

  @Test
  void aFloodWaitsBehindItsOwnKind() {
    for (int i = 0; i < 1000; i++) {
      enqueue("greedy", 100);
    }
    release();
    enqueue("polite", 100);
    release();
    release();
    assertThat(served.subList(1, 3)).contains("polite");
    enqueue("polite", 100);
    release();
    release();
    assertThat(served).hasSize(5);
    assertThat(served.subList(3, 5)).contains("polite");
  }

  @Test
  void whoComesBackAtOnceGetsNoMoreThanItsShare() {
    for (int i = 0; i < 100; i++) {
      enqueue("many", 1);
    }
    for (int i = 0; i < 40; i++) {
      enqueue("single", 1);
      release();
      release();
    }
    assertThat(served.stream().filter("single"::equals).count()).isBetween(39L, 40L);
    assertThat(served.stream().filter("many"::equals).count()).isBetween(40L, 41L);
  }

  @Test
  void turnsFollowWeights() {
    for (int i = 0; i < 100; i++) {
      enqueue("light", 100);
      enqueue("heavy", 300);
    }
    for (int i = 0; i < 80; i++) {
      release();
    }
    assertThat(served.stream().filter("heavy"::equals).count()).isBetween(59L, 61L);
  }

  @Test
  void aNewcomerTakesNothingThatIsKeptForOthers() {
    assertThat(line.mustWait()).isFalse();
    CompletionStage<Void> first = line.join("a", 1);
    assertThat(line.mustWait()).as("others wait").isTrue();
    release();
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(line.mustWait()).as("the free slot is kept").isTrue();
    free.incrementAndGet();
    assertThat(line.mustWait()).as("one is free beyond that").isFalse();
    free.set(0);
    line.served(first);
    assertThat(line.mustWait()).as("nobody waits any more").isFalse();
  }

  @Test
  void whoGivesUpLeavesNoGap() {
    CompletionStage<Void> first = line.join("a", 1);
    CompletionStage<Void> second = line.join("a", 1);
    CompletionStage<Void> third = line.join("b", 1);
    assertThat(first.toCompletableFuture().cancel(false)).isTrue();
    release();
    assertThat(second.toCompletableFuture()).isCompleted();
    assertThat(third.toCompletableFuture()).isNotDone();
    assertThat(second.toCompletableFuture().cancel(false)).as("called before").isFalse();
    assertThat(third.toCompletableFuture()).isCompleted();
    assertThat(second.toCompletableFuture().cancel(false)).as("again").isFalse();
    free.set(0);
    line.served(third);
    assertThat(line.count()).isZero();
    assertThat(line.mustWait()).isFalse();
  }

  @Test
  void whoIsCalledInVainDoesNotKeepTheSlot() {
    CompletionStage<Void> first = line.join("a", 1);
    CompletionStage<Void> second = line.join("b", 1);
    release();
    CompletionStage<Void> again = line.join("a", 1);
    line.served(first);
    assertThat(second.toCompletableFuture())
        .as("the slot that the first did not take")
        .isCompleted();
    assertThat(again.toCompletableFuture()).isNotDone();
  }

  @Test
  void whoNeedsSeveralIsCalledForAllOfThemAtOnce() {
    CompletionStage<Void> wide = line.join("a", 1, 3);
    CompletionStage<Void> narrow = line.join("b", 1, 1);
    release();
    release();
    assertThat(wide.toCompletableFuture()).as("two of three").isNotDone();
    assertThat(narrow.toCompletableFuture())
        .as("else the first would never find three")
        .isNotDone();
    release();
    assertThat(wide.toCompletableFuture()).isCompleted();
    assertThat(narrow.toCompletableFuture()).as("three are kept").isNotDone();
    release();
    assertThat(narrow.toCompletableFuture()).isCompleted();
    free.set(0);
    line.served(wide);
    line.served(narrow);
    assertThat(line.mustWait()).isFalse();
  }

  @Test
  void severalSlotsAreALongerTurn() {
    free.set(0);
    CompletionStage<Void> first = line.join("a", 1, 4);
    CompletionStage<Void> again = line.join("a", 1, 1);
    List<CompletionStage<Void>> others = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      others.add(line.join("b", 1));
    }
    free.set(8);
    line.call();
    assertThat(first.toCompletableFuture()).isCompleted();
    assertThat(others).allMatch(stage -> stage.toCompletableFuture().isDone());
    assertThat(again.toCompletableFuture()).isNotDone();
  }

  @Test
  void thoseWhoOweNothingAreForgottenWhileOthersWait() {
    CompletionStage<Void> patient = line.join("patient", 1, 8);
    for (int i = 0; i < 1000; i++) {
      CompletionStage<Void> stage = line.join("party-" + i, 1);
      assertThat(stage.toCompletableFuture().cancel(false)).isTrue();
    }
    assertThat(patient.toCompletableFuture()).isNotDone();
    assertThat(line.parties()).isLessThan(200);
  }

  @Test
  void aWeightIsPositive() {
    assertThatIllegalArgumentException().isThrownBy(() -> line.join("a", 0));
    assertThat(line.mustWait()).isFalse();
  }
}
