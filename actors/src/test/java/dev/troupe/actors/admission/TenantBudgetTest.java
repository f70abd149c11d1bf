package dev.troupe.actors.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Nothing is granted twice, nothing is lost, and every byte is counted for as long as it is held.
 */
final class TenantBudgetTest {
  private static final long SECOND = 1_000_000_000;

  private final AtomicLong clock = new AtomicLong(-SECOND);

  private static EffectiveLimits limits(long memory, long instances, long instanceMemory) {
    Limits tenant =
        Limits.EMPTY
            .with(Quota.MEMORY_BYTES, memory)
            .with(Quota.INSTANCES, instances)
            .with(Quota.INSTANCE_MEMORY_BYTES, instanceMemory);
    return EffectiveLimits.of(Limits.EMPTY, tenant, Limits.EMPTY, Limits.EMPTY);
  }

  private static InstanceLease opened(@Nullable InstanceLease lease) {
    if (lease == null) {
      throw new AssertionError("there is no room");
    }
    return lease;
  }

  @Test
  void memoryOverTimeIsExactAndNeverDecreases() {
    EffectiveLimits limits = limits(1_000, 10, 1_000);
    TenantBudget budget = new TenantBudget(limits, clock::get);
    FunctionAccount account = new FunctionAccount(limits);
    InstanceLease lease = opened(InstanceLease.tryOpen(budget, account, 100));
    clock.addAndGet(2 * SECOND);
    assertThat(lease.tryGrow(100)).as("was reserved").isTrue();
    assertThat(lease.tryGrow(50)).isTrue();
    clock.addAndGet(SECOND / 2);
    assertThat(budget.memoryByteSeconds()).isEqualTo(200 + 75);
    lease.giveBack(50);
    clock.addAndGet(SECOND);
    assertThat(budget.memoryByteSeconds()).isEqualTo(200 + 75 + 100);
    lease.release();
    lease.release();
    clock.addAndGet(100 * SECOND);
    assertThat(budget.memoryByteSeconds()).isEqualTo(200 + 75 + 100);
    assertThat(budget.memoryBytes()).isZero();
    assertThat(budget.instances()).isZero();
  }

  @Test
  void aRefusedRequestNamesTheLimitInItsWay() {
    EffectiveLimits limits = limits(150, 10, 120);
    TenantBudget budget = new TenantBudget(limits, clock::get);
    FunctionAccount account =
        new FunctionAccount(
            limits.and(Level.FUNCTION, Limits.EMPTY.with(Quota.INSTANCE_MEMORY_BYTES, 110)));
    InstanceLease one = opened(InstanceLease.tryOpen(budget, account, 100));
    assertThat(one.tryGrow(100)).isTrue();
    assertThat(one.tryGrow(20)).isFalse();
    assertThat(one.lastRefusal())
        .isEqualTo(new Refusal(Quota.INSTANCE_MEMORY_BYTES, Level.FUNCTION, 110, 120, null));
    assertThat(InstanceLease.tryOpen(budget, account, 60)).isNull();
    InstanceLease two = opened(InstanceLease.tryOpen(budget, account, 50));
    assertThat(two.tryGrow(60)).isFalse();
    assertThat(two.lastRefusal())
        .isEqualTo(new Refusal(Quota.MEMORY_BYTES, Level.TENANT, 150, 160, null));
  }

  @Test
  void loweredLimitsLeaveWhatIsHeldAndGrantNoMore() {
    EffectiveLimits limits = limits(1_000, 10, 1_000);
    TenantBudget budget = new TenantBudget(limits, clock::get);
    FunctionAccount account = new FunctionAccount(limits);
    InstanceLease lease = opened(InstanceLease.tryOpen(budget, account, 500));
    assertThat(lease.tryGrow(500)).isTrue();
    assertThat(lease.isWithinLimits()).isTrue();
    budget.setLimits(limits(400, 10, 1_000));
    assertThat(budget.isOverdrawn()).isTrue();
    assertThat(lease.isWithinLimits()).isFalse();
    assertThat(lease.tryGrow(1)).isFalse();
    assertThat(lease.bytes()).isEqualTo(500);
    budget.setLimits(limits);
    account.setLimits(limits(1_000, 10, 500));
    assertThat(lease.tryGrow(1)).isFalse();
    assertThat(lease.isWithinLimits()).isTrue();
    lease.release();
    assertThat(budget.isOverdrawn()).isFalse();
  }

  @Test
  void releasingMoreThanWasTakenIsABug() {
    TenantBudget budget = new TenantBudget(limits(10, 1, 10), clock::get);
    assertThatThrownBy(() -> budget.releaseInstance(0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> budget.releaseBytes(1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void manyThreadsNeverHoldMoreThanTheLimitsAndLeaveNothing() throws InterruptedException {
    EffectiveLimits limits = limits(1_000, 7, 400);
    TenantBudget budget = new TenantBudget(limits);
    FunctionAccount account = new FunctionAccount(limits);
    AtomicLong held = new AtomicLong();
    AtomicInteger open = new AtomicInteger();
    AtomicInteger broken = new AtomicInteger();
    AtomicInteger granted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int index = 0; index < 4; index++) {
      SplittableRandom random = new SplittableRandom(index);
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int round = 0; round < 20_000; round++) {
                  long initial = random.nextLong(300);
                  InstanceLease lease = InstanceLease.tryOpen(budget, account, initial);
                  if (lease == null) {
                    continue;
                  }
                  long more = random.nextLong(300);
                  long mine = initial;
                  if (lease.tryGrow(initial) && lease.tryGrow(more)) {
                    mine += more;
                  }
                  granted.incrementAndGet();
                  if (held.addAndGet(mine) > 1_000 || open.incrementAndGet() > 7) {
                    broken.incrementAndGet();
                  }
                  held.addAndGet(-mine);
                  open.decrementAndGet();
                  lease.release();
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(broken.get()).isZero();
    assertThat(granted.get()).isPositive();
    assertThat(budget.memoryBytes()).isZero();
    assertThat(budget.instances()).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void theIntegralIsThatOfUnboundedNumbers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    long now = random.nextLong();
    TimeIntegral integral = new TimeIntegral(now);
    BigInteger sum = BigInteger.ZERO;
    long amount = 0;
    for (int change = 0; change < 1_000; change++) {
      long nanos = random.nextLong(1L << random.nextInt(1, 50));
      sum = sum.add(BigInteger.valueOf(amount).multiply(BigInteger.valueOf(nanos)));
      now += nanos;
      amount = random.nextLong(1L << random.nextInt(1, 51));
      integral.set(amount, now);
      assertThat(integral.seconds(now))
          .isEqualTo(
              sum.divide(BigInteger.valueOf(SECOND))
                  .min(BigInteger.valueOf(Long.MAX_VALUE))
                  .longValueExact());
    }
    assertThat(integral.seconds(now - SECOND))
        .as("a clock behind changes nothing")
        .isEqualTo(integral.seconds(now));
  }
}
