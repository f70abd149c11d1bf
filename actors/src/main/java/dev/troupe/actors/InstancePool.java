package dev.troupe.actors;

import dev.troupe.actors.admission.FunctionAccount;
import dev.troupe.actors.admission.InstanceLease;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallTask;
import dev.troupe.actors.call.IdleInstances;
import dev.troupe.actors.port.Claimant;
import dev.troupe.actors.port.LoadedModule;
import dev.troupe.scheduler.FunctionQueue;
import dev.troupe.scheduler.SubmitOptions;
import dev.troupe.scheduler.SubmitResult;
import java.time.Duration;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/** Owns the idle instances of one version: closes those that got old, and all when it stops. */
final class InstancePool extends AbstractBehavior<InstancePool.Command> {

  /** The protocol. */
  sealed interface Command {
    /** Closes the instances that have been idle for too long. */
    record EvictOld() implements Command {}
  }

  /**
   * The thread-safe part of the pool, through which calls are started without a message.
   *
   * @param version what runs
   * @param queue the function's queue in the scheduler
   */
  record Handle(CallTask.Version version, FunctionQueue queue) {

    static Handle of(
        LoadedModule module,
        String sha256,
        FunctionAccount account,
        FunctionQueue queue,
        PlatformSettings settings) {
      IdleInstances idle = new IdleInstances(settings.idleInstancesPerVersion());
      return new Handle(
          new CallTask.Version(module, sha256, account, idle, settings.callsPerInstance()), queue);
    }

    FunctionAccount account() {
      return version.account();
    }

    IdleInstances idle() {
      return version.idle();
    }

    LoadedModule module() {
      return version.module();
    }

    /**
     * Hands the call to the scheduler, which answers it.
     *
     * @param claimant on whose account it takes what all tenants share
     * @param listener told when the instance was given back; not called when refused
     * @return what the scheduler said; when it refused, the instance was given back
     */
    SubmitResult run(
        Call call,
        IdleInstances.@Nullable Leased warm,
        InstanceLease lease,
        SubmitOptions options,
        Claimant claimant,
        CallTask.Listener listener) {
      SubmitResult result =
          queue.submit(new CallTask(call, version, warm, lease, claimant, listener), options);
      switch (result) {
        case SubmitResult.Accepted accepted -> call.runsAs(accepted.handle());
        case SubmitResult.QueueFull _, SubmitResult.Closed _ -> {
          if (warm == null) {
            lease.release();
          } else {
            idle().putBack(warm);
          }
        }
      }
      return result;
    }
  }

  private static final int CHECKS_PER_TIMEOUT = 4;

  private final Handle handle;
  private final Duration idleTimeout;

  private InstancePool(ActorContext<Command> context, Handle handle, Duration idleTimeout) {
    super(context);
    this.handle = handle;
    this.idleTimeout = idleTimeout;
  }

  static Behavior<Command> create(Handle handle, PlatformSettings settings) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          // Without reuse nothing is ever idle: then the pool has nothing to look after.
          if (settings.callsPerInstance() > 1) {
            startTimer(timers, settings.idleTimeout());
          }
          return new InstancePool(context, handle, settings.idleTimeout());
        }));
  }

  private static void startTimer(TimerScheduler<Command> timers, Duration idleTimeout) {
    timers.startTimerWithFixedDelay(
        new Command.EvictOld(), idleTimeout.dividedBy(CHECKS_PER_TIMEOUT));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Command.EvictOld.class, message -> onEvictOld())
        .onSignal(PostStop.class, signal -> onStop())
        .build();
  }

  private Behavior<Command> onEvictOld() {
    handle.idle().evictIdleSince(System.nanoTime() - idleTimeout.toNanos());
    return this;
  }

  private Behavior<Command> onStop() {
    handle.idle().close();
    return this;
  }
}
