package dev.troupe.engine;

import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.runtime.GrowthGate;
import dev.troupe.engine.runtime.ResourceLimiter;
import dev.troupe.engine.runtime.VmStore;
import dev.troupe.engine.runtime.exec.Interruption;
import dev.troupe.engine.runtime.exec.StoreExecution;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * The unit of isolation: instances, with the host data that their host functions see. Used by one
 * thread at a time; {@link #cancel}, {@link #usage} and {@link #limits} are for any thread. Close
 * it to release its memory: nothing else does.
 *
 * @param <T> the host data
 */
public final class Store<T> implements AutoCloseable {
  private final Engine engine;
  private final T data;
  private final VmStore internal;
  private final StoreExecution execution;
  private long fuelGiven;

  private Store(Engine engine, T data, StoreLimits limits) {
    this.engine = engine;
    this.data = data;
    this.internal = new VmStore(engine.internal(), limits.toVm());
    this.execution = new StoreExecution(internal);
    if (engine.config().tunables().fuel()) {
      RawMemory.putLong(internal.context() + StoreContext.FUEL, 0);
    }
  }

  /** An empty store without limits. */
  public static <T> Store<T> create(Engine engine, T data) {
    return new Store<>(engine, data, StoreLimits.UNLIMITED);
  }

  /** An empty store. */
  public static <T> Store<T> create(Engine engine, T data, StoreLimits limits) {
    return new Store<>(engine, data, limits);
  }

  public Engine engine() {
    return engine;
  }

  /** What host functions see through {@link Caller#data()}. */
  public T data() {
    return data;
  }

  /** Replaces the limits; what is already owned stays. */
  public void limits(StoreLimits limits) {
    internal.limiter().limits(limits.toVm());
  }

  /**
   * Asks {@code gate} before the store takes memory, beyond its own limits: for what several stores
   * share. Set it before the first instance is made.
   */
  public void growthGate(GrowthGate gate) {
    internal.limiter().gate(gate);
  }

  /** What the store owns now. */
  public StoreUsage usage() {
    ResourceLimiter limiter = internal.limiter();
    return new StoreUsage(
        limiter.memoryBytes(),
        limiter.peakMemoryBytes(),
        limiter.tableElements(),
        limiter.instances(),
        engine.config().tunables().fuel() && !internal.isClosed() ? fuelGiven - rawFuel() : 0);
  }

  /** Fuel left; the guest traps when it needs more. */
  public long remainingFuel() {
    requireFuel();
    internal.checkOpen();
    return Math.max(0, rawFuel());
  }

  /** Below zero when the last block that ran was longer than what was left. */
  private long rawFuel() {
    return RawMemory.getLong(internal.context() + StoreContext.FUEL);
  }

  /** Sets the fuel left. A new store of an engine that counts fuel has none. */
  public void setFuel(long fuel) {
    requireFuel();
    if (fuel < 0) {
      throw new IllegalArgumentException("fuel must not be negative");
    }
    internal.checkOpen();
    fuelGiven += fuel - rawFuel();
    RawMemory.putLong(internal.context() + StoreContext.FUEL, fuel);
  }

  private void requireFuel() {
    if (!engine.config().tunables().fuel()) {
      throw new IllegalStateException("the engine does not count fuel");
    }
  }

  /** Calls that run longer than this from now on trap. */
  public void deadlineIn(Duration duration) {
    long nanos = duration.toNanos();
    long now = System.nanoTime();
    long when = now + nanos;
    execution.interruption().deadlineNanos(when == Interruption.NO_DEADLINE ? when - 1 : when);
  }

  /** Nanoseconds to the deadline, not positive when it has passed; the most without one. */
  public long remainingNanos() {
    return execution.interruption().remainingNanos();
  }

  /** Removes the deadline. */
  public void clearDeadline() {
    execution.interruption().deadlineNanos(Interruption.NO_DEADLINE);
  }

  /**
   * Ends the present call with a trap as soon as it can be reached, and every later one. Reaches
   * guest code that is running when it runs under a carrier or a deadline.
   */
  public void cancel(String reason) {
    execution.interruption().cancel(reason);
  }

  /** Whether a call was stopped in the middle of guest code: the store refuses every call then. */
  public boolean isPoisoned() {
    return internal.isPoisoned();
  }

  /** Runs blocking host functions of invocations here instead of on virtual threads. */
  public void blockingExecutor(Executor executor) {
    execution.blockingExecutor(executor);
  }

  /** Gives back the stack that is kept between calls. */
  public void trim() {
    execution.trim();
  }

  /**
   * Writes what is left of the guest after a trap as a WebAssembly core dump: a module with the
   * frames of the trap, all memories, and the globals with numbers (WebAssembly tool conventions,
   * Coredump). Pages that are zero are left out.
   *
   * @throws IOException when it cannot be written
   */
  public void writeCoreDump(String program, TrapException trap, OutputStream out)
      throws IOException {
    internal.checkOpen();
    new CoreDump(program, internal.instances()).write(trap.frames(), out);
  }

  /** What is behind it. */
  VmStore internal() {
    return internal;
  }

  StoreExecution execution() {
    return execution;
  }

  /**
   * Releases everything. Nothing that belonged to the store may be used any more.
   *
   * @throws IllegalStateException when a call is still running or an invocation was not finished
   */
  @Override
  public void close() {
    if (!internal.isClosed()) {
      execution.close();
      internal.close();
    }
  }
}
