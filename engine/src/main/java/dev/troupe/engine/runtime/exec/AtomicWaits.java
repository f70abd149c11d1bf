package dev.troupe.engine.runtime.exec;

import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.AllocationException;
import dev.troupe.engine.runtime.HostSlots;
import dev.troupe.engine.runtime.PendingCall;
import dev.troupe.engine.runtime.VmInstance;
import dev.troupe.engine.runtime.VmMemory;
import dev.troupe.engine.runtime.VmSharedMemory;
import dev.troupe.engine.runtime.VmStore;
import dev.troupe.engine.runtime.WaitQueues;
import dev.troupe.engine.runtime.WaitResult;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * {@code memory.atomic.wait} and {@code notify}: compares, queues and wakes. How a fiber waits, by
 * parking or by blocking the embedder's thread, is for {@link ExitLoop} to decide.
 */
final class AtomicWaits {
  private static final int MEMORY = 0;
  private static final int ADDRESS = 1;
  private static final int EXPECTED = 2;
  private static final int TIMEOUT = 3;

  private final VmStore store;

  AtomicWaits(VmStore store) {
    this.store = store;
  }

  /** What became of an attempt to wait: a trap, a waiter, or (neither) a result already written. */
  record Attempt(@Nullable TrapKind trap, WaitQueues.@Nullable Waiter waiter) {
    private static final Attempt OVER = new Attempt(null, null);
  }

  /** Serves a notification: the trap that it ends in, or null. */
  @Nullable TrapKind wake(VmInstance instance) {
    VmMemory memory = instance.memory((int) argument(MEMORY));
    long offset = argument(ADDRESS);
    int most = (int) argument(EXPECTED);
    TrapKind trap = check(memory, offset, Integer.BYTES);
    if (trap == null) {
      VmSharedMemory shared = memory.shared();
      RawMemory.putLong(store.values(), shared == null ? 0 : shared.wake(offset, most));
    }
    return trap;
  }

  /** Begins a wait. */
  Attempt begin(ExitCode code, VmInstance instance) {
    boolean wide = code == ExitCode.MEMORY_WAIT64;
    VmMemory memory = instance.memory((int) argument(MEMORY));
    long offset = argument(ADDRESS);
    long expected = argument(EXPECTED);
    TrapKind trap = check(memory, offset, wide ? Long.BYTES : Integer.BYTES);
    if (trap != null) {
      return new Attempt(trap, null);
    }
    VmSharedMemory shared = memory.shared();
    if (shared == null) {
      return new Attempt(TrapKind.WAIT_ON_UNSHARED_MEMORY, null);
    }
    WaitQueues.Waiter waiter;
    try {
      waiter =
          wide
              ? shared.await64(offset, expected, null)
              : shared.await32(offset, (int) expected, null);
    } catch (AllocationException tooMany) {
      return new Attempt(TrapKind.TOO_MANY_WAITERS, null);
    }
    if (waiter == null) {
      finish(WaitResult.NOT_EQUAL);
      return Attempt.OVER;
    }
    if (timeoutNanos() == 0) {
      waiter.timeOut();
      finish(waiter.join());
      return Attempt.OVER;
    }
    return new Attempt(null, waiter);
  }

  /** How long the guest wants to wait; negative: for ever. */
  long timeoutNanos() {
    return argument(TIMEOUT);
  }

  /** Sees to it that a parked waiter ends in time. */
  void startTimer(WaitQueues.Waiter waiter) {
    long nanos = timeoutNanos();
    if (nanos > 0) {
      waiter.endBy(store.engine().timers().schedule(waiter::timeOut, nanos, TimeUnit.NANOSECONDS));
    }
  }

  /** A parked wait: the guest gets its result when it goes on. */
  PendingCall pending(WaitQueues.Waiter waiter) {
    return new Parked(this, waiter);
  }

  private record Parked(AtomicWaits waits, WaitQueues.Waiter stage) implements PendingCall {
    @Override
    public @Nullable PendingCall resume(HostSlots slots) {
      waits.finish(stage.join());
      return null;
    }
  }

  /** Gives the guest its result. */
  void finish(WaitResult result) {
    RawMemory.putLong(store.values(), result.ordinal());
  }

  private static @Nullable TrapKind check(VmMemory memory, long offset, int bytes) {
    if ((offset & bytes - 1) != 0) {
      return TrapKind.UNALIGNED_ATOMIC;
    }
    return memory.contains(offset, bytes) ? null : TrapKind.MEMORY_OUT_OF_BOUNDS;
  }

  private long argument(int index) {
    return RawMemory.getLong(store.values() + (long) index * StoreContext.VALUE_BYTES);
  }
}
