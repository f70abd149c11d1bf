package dev.troupe.actors.call;

import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.Level;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.scheduler.TaskHandle;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its arrival to its answer. Shared between the caller, the queue and the worker;
 * thread-safe.
 *
 * <p>The answer comes on whatever thread decides it, mostly a worker of the scheduler: what depends
 * on it must be short and must not block.
 */
public final class Call {
  private final String functionId;
  private final @Nullable String sha256;
  private final CallRequest request;
  private final CallLimits limits;
  private final long arrivalNanos;

  // Guarded by this object.
  private @Nullable CallAnswer answer;
  private @Nullable Consumer<CallAnswer> listener;
  private boolean cancelled;
  private @Nullable Refusal refusal;
  private @Nullable TaskHandle task;
  private @Nullable EffectiveLimits functionLimits;
  private @Nullable EffectiveLimits ownLimits;

  /**
   * A call that arrives now.
   *
   * @param sha256 exact version, or null for the current one
   * @param arrivalNanos {@link System#nanoTime()}
   */
  public Call(
      String functionId,
      @Nullable String sha256,
      CallRequest request,
      CallLimits limits,
      long arrivalNanos) {
    this.functionId = functionId;
    this.sha256 = sha256;
    this.request = request;
    this.limits = limits;
    this.arrivalNanos = arrivalNanos;
  }

  /** Last part of the function's name. */
  public String functionId() {
    return functionId;
  }

  /** Digest of the version to run, or null for the current one. */
  public @Nullable String sha256() {
    return sha256;
  }

  /** What to run. */
  public CallRequest request() {
    return request;
  }

  /** What the caller allows. */
  public CallLimits limits() {
    return limits;
  }

  /** The limits in force for this call: those of its function and its own. Made once for each. */
  public synchronized EffectiveLimits within(EffectiveLimits function) {
    EffectiveLimits known = ownLimits;
    EffectiveLimits before = functionLimits;
    if (known == null || before == null || !function.equals(before)) {
      known = function.and(Level.CALL, limits.limits());
      functionLimits = function;
      ownLimits = known;
    }
    return known;
  }

  /** When it came, by {@link System#nanoTime()}. */
  public long arrivalNanos() {
    return arrivalNanos;
  }

  /** What is left of the time that the call may take from its arrival. */
  public long remainingNanos(EffectiveLimits function, long nowNanos) {
    long timeoutNanos =
        Math.min(function.value(Quota.DEADLINE), CallLimits.nanos(limits.deadline()));
    return timeoutNanos - (nowNanos - arrivalNanos);
  }

  /** What is left of the time that the call may wait for a place; its deadline included. */
  public long remainingWaitNanos(EffectiveLimits function, long nowNanos) {
    long waitNanos =
        Math.min(function.value(Quota.QUEUE_WAIT), CallLimits.nanos(limits.queueWait()));
    return Math.min(remainingNanos(function, nowNanos), waitNanos - (nowNanos - arrivalNanos));
  }

  /** Processor time that the call may use. */
  public long cpuLimitNanos(EffectiveLimits function) {
    return Math.min(function.value(Quota.CPU_TIME), CallLimits.nanos(limits.cpuTime()));
  }

  /** Completes exactly once, never exceptionally. */
  public CompletionStage<CallAnswer> answer() {
    CompletableFuture<CallAnswer> stage = new CompletableFuture<>();
    whenAnswered(stage::complete);
    return stage.minimalCompletionStage();
  }

  /**
   * Tells {@code newListener} the answer, once: now if there is one. It must be short, must not
   * block and must not throw.
   */
  public void whenAnswered(Consumer<CallAnswer> newListener) {
    CallAnswer known;
    synchronized (this) {
      known = answer;
      if (known == null) {
        Consumer<CallAnswer> earlier = listener;
        listener = earlier == null ? newListener : earlier.andThen(newListener);
      }
    }
    if (known != null) {
      newListener.accept(known);
    }
  }

  /** Answers the call. Later answers are ignored. Returns whether this was the first. */
  public boolean complete(CallAnswer value) {
    Consumer<CallAnswer> told;
    synchronized (this) {
      if (answer != null) {
        return false;
      }
      answer = value;
      told = listener;
      listener = null;
    }
    if (told != null) {
      told.accept(value);
    }
    return true;
  }

  /** Whether the call has its answer. */
  public synchronized boolean isAnswered() {
    return answer != null;
  }

  /**
   * Stops the call if it runs; whoever holds it in a queue must also be told. A call that has its
   * answer is not changed.
   */
  public void cancel() {
    TaskHandle running;
    synchronized (this) {
      cancelled = true;
      running = task;
    }
    if (running != null) {
      running.cancel();
    }
  }

  /** The same because of a quota, which becomes the answer. */
  public void refuse(Refusal why) {
    synchronized (this) {
      if (!cancelled) {
        refusal = why;
      }
    }
    cancel();
  }

  /** Whether {@link #cancel()} was called. */
  public synchronized boolean isCancelled() {
    return cancelled;
  }

  /** Why {@link #refuse} stopped the call, or null. */
  public synchronized @Nullable Refusal refusal() {
    return refusal;
  }

  /** The answer to a call that was cancelled before it ran. */
  public CallAnswer withoutRun() {
    Refusal why = refusal();
    return why == null ? new CallAnswer.Cancelled() : new CallAnswer.Refused(why);
  }

  /** The call was handed to the scheduler. */
  public void runsAs(TaskHandle handle) {
    boolean late;
    synchronized (this) {
      task = handle;
      late = cancelled;
    }
    if (late) {
      handle.cancel();
    }
  }
}
