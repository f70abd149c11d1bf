package dev.troupe.actors.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class CompileBudgetTest {
  private static final long SECOND = 1_000_000_000;
  private static final Limits TENANT =
      Limits.EMPTY
          .with(Quota.COMPILE_PER_SECOND, SECOND / 10)
          .with(Quota.COMPILE_BURST, 2 * SECOND);

  private final AtomicLong clock = new AtomicLong();

  private static EffectiveLimits limits(Limits tenant) {
    return EffectiveLimits.of(Limits.EMPTY, tenant, Limits.EMPTY, Limits.EMPTY);
  }

  private static void compile(CompileBudget budget, long cpuNanos) throws CompileRefusedException {
    long reserved = budget.begin(100);
    budget.settle(reserved, 100, cpuNanos);
  }

  @Test
  void whatOneModuleTookTooMuchIsOwedByTheNext() throws CompileRefusedException {
    CompileBudget budget = new CompileBudget(limits(TENANT), clock::get);
    compile(budget, 3 * SECOND);
    CompileRefusedException refused =
        catchThrowableOfType(CompileRefusedException.class, () -> budget.begin(100));
    assertThat(refused.refusal().quota()).isEqualTo(Quota.COMPILE_PER_SECOND);
    assertThat(refused.refusal().level()).isEqualTo(Level.TENANT);
    assertThat(refused.refusal().usage()).isGreaterThan(refused.refusal().limit());
    assertThat(refused.refusal().retryAfter())
        .isBetween(Duration.ofSeconds(10), Duration.ofSeconds(11));
    clock.addAndGet(10 * SECOND + SECOND / 100);
    compile(budget, 1);
    assertThat(budget.spentNanos()).isEqualTo(3 * SECOND + 1);
    assertThat(budget.compilations()).isEqualTo(2);
  }

  @Test
  void compilationsUnderWayAreSetAside() throws CompileRefusedException {
    CompileBudget budget = new CompileBudget(limits(TENANT), clock::get);
    // By the first estimate, a microsecond for each byte, this takes all there is.
    long reserved = budget.begin(2_000_000);
    assertThatThrownBy(() -> budget.begin(1)).isInstanceOf(CompileRefusedException.class);
    budget.settle(reserved, 2_000_000, 1_000);
    assertThat(budget.begin(1)).isPositive();
  }

  @Test
  void withoutAQuotaNothingIsRefusedAndANewOneStartsFull() throws CompileRefusedException {
    CompileBudget budget = new CompileBudget(limits(Limits.EMPTY), clock::get);
    compile(budget, 1_000 * SECOND);
    budget.setLimits(limits(TENANT));
    compile(budget, 2 * SECOND);
    assertThatThrownBy(() -> budget.begin(1)).isInstanceOf(CompileRefusedException.class);
    budget.setLimits(limits(TENANT.with(Quota.COMPILE_BURST, 5 * SECOND)));
    assertThatThrownBy(() -> budget.begin(1))
        .as("a larger bucket is not a full one")
        .isInstanceOf(CompileRefusedException.class);
  }

  @Test
  void ofManyAtOnceNoMoreBeginThanTheBurstHolds() throws InterruptedException {
    CompileBudget budget = new CompileBudget(limits(TENANT), clock::get);
    AtomicInteger begun = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int index = 0; index < 4; index++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int module = 0; module < 1_000; module++) {
                  try {
                    long unused = budget.begin(10_000);
                    begun.incrementAndGet();
                  } catch (CompileRefusedException refused) {
                    // As it should be, once two seconds are set aside.
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(begun.get()).as("10 ms each").isEqualTo(200);
  }
}
