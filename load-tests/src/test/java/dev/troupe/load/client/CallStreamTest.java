package dev.troupe.load.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Trap;
import dev.troupe.functions.v1.TrapKind;
import dev.troupe.load.schedule.Arrivals;
import dev.troupe.load.schedule.RateProfile;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Streams against a real gRPC server that stalls, refuses and fails as a test wants. */
class CallStreamTest {
  private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);
  private static final long MILLISECOND = 1_000_000;
  private static final Duration LONG = Duration.ofMinutes(3);

  private static final Workload ECHO =
      new Workload() {
        @Override
        public InvokeRequest request(long number) {
          return InvokeRequest.newBuilder()
              .setPayload(ByteString.copyFromUtf8(Long.toString(number)))
              .build();
        }

        @Override
        public boolean isRight(long number, InvokeResponse response) {
          return response.getPayload().toStringUtf8().equals(Long.toString(number));
        }
      };

  @Test
  void latencyCountsFromTheIntendedTimeAndAStallDoesNotStopTheClock() throws Exception {
    try (FakeServer server = FakeServer.echo();
        Connections connections = connect(server, 2, 1)) {
      server.stall();
      // 1000 calls a second for 0.3 s; nothing is answered before all of them are due.
      CallStream stream =
          CallStream.start(
              connections, plan(Arrivals.constant(1000)), Window.fromNow(0, 300 * MILLISECOND));
      await().atMost(LONG).until(() -> server.arrived() == 300);
      server.goOn();
      CallCounts counts = stream.drain(PATIENCE).counts();

      assertLatenciesFromTheDueTime(counts);
    }
  }

  @Test
  void aStallOfTheClientItselfIsNotHiddenEither() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    Workload stalls =
        new Workload() {
          @Override
          public InvokeRequest request(long number) {
            if (number == 0) {
              Uninterruptibles.awaitUninterruptibly(over);
            }
            return ECHO.request(number);
          }

          @Override
          public boolean isRight(long number, InvokeResponse response) {
            return ECHO.isRight(number, response);
          }
        };
    try (FakeServer server = FakeServer.echo();
        Connections connections = connect(server, 1, 1)) {
      Window window = Window.fromNow(0, 300 * MILLISECOND);
      CallStream stream =
          CallStream.start(
              connections, CallPlan.of(stalls, new Pace.Open(Arrivals.constant(1000))), window);
      await().atMost(LONG).until(() -> System.nanoTime() - window.endNanos() > 0);
      over.countDown();
      await().atMost(LONG).until(() -> server.arrived() == 300);
      CallCounts counts = stream.drain(PATIENCE).counts();

      assertLatenciesFromTheDueTime(counts);
      assertThat(counts.sendLag().getMaxValue()).isGreaterThan(200 * MILLISECOND);
    }
  }

  /** Call k of 300 was due at k ms and answered after all were due: it took at least 300 - k ms. */
  private static void assertLatenciesFromTheDueTime(CallCounts counts) {
    assertThat(counts.dueCalls()).isEqualTo(300);
    assertThat(counts.okCalls()).isEqualTo(300);
    assertThat(counts.wrongResults()).isZero();
    for (int millis = 50; millis < 300; millis += 50) {
      // The histogram has three digits; a millisecond covers its rounding.
      assertThat(
              counts
                  .latency()
                  .getCountBetweenValues((millis - 1) * MILLISECOND, 120_000 * MILLISECOND))
          .as("calls of %d ms and more", millis)
          .isGreaterThanOrEqualTo(300 - millis);
    }
  }

  @Test
  void outstandingCallsAreBoundedAndTheRestIsDroppedAndCounted() throws Exception {
    try (FakeServer server = FakeServer.echo();
        Connections connections = connect(server, 2, 2)) {
      server.stall();
      CallPlan few = new CallPlan(ECHO, new Pace.Open(burst(100)), 10, 0, 0, 0, 0);
      CallStream stream = CallStream.start(connections, few, Window.fromNow(0, PATIENCE));
      await().atMost(LONG).until(() -> stream.sample().counts().dueCalls() == 100);
      assertThat(stream.sample().inFlight()).isEqualTo(10);
      server.goOn();
      CallCounts counts = stream.drain(PATIENCE).counts();

      assertThat(counts.okCalls()).isEqualTo(10);
      assertThat(counts.droppedCalls()).isEqualTo(90);
      assertThat(counts.answersInWindow()).isEqualTo(10);
    }
  }

  @Test
  void whatIsNotAnsweredInTimeIsUnanswered() throws Exception {
    try (FakeServer server = FakeServer.echo();
        Connections connections = connect(server, 1, 1)) {
      server.stall();
      CallStream stream =
          CallStream.start(connections, plan(burst(7)), Window.fromNow(0, PATIENCE));
      await().atMost(LONG).until(() -> server.arrived() == 7);

      CallCounts counts = stream.drain(0).counts();
      assertThat(counts.unansweredCalls()).isEqualTo(7);
      assertThat(counts.okCalls()).isZero();
      assertThat(counts.errors()).isEmpty();
    }
  }

  @Test
  void closedModelKeepsItsCallersBusyAndNoMore() throws Exception {
    AtomicLong now = new AtomicLong();
    AtomicLong most = new AtomicLong();
    try (FakeServer server =
            FakeServer.answering((request, responses) -> {
              most.accumulateAndGet(now.incrementAndGet(), Math::max);
              responses.onNext(
                  InvokeResponse.newBuilder().setPayload(request.getPayload()).build());
              now.decrementAndGet();
              responses.onCompleted();
            });
        Connections connections = connect(server, 3, 2)) {
      CallPlan closed = CallPlan.of(ECHO, new Pace.Closed(5, 0));
      CallStream stream = CallStream.start(connections, closed, Window.fromNow(0, PATIENCE));
      await().atMost(LONG).until(() -> stream.sample().counts().okCalls() > 1000);
      assertThat(stream.sample().inFlight()).isLessThanOrEqualTo(5);
      CallCounts counts = stream.drain(PATIENCE).counts();

      assertThat(counts.okCalls()).isEqualTo(counts.dueCalls());
      assertThat(counts.wrongResults()).isZero();
      assertThat(most.get()).isLessThanOrEqualTo(5);
    }
  }

  @Test
  void outcomesAreCountedByWhatTheyAre() throws Exception {
    AtomicLong calls = new AtomicLong();
    try (FakeServer server =
            FakeServer.answering((request, responses) -> {
              switch ((int) (calls.getAndIncrement() % 6)) {
                case 0 -> {
                  responses.onNext(
                      InvokeResponse.newBuilder()
                          .setTrap(Trap.newBuilder().setKind(TrapKind.TRAP_KIND_OUT_OF_FUEL))
                          .build());
                  responses.onCompleted();
                }
                case 1 -> responses.onError(FakeServer.error(8, "QUOTA_EXCEEDED", "rate"));
                case 2 -> responses.onError(io.grpc.Status.RESOURCE_EXHAUSTED.asException());
                case 3 -> responses.onError(FakeServer.error(13, "INTERNAL", ""));
                case 4 -> responses.onError(io.grpc.Status.DEADLINE_EXCEEDED.asException());
                default -> {
                  responses.onNext(InvokeResponse.getDefaultInstance());
                  responses.onCompleted();
                }
              }
            });
        Connections connections = connect(server, 1, 1)) {
      CallStream stream =
          CallStream.start(connections, plan(burst(60)), Window.fromNow(0, PATIENCE));
      await().atMost(LONG).until(() -> stream.sample().counts().answersInWindow() == 60);
      CallCounts counts = stream.drain(PATIENCE).counts();

      assertThat(counts.traps()).containsOnly(java.util.Map.entry("OUT_OF_FUEL", 10L));
      assertThat(counts.sheds())
          .containsOnly(java.util.Map.entry("rate", 10L), java.util.Map.entry("UNTYPED", 10L));
      assertThat(counts.errors())
          .containsOnly(
              java.util.Map.entry("INTERNAL", 10L), java.util.Map.entry("DEADLINE_EXCEEDED", 10L));
      assertThat(counts.deadlinesMissed()).isEqualTo(10);
      assertThat(counts.okCalls()).isEqualTo(10);
      assertThat(counts.wrongResults()).isEqualTo(10);
      assertThat(counts.okInWindow()).isEqualTo(10);
    }
  }

  @Test
  void theWarmUpDoesNotCount() throws Exception {
    try (FakeServer server = FakeServer.echo();
        Connections connections = connect(server, 1, 1)) {
      CallStream stream =
          CallStream.start(
              connections,
              plan(Arrivals.constant(1000)),
              Window.fromNow(100 * MILLISECOND, 200 * MILLISECOND));
      await().atMost(LONG).until(() -> server.arrived() == 300);
      CallCounts counts = stream.drain(PATIENCE).counts();

      assertThat(counts.dueEver()).isEqualTo(300);
      assertThat(counts.dueCalls()).isEqualTo(200);
      assertThat(counts.okCalls()).isEqualTo(200);
      assertThat(counts.latency().getTotalCount()).isEqualTo(200);
    }
  }

  @Test
  void cancelledCallsAreNoErrors() throws Exception {
    try (FakeServer server = FakeServer.echo();
        Connections connections = connect(server, 1, 1)) {
      server.stall();
      CallPlan fickle = new CallPlan(ECHO, new Pace.Open(burst(50)), 100, 0, MILLISECOND, 1, 0);
      CallStream stream = CallStream.start(connections, fickle, Window.fromNow(0, PATIENCE));
      await().atMost(LONG).until(() -> stream.sample().counts().cancelledCalls() == 50);
      CallCounts counts = stream.drain(PATIENCE).counts();

      assertThat(counts.errors()).isEmpty();
      assertThat(counts.okCalls()).isZero();
    }
  }

  @Test
  void aStreamSurvivesAServerThatGoesAway() throws Exception {
    try (FakeServer server = FakeServer.echo();
        Connections connections = connect(server, 1, 1)) {
      CallStream stream =
          CallStream.start(
              connections, CallPlan.of(ECHO, new Pace.Closed(2, 0)), Window.fromNow(0, PATIENCE));
      await().atMost(LONG).until(() -> stream.sample().counts().okCalls() > 10);
      server.vanish();
      await()
          .atMost(LONG)
          .until(() -> stream.sample().counts().errors().getOrDefault("UNAVAILABLE", 0L) > 5);
      CallCounts counts = stream.drain(0).counts();

      assertThat(counts.okCalls()).isGreaterThan(10);
    }
  }

  private static CallPlan plan(Arrivals arrivals) {
    return CallPlan.of(ECHO, new Pace.Open(arrivals));
  }

  private static Arrivals burst(int calls) {
    return new Arrivals(new RateProfile.Burst(calls, Double.POSITIVE_INFINITY), false, 0);
  }

  private static Connections connect(FakeServer server, int connections, int loops)
      throws InterruptedException {
    Connections result = Connections.open(server.address(), connections, loops);
    result.connect(PATIENCE);
    return result;
  }
}
