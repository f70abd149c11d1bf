package dev.troupe.load.client;

import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.load.schedule.Arrivals;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's part of a stream. All state is the loop's; methods named "on loop" run there.
 */
final class Lane {
  /**
   * Calls that are due closer together are started together: one wake-up for all of them. Latency
   * includes what they waited for it.
   */
  private static final long RESOLUTION_NANOS = 200_000;

  /** Calls started in a row, before answers are looked at again. */
  private static final int BATCH = 256;

  private static final long ERROR_PAUSE_NANOS = 50_000_000;
  private static final long SHED_PAUSE_NANOS = 20_000_000;
  private static final long LONGEST_PAUSE_NANOS = 5_000_000_000L;

  private final EventLoop loop;
  private final List<? extends Channel> channels;
  private final CallPlan plan;
  private final Window window;
  private final int index;
  private final int lanes;
  private final SplittableRandom random;
  private final CallOptions options;

  private final CallCounts counts = new CallCounts();
  private Histogram interval = CallCounts.newHistogram();
  private long sequence;
  private int inFlight;
  private int turn;
  private boolean stopped;
  private long dueNanos;
  private Arrivals.@Nullable Sequence arrivals;
  private @Nullable Attempt outstanding;

  Lane(Connections.Loop loop, CallPlan plan, Window window, int index, int lanes) {
    this.loop = loop.eventLoop();
    this.channels = loop.channels();
    this.plan = plan;
    this.window = window;
    this.index = index;
    this.lanes = lanes;
    this.random = new SplittableRandom(index);
    this.options = CallOptions.DEFAULT;
    this.sequence = index;
  }

  void start() {
    loop.execute(this::beginOnLoop);
  }

  void stop() {
    loop.execute(this::stopOnLoop);
  }

  /** Calls without an answer become unanswered, and are cancelled. */
  void abandon() {
    loop.execute(this::abandonOnLoop);
  }

  /** What happened so far; latencies since the last such question. */
  CompletableFuture<StreamSample> sample() {
    CompletableFuture<StreamSample> result = new CompletableFuture<>();
    loop.execute(() -> {
      result.complete(new StreamSample(counts.copy(), inFlight, interval));
      interval = CallCounts.newHistogram();
    });
    return result;
  }

  private void beginOnLoop() {
    switch (plan.pace()) {
      case Pace.Open open -> {
        Arrivals.Sequence all = open.arrivals().sequence();
        arrivals = all;
        skip(all, index);
        dueNanos = nextDue(all);
        tickOnLoop();
      }
      case Pace.Closed closed -> callersOnLoop(plan.share(closed.callers(), index, lanes));
    }
  }

  private void callersOnLoop(int callers) {
    for (int i = 0; i < Math.min(callers, BATCH); i++) {
      callOnLoop(System.nanoTime());
    }
    if (callers > BATCH) {
      afterInput(() -> callersOnLoop(callers - BATCH));
    }
  }

  private void tickOnLoop() {
    Arrivals.Sequence all = arrivals;
    if (stopped || all == null) {
      return;
    }
    int started = 0;
    while (dueNanos != Arrivals.NEVER
        && window.isOpenAt(dueNanos)
        && dueNanos - System.nanoTime() <= 0) {
      if (started++ == BATCH) {
        afterInput(this::tickOnLoop);
        return;
      }
      callOnLoop(dueNanos);
      skip(all, lanes - 1);
      dueNanos = nextDue(all);
    }
    if (dueNanos != Arrivals.NEVER && window.isOpenAt(dueNanos)) {
      long delay = Math.max(RESOLUTION_NANOS, dueNanos - System.nanoTime());
      var unused = loop.schedule(this::tickOnLoop, delay, TimeUnit.NANOSECONDS);
    }
  }

  // A task that is submitted runs before the loop looks at its connections again, one that is
  // scheduled runs after.
  private void afterInput(Runnable task) {
    var unused = loop.schedule(task, 1, TimeUnit.NANOSECONDS);
  }

  private long nextDue(Arrivals.Sequence all) {
    long next = all.nextNanos();
    return next == Arrivals.NEVER ? next : window.startNanos() + next;
  }

  private static void skip(Arrivals.Sequence all, int arrivals) {
    for (int i = 0; i < arrivals; i++) {
      long unused = all.nextNanos();
    }
  }

  private void callOnLoop(long intendedNanos) {
    if (stopped || !window.isOpenAt(intendedNanos)) {
      return;
    }
    long number = sequence;
    sequence += lanes;
    boolean measured = window.isMeasured(intendedNanos);
    counts.due(measured);
    if (inFlight >= Math.max(1, plan.share(plan.maxOutstanding(), index, lanes))) {
      if (measured) {
        counts.dropped();
      }
      return;
    }
    Attempt attempt = new Attempt(number, intendedNanos, System.nanoTime());
    if (measured) {
      counts.sent(attempt.sentNanos - intendedNanos);
    }
    attempt.link();
    attempt.begin();
  }

  /** What was due and could not be sent in time counts as dropped, so that nothing is hidden. */
  private void stopOnLoop() {
    Arrivals.Sequence all = arrivals;
    long now = System.nanoTime();
    while (!stopped
        && all != null
        && dueNanos != Arrivals.NEVER
        && window.isOpenAt(dueNanos)
        && dueNanos - now <= 0) {
      boolean measured = window.isMeasured(dueNanos);
      counts.due(measured);
      if (measured) {
        counts.dropped();
      }
      skip(all, lanes - 1);
      dueNanos = nextDue(all);
    }
    stopped = true;
  }

  private void abandonOnLoop() {
    stopOnLoop();
    while (outstanding != null) {
      Attempt attempt = outstanding;
      if (window.isMeasured(attempt.intendedNanos)) {
        counts.unanswered();
      }
      attempt.unlink();
      attempt.call.cancel("nobody waits any more", null);
    }
  }

  /** Of a closed stream: this caller's next call. */
  private void again(long pauseNanos) {
    if (!(plan.pace() instanceof Pace.Closed) || stopped) {
      return;
    }
    if (pauseNanos <= 0) {
      callOnLoop(System.nanoTime());
    } else {
      var unused =
          loop.schedule(
              () -> callOnLoop(System.nanoTime()),
              Math.min(pauseNanos, LONGEST_PAUSE_NANOS),
              TimeUnit.NANOSECONDS);
    }
  }

  private long thinkNanos() {
    return plan.pace() instanceof Pace.Closed closed ? closed.thinkNanos() : 0;
  }

  /** A call in flight; linked to the others of its lane. */
  private final class Attempt extends ClientCall.Listener<InvokeResponse> {
    private final long number;
    private final long intendedNanos;
    private final long sentNanos;
    private final ClientCall<InvokeRequest, InvokeResponse> call;
    private @Nullable InvokeResponse response;
    private @Nullable Attempt next;
    private @Nullable Attempt previous;
    private boolean linked;
    private boolean cancelled;

    Attempt(long number, long intendedNanos, long sentNanos) {
      this.number = number;
      this.intendedNanos = intendedNanos;
      this.sentNanos = sentNanos;
      turn = turn + 1 == channels.size() ? 0 : turn + 1;
      CallOptions callOptions =
          plan.deadlineNanos() == 0
              ? options
              : options.withDeadlineAfter(plan.deadlineNanos(), TimeUnit.NANOSECONDS);
      call = channels.get(turn).newCall(InvocationServiceGrpc.getInvokeMethod(), callOptions);
    }

    void begin() {
      call.start(this, new Metadata());
      if (plan.readDelayNanos() == 0) {
        call.request(2);
      } else {
        var unused =
            loop.schedule(() -> call.request(2), plan.readDelayNanos(), TimeUnit.NANOSECONDS);
      }
      call.sendMessage(plan.workload().request(number));
      call.halfClose();
      if (plan.cancelAfterNanos() > 0 && random.nextDouble() < plan.cancelFraction()) {
        var unused = loop.schedule(this::cancel, plan.cancelAfterNanos(), TimeUnit.NANOSECONDS);
      }
    }

    private void cancel() {
      if (linked) {
        cancelled = true;
        call.cancel("cancelled by the load", null);
      }
    }

    @Override
    public void onMessage(InvokeResponse message) {
      response = message;
    }

    // Deadlines and broken connections are told on other threads.
    @Override
    public void onClose(Status status, Metadata trailers) {
      if (loop.inEventLoop()) {
        ended(status, trailers);
      } else {
        loop.execute(() -> ended(status, trailers));
      }
    }

    private void ended(Status status, Metadata trailers) {
      if (!linked) {
        return;
      }
      unlink();
      long now = System.nanoTime();
      InvokeResponse answer = response;
      boolean measured = window.isMeasured(intendedNanos);
      boolean good = status.isOk() && answer != null && !answer.hasTrap();
      if (good) {
        interval.recordValue(CallCounts.recordable(now - intendedNanos));
      }
      counts.answered(good, window.isMeasured(now));
      if (cancelled) {
        if (measured) {
          counts.cancelled();
        }
        again(thinkNanos());
      } else if (status.isOk()) {
        if (measured) {
          count(answer, now - intendedNanos);
        }
        again(thinkNanos());
      } else {
        Failure failure = Failure.of(status, trailers);
        if (measured) {
          count(failure);
        }
        again(pauseNanos(failure));
      }
    }

    private void count(@Nullable InvokeResponse answer, long latencyNanos) {
      if (answer == null) {
        counts.error("NO_ANSWER", "", false);
      } else if (answer.hasTrap()) {
        counts.trap(answer.getTrap().getKind().name().substring("TRAP_KIND_".length()));
      } else {
        counts.ok(
            latencyNanos,
            plan.workload().isRight(number, answer),
            answer.getStats().getColdStart());
      }
    }

    private void count(Failure failure) {
      if (failure.isShed()) {
        counts.shed(failure.shedName());
      } else {
        counts.error(
            failure.reason(), failure.message(), failure.code() == Status.Code.DEADLINE_EXCEEDED);
      }
    }

    private long pauseNanos(Failure failure) {
      if (failure.isShed()) {
        return failure.retryNanos() > 0 ? failure.retryNanos() : SHED_PAUSE_NANOS;
      }
      return failure.code() == Status.Code.DEADLINE_EXCEEDED ? thinkNanos() : ERROR_PAUSE_NANOS;
    }

    void link() {
      linked = true;
      inFlight++;
      next = outstanding;
      if (next != null) {
        next.previous = this;
      }
      outstanding = this;
    }

    void unlink() {
      linked = false;
      inFlight--;
      if (previous == null) {
        outstanding = next;
      } else {
        previous.next = next;
      }
      if (next != null) {
        next.previous = previous;
      }
      next = null;
      previous = null;
    }
  }
}
