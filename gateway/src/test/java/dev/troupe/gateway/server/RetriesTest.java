package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Requests with ids: once, together, again, and forgotten in the end. */
class RetriesTest {
  private static final String ID = "00000000-0000-4000-8000-000000000001";

  private final AtomicLong clock = new AtomicLong();
  private final Retries retries =
      new Retries(new RetrySettings(3, 100_000, 100_000, Duration.ofSeconds(10)), clock::get);

  /** Keeps what it is told. */
  private static final class Client implements StreamObserver<InvokeResponse> {
    final List<Object> heard = new ArrayList<>();

    @Override
    public synchronized void onNext(InvokeResponse answer) {
      heard.add(answer);
    }

    @Override
    public synchronized void onError(Throwable failure) {
      heard.add(Status.fromThrowable(failure).getCode());
    }

    @Override
    public void onCompleted() {}

    synchronized Object only() {
      assertThat(heard).hasSize(1);
      return heard.getFirst();
    }
  }

  private static Retries.Request request(String tenant, String id, String payload) {
    return new Retries.Request(
        tenant,
        "Invoke",
        id,
        InvokeRequest.newBuilder().setPayload(ByteString.copyFromUtf8(payload)).build());
  }

  private static InvokeResponse answer(int number) {
    return InvokeResponse.newBuilder().setPayload(ByteString.copyFromUtf8("a" + number)).build();
  }

  private Client once(Retries.Request request, AtomicInteger executions) {
    Client client = new Client();
    retries.once(
        request,
        client,
        answer -> true,
        shared -> shared.onNext(answer(executions.incrementAndGet())));
    return client;
  }

  @Test
  void secondAttemptGetsTheFirstAnswer() {
    AtomicInteger executions = new AtomicInteger();
    assertThat(once(request("t", ID, "x"), executions).only()).isEqualTo(answer(1));
    assertThat(once(request("t", ID, "x"), executions).only()).isEqualTo(answer(1));
    assertThat(executions).hasValue(1);
  }

  @Test
  void idsOfOtherTenantsAndMethodsAreOthers() {
    AtomicInteger executions = new AtomicInteger();
    once(request("t", ID, "x"), executions);
    once(request("u", ID, "x"), executions);
    once(new Retries.Request("t", "Other", ID, InvokeRequest.getDefaultInstance()), executions);
    assertThat(executions).hasValue(3);
  }

  @Test
  void sameIdForAnotherRequestIsAMistake() {
    AtomicInteger executions = new AtomicInteger();
    once(request("t", ID, "x"), executions);
    assertThatThrownBy(() -> once(request("t", ID, "y"), executions))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("another request");
    assertThatThrownBy(() -> request("t", "not-a-uuid", "x")).hasMessageContaining("UUID");
    assertThat(executions).hasValue(1);
  }

  @Test
  void attemptWhileTheFirstIsOnItsWayJoinsIt() {
    List<Shared<InvokeResponse>> running = new ArrayList<>();
    Client first = new Client();
    Client second = new Client();
    retries.once(request("t", ID, "x"), first, answer -> true, running::add);
    retries.once(request("t", ID, "x"), second, answer -> true, running::add);
    assertThatThrownBy(
            () -> retries.once(request("t", ID, "y"), second, answer -> true, running::add))
        .hasMessageContaining("another request");
    assertThat(running).hasSize(1);
    running.getFirst().onNext(answer(1));
    assertThat(first.only()).isEqualTo(answer(1));
    assertThat(second.only()).isEqualTo(answer(1));
  }

  @Test
  void errorsAreToldToAllAndForgotten() {
    List<Shared<InvokeResponse>> running = new ArrayList<>();
    Client first = new Client();
    Client second = new Client();
    retries.once(request("t", ID, "x"), first, answer -> true, running::add);
    retries.once(request("t", ID, "x"), second, answer -> true, running::add);
    running.getFirst().onError(Statuses.unavailable("not now"));
    assertThat(first.only()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(second.only()).isEqualTo(Status.Code.UNAVAILABLE);
    AtomicInteger executions = new AtomicInteger();
    once(request("t", ID, "x"), executions);
    assertThat(executions).hasValue(1);
  }

  @Test
  void executionThatThrowsIsAnErrorForItsClient() {
    Client client = new Client();
    retries.once(
        request("t", ID, "x"),
        client,
        answer -> true,
        shared -> {
          throw Statuses.invalidArgument("name", "is bad");
        });
    assertThat(client.only()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(retries.answers()).isZero();
  }

  @Test
  void answerNotWorthRememberingIsForgotten() {
    AtomicInteger executions = new AtomicInteger();
    for (int i = 0; i < 2; i++) {
      retries.<InvokeResponse>once(
          request("t", ID, "x"),
          new Client(),
          answer -> false,
          shared -> shared.onNext(answer(executions.incrementAndGet())));
    }
    assertThat(executions).hasValue(2);
  }

  @Test
  void oldestAnswersGoFirstByNumberBytesAndAge() {
    AtomicInteger executions = new AtomicInteger();
    for (int i = 1; i <= 5; i++) {
      once(request("t", id(i), "x"), executions);
    }
    assertThat(retries.answers()).isEqualTo(3);
    assertThat(once(request("t", id(5), "x"), executions).only()).isEqualTo(answer(5));
    assertThat(once(request("t", id(1), "x"), executions).only()).isEqualTo(answer(6));

    // Two answers of 60 kB do not fit into 100 kB.
    byte[] large = new byte[60_000];
    for (int i = 11; i <= 12; i++) {
      retries.<InvokeResponse>once(
          request("t", id(i), "x"),
          new Client(),
          answer -> true,
          shared ->
              shared.onNext(
                  InvokeResponse.newBuilder().setPayload(ByteString.copyFrom(large)).build()));
    }
    assertThat(retries.bytes()).isBetween(60_000L, 100_000L);

    clock.addAndGet(10_000_000_001L);
    retries.sweep();
    assertThat(retries.answers()).isZero();
    assertThat(retries.bytes()).isZero();
  }

  private void answerWith(String id, int bytes) {
    InvokeResponse answer =
        InvokeResponse.newBuilder().setPayload(ByteString.copyFrom(new byte[bytes])).build();
    retries.<InvokeResponse>once(
        request("t", id, "x"), new Client(), any -> true, shared -> shared.onNext(answer));
  }

  @Test
  void oneLargeAnswerDoesNotPushOutTheOthers() {
    AtomicInteger executions = new AtomicInteger();
    once(request("t", id(1), "x"), executions);
    answerWith(id(2), 100_000);
    assertThat(retries.answers()).isEqualTo(1);
    assertThat(once(request("t", id(1), "x"), executions).only()).isEqualTo(answer(1));
    assertThat(executions).hasValue(1);
  }

  @Test
  void whatRunsDoesNotKeepTheRequest() {
    List<Shared<InvokeResponse>> running = new ArrayList<>();
    WeakReference<InvokeRequest> kept = startLarge(running);
    await()
        .until(() -> {
          System.gc();
          return kept.refersTo(null);
        });
    assertThat(running).hasSize(1);
  }

  private WeakReference<InvokeRequest> startLarge(List<Shared<InvokeResponse>> running) {
    InvokeRequest large =
        InvokeRequest.newBuilder().setPayload(ByteString.copyFrom(new byte[1 << 20])).build();
    retries.once(
        new Retries.Request("t", "Invoke", ID, large), new Client(), any -> true, running::add);
    return new WeakReference<>(large);
  }

  @Test
  void manyTenantsShareTheBytes() {
    byte[] large = new byte[40_000];
    for (int round = 0; round < 2; round++) {
      for (int tenant = 0; tenant < 50; tenant++) {
        retries.<InvokeResponse>once(
            request("t" + tenant, id(round), "x"),
            new Client(),
            answer -> true,
            shared ->
                shared.onNext(
                    InvokeResponse.newBuilder().setPayload(ByteString.copyFrom(large)).build()));
      }
    }
    retries.sweep();
    assertThat(retries.bytes()).isLessThanOrEqualTo(100_000);
  }

  private static String id(int number) {
    return "00000000-0000-4000-8000-%012d".formatted(number);
  }

  @Test
  void manyAtOnceExecuteOnce() throws Exception {
    int clients = 32;
    int rounds = 50;
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int round = 0; round < rounds; round++) {
        String id = id(1000 + round);
        AtomicInteger executions = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Future<Client>> attempts = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
          attempts.add(
              threads.submit(() -> {
                start.await();
                Client asks = new Client();
                retries.<InvokeResponse>once(
                    request("t", id, "x"),
                    asks,
                    answer -> true,
                    shared ->
                        threads.execute(() -> shared.onNext(answer(executions.incrementAndGet()))));
                return asks;
              }));
        }
        start.countDown();
        for (Future<Client> attempt : attempts) {
          Client client = attempt.get();
          await()
              .pollDelay(Duration.ZERO)
              .pollInterval(Duration.ofMillis(1))
              .until(() -> {
                synchronized (client) {
                  return !client.heard.isEmpty();
                }
              });
          assertThat(client.only()).isEqualTo(answer(1));
        }
        assertThat(executions).hasValue(1);
      }
    }
  }
}
