package dev.troupe.pooling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.GuestStack;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Stacks out of the pool. */
class StackPoolTest {
  private static final PoolConfig CONFIG = PoolConfig.DEFAULT.withSlots(1, 8);

  @Test
  void stacksAreDistinctUsableAndReused() {
    long mappedBefore = VirtualMemory.mappedBytes();
    try (StackPool pool = new StackPool(CONFIG)) {
      Set<Long> tops = new HashSet<>();
      for (int round = 0; round < 200; round++) {
        List<GuestStack> stacks = new ArrayList<>();
        for (int i = 0; i < CONFIG.stackSlots(); i++) {
          GuestStack stack = pool.allocate();
          stacks.add(stack);
          tops.add(stack.top());
          assertThat(stack.top() % 16).isZero();
          assertThat(stack.top() - stack.limit()).isGreaterThanOrEqualTo(CONFIG.stackBytes());
          RawMemory.putLong(stack.top() - 8, round);
          RawMemory.putLong(stack.limit() - GuestStack.HEAD_ROOM_BYTES, i);
        }
        assertThat(stacks.stream().map(GuestStack::top)).doesNotHaveDuplicates();
        stacks.forEach(GuestStack::close);
      }
      assertThat(tops).hasSize(CONFIG.stackSlots());
      assertThat(pool.metrics().live()).isZero();
    }
    assertThat(VirtualMemory.mappedBytes()).isEqualTo(mappedBefore);
  }

  @Test
  void exhaustionIsTypedAndAWaiterIsWoken() {
    try (StackPool pool = new StackPool(PoolConfig.DEFAULT.withSlots(1, 1))) {
      GuestStack only = pool.allocate();
      assertThatThrownBy(pool::allocate)
          .isInstanceOf(AllocationException.class)
          .hasMessageContaining("all 1 pooled stacks are in use");
      var waiter = pool.line().join("a", 1).toCompletableFuture();
      assertThat(waiter).isNotDone();
      only.close();
      assertThat(waiter).isCompleted();
      assertThatThrownBy(only::close).isInstanceOf(IllegalStateException.class);
    }
  }
}
