package dev.troupe.actors.call;

import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.FunctionAccount;
import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.admission.Quota;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.call.IdleInstances.Leased;
import dev.troupe.actors.port.BadCallException;
import dev.troupe.actors.port.CallFiber;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallOutput;
import dev.troupe.actors.port.CallStreams;
import dev.troupe.actors.port.Claimant;
import dev.troupe.actors.port.FiberState;
import dev.troupe.actors.port.FunctionInstance;
import dev.troupe.actors.port.GuestLog;
import dev.troupe.actors.port.GuestTrap;
import dev.troupe.actors.port.LoadedModule;
import dev.troupe.actors.port.Opened;
import dev.troupe.actors.port.TrapReason;
import dev.troupe.scheduler.SliceOutcome;
import dev.troupe.scheduler.Task;
import dev.troupe.scheduler.TaskEnd;
import dev.troupe.scheduler.TaskHandle;
import dev.troupe.scheduler.TaskReport;
import dev.troupe.scheduler.WorkerContext;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Runs one call as a task of the scheduler: takes an instance, runs the fiber slice by slice,
 * answers, and takes the instance apart if no other call can have it.
 *
 * <p>The scheduler orders all calls of {@link #run} and {@link #ended}, so the fields need no lock.
 */
public final class CallTask implements Task {

  /**
   * What the task works with.
   *
   * @param module module to run
   * @param sha256 its digest
   * @param account limits of its function, and how many of its calls run
   * @param idle where a reusable instance goes
   * @param callsPerInstance calls that one instance may serve
   */
  public record Version(
      LoadedModule module,
      String sha256,
      FunctionAccount account,
      IdleInstances idle,
      int callsPerInstance) {}

  /** Told of the end of a call. */
  @FunctionalInterface
  public interface Listener {
    /**
     * On a worker, after the instance was given back to the tenant's budget and before the call is
     * answered.
     *
     * @param fuel that the guest used, whatever the answer is
     */
    void finished(Call call, FunctionAccount account, CallAnswer answer, long fuel);
  }

  private final Call call;
  private final Version version;
  private final InstanceLease lease;
  private final Claimant claimant;
  private final int earlierCalls;
  private final long submittedNanos;
  private final Listener listener;

  private @Nullable CompletionStage<?> place;
  private @Nullable String refusal;
  private @Nullable FunctionInstance instance;
  private @Nullable CallFiber fiber;
  private @Nullable CallOutput output;
  private @Nullable GuestTrap trap;
  private @Nullable BadCallException badCall;
  private long responseBytes;
  private boolean tooLarge;
  private boolean coldStart;

  /** Those with the least answer that were in force while the call ran. Guarded by this object. */
  private @Nullable EffectiveLimits answerLimits;

  /**
   * A task for {@code call}.
   *
   * @param warm an idle instance, or null to open a new one
   * @param lease what the instance holds of the budget; the task gives it back
   * @param claimant on whose account it takes what all tenants share
   * @param listener told of the end
   */
  public CallTask(
      Call call,
      Version version,
      @Nullable Leased warm,
      InstanceLease lease,
      Claimant claimant,
      Listener listener) {
    this.call = call;
    this.version = version;
    this.lease = lease;
    this.claimant = claimant;
    this.instance = warm == null ? null : warm.instance();
    this.earlierCalls = warm == null ? 0 : warm.calls();
    this.submittedNanos = System.nanoTime();
    this.listener = listener;
  }

  @Override
  public SliceOutcome run(WorkerContext context) {
    if (fiber == null) {
      SliceOutcome stop = begin();
      if (stop != null) {
        return stop;
      }
    }
    CallFiber running = fiber;
    if (running == null) {
      throw new IllegalStateException("a call that began has no fiber");
    }
    return switch (running.resume(context.workerIndex())) {
      case FiberState.Interrupted _ -> SliceOutcome.PREEMPTED;
      case FiberState.Waiting waiting -> new SliceOutcome.ParkedOn(waiting.until());
      case FiberState.Returned returned -> {
        output = returned.output();
        responseBytes = returned.output().byteCount();
        yield SliceOutcome.DONE;
      }
      case FiberState.TooLarge answer -> {
        responseBytes = answer.bytes();
        tooLarge = true;
        yield SliceOutcome.DONE;
      }
      case FiberState.Trapped trapped -> {
        trap = trapped.trap();
        yield SliceOutcome.DONE;
      }
    };
  }

  /** Gets an instance and a fiber. Returns why the slice ends here, or null when it goes on. */
  private @Nullable SliceOutcome begin() {
    FunctionInstance ready = instance;
    if (ready == null) {
      CompletionStage<?> turn = place;
      // Nobody waits any more for a place that has become free.
      place = null;
      CallMemoryGate gate = new CallMemoryGate(lease, call.limits().memoryBytes());
      switch (version.module().open(gate, claimant, turn)) {
        case Opened.Ready(var opened) -> ready = opened;
        case Opened.Full(var until) -> {
          place = until;
          return new SliceOutcome.ParkedOn(until);
        }
        case Opened.Refused(var message) -> {
          refusal = message;
          return SliceOutcome.DONE;
        }
        case Opened.Gone() -> {
          refusal = "the version is deleted";
          return SliceOutcome.DONE;
        }
      }
      instance = ready;
      coldStart = !ready.inWarmSlot();
    }
    try {
      FunctionAccount account = version.account();
      long fuel = account.limits().value(Quota.FUEL);
      long most = boundAnswer();
      fiber = ready.start(call.request().with(account.program()).within(fuel, most));
      return null;
    } catch (BadCallException e) {
      badCall = e;
      return SliceOutcome.DONE;
    }
  }

  @Override
  public void ended(TaskReport report) {
    CallAnswer answer;
    long fuel = 0;
    try {
      answer = answer(report);
      // Now, before anybody else can have the instance.
      fuel = fuelUsed().orElse(0);
    } catch (RuntimeException | Error failure) {
      answer = new CallAnswer.Failed(failure);
    }
    FunctionInstance used = null;
    try {
      used = keepOrRelease(report);
    } finally {
      try {
        listener.finished(call, version.account(), answer, fuel);
        boolean _ = call.complete(answer);
      } finally {
        // Only now, when nobody waits for the answer any more.
        if (used != null) {
          used.close();
        }
      }
    }
  }

  private CallAnswer answer(TaskReport report) {
    return switch (report.end()) {
      case DONE -> done(report);
      case CANCELLED -> cancelled(report);
      case DEADLINE_EXCEEDED ->
          fiber == null
              ? new CallAnswer.TooLate(System.nanoTime() - call.arrivalNanos())
              : stopped(
                  report,
                  TrapReason.DEADLINE_EXCEEDED,
                  "the deadline has passed: " + limit(Quota.DEADLINE).describe());
      case CPU_LIMIT_EXCEEDED ->
          stopped(
              report,
              TrapReason.CPU_LIMIT_EXCEEDED,
              "the processor time is used up: " + limit(Quota.CPU_TIME).describe());
      case SHUT_DOWN -> {
        stop(TrapReason.CANCELLED, "the server shuts down");
        yield new CallAnswer.Unavailable("the server shuts down");
      }
      case FAILED -> {
        stop(TrapReason.HOST_ERROR, "internal error");
        Throwable failure = report.failure();
        yield new CallAnswer.Failed(
            failure != null ? failure : new IllegalStateException("a failure without a cause"));
      }
    };
  }

  private CallAnswer cancelled(TaskReport report) {
    if (fiber == null) {
      return call.withoutRun();
    }
    CallAnswer stopped = stopped(report, TrapReason.CANCELLED, "the call was cancelled");
    return call.refusal() == null ? stopped : call.withoutRun();
  }

  private CallAnswer done(TaskReport report) {
    if (refusal != null) {
      return new CallAnswer.Unavailable(refusal);
    }
    if (badCall != null) {
      return new CallAnswer.Invalid(String.valueOf(badCall.getMessage()));
    }
    if (trap != null) {
      return new CallAnswer.Trapped(explained(trap), stats(report));
    }
    EffectiveLimits limits = answerLimits();
    if (tooLarge || responseBytes > limits.value(Quota.RESPONSE_BYTES)) {
      return new CallAnswer.Refused(
          Refusal.of(limits.limit(Quota.RESPONSE_BYTES), responseBytes, null));
    }
    if (output == null) {
      throw new IllegalStateException("a call that is done has neither output nor trap");
    }
    return new CallAnswer.Returned(output, stats(report));
  }

  /** With the largest answer that is allowed now: never more than before. */
  private synchronized EffectiveLimits answerLimits() {
    EffectiveLimits now = call.within(version.account().limits());
    EffectiveLimits least = answerLimits;
    if (least == null || now.value(Quota.RESPONSE_BYTES) < least.value(Quota.RESPONSE_BYTES)) {
      least = now;
      answerLimits = least;
    }
    return least;
  }

  /** The limit in force for this call, and who set it. */
  private EffectiveLimits.Limit limit(Quota quota) {
    return call.within(version.account().limits()).limit(quota);
  }

  /** A trap at a limit names the limit. */
  private GuestTrap explained(GuestTrap bare) {
    Refusal memory = lease.lastRefusal();
    String reason =
        bare.reason() == TrapReason.MEMORY_LIMIT && memory != null
            ? memory.message()
            : bare.reason() == TrapReason.OUT_OF_FUEL ? limit(Quota.FUEL).describe() : null;
    return reason == null ? bare : bare.saying(bare.message() + ": " + reason);
  }

  /** Acts on a call that runs when limits were lowered; never allows it more. */
  public void lowerLimits(TaskHandle handle) {
    EffectiveLimits limits = version.account().limits();
    handle.lowerLimits(
        Math.max(0, call.remainingNanos(limits, submittedNanos)), call.cpuLimitNanos(limits));
    long _ = boundAnswer();
  }

  /** The most that the answer may be, and its stream's bound: one at a time, so that none rises. */
  private synchronized long boundAnswer() {
    long most = answerLimits().value(Quota.RESPONSE_BYTES);
    if (call.request().input() instanceof CallInput.Streams(CallStreams streams)) {
      streams.limitOut(most);
    }
    return most;
  }

  private CallAnswer stopped(TaskReport report, TrapReason reason, String message) {
    GuestTrap stopTrap = stop(reason, message);
    return new CallAnswer.Trapped(stopTrap, stats(report));
  }

  private GuestTrap stop(TrapReason reason, String message) {
    CallFiber running = fiber;
    boolean live = running != null && output == null && trap == null;
    return live && running != null
        ? running.stop(reason, message)
        : new GuestTrap(reason, message, List.of());
  }

  private OptionalLong fuelUsed() {
    return fiber == null ? OptionalLong.empty() : fiber.fuelUsed();
  }

  private CallStats stats(TaskReport report) {
    long submitNanos = submittedNanos - call.arrivalNanos();
    long endNanos = System.nanoTime() - call.arrivalNanos();
    long queueNanos = submitNanos + report.queuedNanos();
    return new CallStats(
        queueNanos,
        Math.max(0, endNanos - queueNanos),
        report.cpuNanos(),
        fuelUsed(),
        lease.bytes(),
        coldStart,
        version.sha256(),
        report.slices(),
        report.preemptions(),
        fiber == null ? GuestLog.EMPTY : fiber.log());
  }

  /**
   * Keeps the instance for the next call, or gives its part of the budget back.
   *
   * @return the instance that must be closed, or null
   */
  private @Nullable FunctionInstance keepOrRelease(TaskReport report) {
    CompletionStage<?> waitedFor = place;
    if (waitedFor != null) {
      boolean _ = waitedFor.toCompletableFuture().cancel(false);
    }
    FunctionInstance used = instance;
    boolean again =
        used != null
            && report.end() == TaskEnd.DONE
            && output != null
            && earlierCalls + 1 < version.callsPerInstance()
            // The limit of this call would bind the next one too.
            && call.limits().memoryBytes().isEmpty()
            && lease.isWithinLimits()
            && used.reusable();
    if (again && used != null) {
      used.rest();
      version.idle().putBack(new Leased(used, lease, earlierCalls + 1, System.nanoTime()));
      return null;
    }
    lease.release();
    return used;
  }
}
