package dev.troupe.load;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvocationServiceGrpc.InvocationServiceFutureStub;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream of calls. Closed model: so many calls are always in flight, each answer starts the next;
 * latency is what the caller waits. Open model: calls start at fixed times whatever happens to the
 * earlier ones, and latency counts from the intended start, so that a stall is not hidden.
 *
 * <p>A shed call is repeated after the delay that the server asks for.
 */
public final class Generator {
  private static final long DEFAULT_RETRY_MILLIS = 20;

  private final InvocationServiceFutureStub stub;
  private final Workload workload;
  private final Tally tally;
  private final ScheduledExecutorService timer;
  private final AtomicInteger inFlight = new AtomicInteger();
  private final AtomicLong sequence = new AtomicLong();
  private volatile boolean stopped;

  /** A generator over a channel; {@code timer} runs retries and open-model starts. */
  public Generator(
      Channel channel, Workload workload, Tally tally, ScheduledExecutorService timer) {
    this.stub = InvocationServiceGrpc.newFutureStub(channel);
    this.workload = workload;
    this.tally = tally;
    this.timer = timer;
  }

  /** Keeps this many calls in flight until {@link #stop}. */
  public void startClosed(int calls) {
    for (int i = 0; i < calls; i++) {
      call(System.nanoTime(), true);
    }
  }

  /** Starts this many calls a second until {@link #stop}. */
  public void startOpen(double callsPerSecond) {
    long intervalNanos = Math.max(1, (long) (1e9 / callsPerSecond));
    tick(System.nanoTime(), intervalNanos);
  }

  private void tick(long nextNanos, long intervalNanos) {
    long due = nextNanos;
    while (!stopped && due <= System.nanoTime()) {
      call(due, false);
      due += intervalNanos;
    }
    if (!stopped) {
      long next = due;
      schedule(() -> tick(next, intervalNanos), Math.max(0, due - System.nanoTime()));
    }
  }

  /** Starts no more calls; those in flight end by themselves. */
  public void stop() {
    stopped = true;
  }

  /** Calls that have not been answered. */
  public int inFlight() {
    return inFlight.get();
  }

  private void call(long intendedNanos, boolean closed) {
    if (stopped) {
      return;
    }
    long number = sequence.getAndIncrement();
    InvokeRequest request = workload.request(number);
    inFlight.incrementAndGet();
    Futures.addCallback(
        stub.invoke(request),
        new FutureCallback<InvokeResponse>() {
          @Override
          public void onSuccess(@Nullable InvokeResponse response) {
            inFlight.decrementAndGet();
            if (response == null) {
              tally.error("no answer");
              return;
            }
            record(number, response, System.nanoTime() - intendedNanos);
            if (closed) {
              next();
            }
          }

          @Override
          public void onFailure(Throwable failure) {
            inFlight.decrementAndGet();
            boolean again = refused(failure);
            if (closed && again) {
              schedule(
                  () -> call(System.nanoTime(), true),
                  TimeUnit.MILLISECONDS.toNanos(retryMillis(failure)));
            }
          }
        },
        Runnable::run);
  }

  // From a gRPC thread: a fresh stack, so that immediate answers do not nest.
  private void next() {
    schedule(() -> call(System.nanoTime(), true), 0);
  }

  private void schedule(Runnable task, long delayNanos) {
    if (!timer.isShutdown()) {
      var unused = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void record(long number, InvokeResponse response, long latencyNanos) {
    if (response.getOutcomeCase() == InvokeResponse.OutcomeCase.TRAP) {
      tally.trap(response.getTrap().getKind().name().replace("TRAP_KIND_", ""));
      return;
    }
    tally.completed(latencyNanos);
    if (!workload.isRight(number, response)) {
      tally.wrong();
    }
  }

  /** Counts a failure; whether it makes sense to go on. */
  private boolean refused(Throwable failure) {
    Status status = Status.fromThrowable(failure);
    if (status.getCode() == Status.Code.RESOURCE_EXHAUSTED) {
      tally.shed();
      return true;
    }
    if (!stopped) {
      tally.error(status.getCode() + ": " + status.getDescription());
    }
    return status.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  private static long retryMillis(Throwable failure) {
    com.google.rpc.@Nullable Status details = StatusProto.fromThrowable(failure);
    if (details != null) {
      for (Any any : details.getDetailsList()) {
        if (any.is(RetryInfo.class)) {
          try {
            return Math.clamp(
                Durations.toMillis(any.unpack(RetryInfo.class).getRetryDelay()), 1, 5_000);
          } catch (InvalidProtocolBufferException e) {
            return DEFAULT_RETRY_MILLIS;
          }
        }
      }
    }
    return DEFAULT_RETRY_MILLIS;
  }
}
