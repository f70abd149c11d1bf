package dev.troupe.gateway.server;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.services.HealthStatusManager;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way out of a server that serves.
 *
 * <pre>
 *   SERVING --begin--> LAME_DUCK ------> REFUSING ------> OVER
 *                      health says no,   new calls are    nothing is in flight,
 *                      calls are taken   UNAVAILABLE      or time is up
 * </pre>
 *
 * <p>{@link #force} ends the waiting in either phase.
 */
final class Drain {
  /** Where the server is on its way. */
  enum Phase {
    SERVING,
    LAME_DUCK,
    REFUSING,
    OVER
  }

  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final long POLL_NANOS = 10_000_000;

  private final DrainSettings settings;
  private final HealthStatusManager health;
  private final Runnable refuseCalls;
  private final BooleanSupplier quiet;
  private volatile Phase phase = Phase.SERVING;
  private volatile boolean forced;

  /**
   * A drain that has not begun.
   *
   * @param refuseCalls makes the platform refuse new calls
   * @param quiet whether nothing is in flight
   */
  Drain(
      DrainSettings settings,
      HealthStatusManager health,
      Runnable refuseCalls,
      BooleanSupplier quiet) {
    this.settings = settings;
    this.health = health;
    this.refuseCalls = refuseCalls;
    this.quiet = quiet;
  }

  Phase phase() {
    return phase;
  }

  /** Goes all the way; returns whether everything in flight has ended. */
  boolean run() {
    phase = Phase.LAME_DUCK;
    health.enterTerminalState();
    if (!settings.lameDuck().isZero()) {
      LOG.info("health says NOT_SERVING; calls are taken for {} more", settings.lameDuck());
      boolean unused = await(settings.lameDuck(), () -> false);
    }
    LOG.info("draining for at most {}", settings.timeout());
    phase = Phase.REFUSING;
    refuseCalls.run();
    boolean clean = await(settings.timeout(), quiet);
    phase = Phase.OVER;
    if (!clean) {
      LOG.warn(
          "calls are still in flight {}; they are stopped",
          forced ? "and somebody is in a hurry" : "after " + settings.timeout());
    }
    return clean;
  }

  /** Waits no longer. */
  void force() {
    forced = true;
  }

  private boolean await(Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (forced || System.nanoTime() - deadline >= 0) {
        return false;
      }
      LockSupport.parkNanos(POLL_NANOS);
    }
    return true;
  }

  /** Refuses calls that begin too late; those that began before go on. */
  ServerInterceptor gate() {
    return new ServerInterceptor() {
      @Override
      public <Q, A> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        return switch (phase) {
          case SERVING, LAME_DUCK -> next.startCall(call, headers);
          case REFUSING, OVER -> {
            StatusRuntimeException refusal = Statuses.unavailable("the server drains");
            Metadata trailers = refusal.getTrailers();
            call.close(refusal.getStatus(), trailers == null ? new Metadata() : trailers);
            yield new ServerCall.Listener<>() {};
          }
        };
      }
    };
  }
}
