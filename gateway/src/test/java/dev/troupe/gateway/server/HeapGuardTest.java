package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.CreateTenantRequest;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.ListTenantsRequest;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What clients can make the server hold: answers they do not read, messages they do not end. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HeapGuardTest {
  private static final long LIMIT = 2 << 20;
  private static final int ANSWER_BYTES = 512 << 10;
  private static final String LARGE =
      """
      (module
        (import "troupe" "sleep" (func $sleep (param i64)))
        (memory (export "memory") 16)
        (func (export "troupe_alloc") (param i32) (result i32) (i32.const 0))
        (func (export "handle") (param i32 i32) (result i64)
          (call $sleep (i64.const 200000000))
          (i64.const 524288)))
      """;

  private final TestServer server;
  private final TestServer hasty;

  /** Of a client that takes little before its application reads. */
  private final ManagedChannel narrow;

  HeapGuardTest(@TempDir Path data) {
    server = TestServer.start(data.resolve("a"), Map.of("requests.max-held", LIMIT));
    // Of its own: on a busy machine its patience ends with honest clients, too.
    hasty =
        TestServer.start(
            data.resolve("b"),
            Map.of("requests.max-held", LIMIT, "requests.receive-timeout", "1 s"));
    narrow =
        NettyChannelBuilder.forTarget(server.server.address())
            .usePlaintext()
            .flowControlWindow(65_535)
            .build();
  }

  @BeforeAll
  void deploy() throws Exception {
    Tenant _ = server.createTenant("acme", TenantQuotas.newBuilder());
    var _ = server.deploy("acme", "large", LARGE);
  }

  @AfterAll
  void stop() {
    narrow.shutdownNow();
    server.close();
    hasty.close();
  }

  private static void awaitNothingHeld(TestServer server) {
    await().until(() -> server.server.heapOfCallsBytes() == 0);
  }

  /** A call whose answer is not read before somebody says so. */
  private final class Unread<Q, A> extends ClientCall.Listener<A> {
    final ClientCall<Q, A> call;
    private Status status = Status.UNKNOWN;
    private boolean closed;
    private int messages;

    Unread(MethodDescriptor<Q, A> method, Q request) {
      call = narrow.newCall(method, CallOptions.DEFAULT);
      call.start(this, new Metadata());
      call.sendMessage(request);
      call.halfClose();
    }

    @Override
    public synchronized void onMessage(A message) {
      messages++;
    }

    @Override
    public synchronized void onClose(Status ended, Metadata trailers) {
      status = ended;
      closed = true;
    }

    @Override
    public synchronized String toString() {
      return (closed ? "ended by " + status : "open") + " after " + messages + " messages";
    }

    synchronized boolean isShed() {
      return closed && status.getCode() == Status.Code.RESOURCE_EXHAUSTED && messages == 0;
    }

    synchronized boolean isServed() {
      return closed && status.isOk() && messages == 1;
    }
  }

  @Test
  void oneAnswerForManyClientsNeedsRoomForEachOfThem() {
    InvokeRequest request =
        InvokeRequest.newBuilder()
            .setName("tenants/acme/functions/large")
            .setPayload(ByteString.EMPTY)
            .setRequestId(UUID.randomUUID().toString())
            .build();
    List<Unread<InvokeRequest, InvokeResponse>> clients = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      clients.add(new Unread<>(InvocationServiceGrpc.getInvokeMethod(), request));
    }
    int fit = (int) (LIMIT / ANSWER_BYTES) - 1;
    await().until(() -> clients.stream().filter(Unread::isShed).count() == clients.size() - fit);
    assertThat(server.server.heapOfCallsBytes()).isLessThanOrEqualTo(LIMIT);
    clients.forEach(client -> client.call.request(1));
    await().until(() -> clients.stream().filter(Unread::isServed).count() == fit);
    awaitNothingHeld(server);
    // Those that found no room try again, and it does not run again.
    assertThat(server.invoke(request).getPayload().size()).isEqualTo(ANSWER_BYTES);
    assertThat(arrived()).isEqualTo(1);
  }

  private long arrived() {
    return server.statistics().getTenantsList().stream()
        .filter(statistics -> statistics.getName().equals("tenants/acme"))
        .mapToLong(statistics -> statistics.getInvocations())
        .sum();
  }

  @Test
  void answersOfAllServicesNeedRoom() {
    String name = "n".repeat(256);
    for (int i = 0; i < 100; i++) {
      Tenant _ =
          TenantServiceGrpc.newBlockingStub(server.channel)
              .createTenant(
                  CreateTenantRequest.newBuilder()
                      .setTenantId("list-" + i)
                      .setTenant(Tenant.newBuilder().setDisplayName(name))
                      .build());
    }
    ListTenantsRequest request = ListTenantsRequest.newBuilder().setPageSize(1000).build();
    var clients = new ArrayList<Unread<ListTenantsRequest, ?>>();
    for (int i = 0; i < 80; i++) {
      clients.add(new Unread<>(TenantServiceGrpc.getListTenantsMethod(), request));
    }
    await().until(() -> clients.stream().anyMatch(Unread::isShed));
    assertThat(server.server.heapOfCallsBytes()).isLessThanOrEqualTo(LIMIT);
    clients.forEach(client -> client.call.request(1));
    await()
        .untilAsserted(
            () -> assertThat(clients).allMatch(client -> client.isShed() || client.isServed()));
    awaitNothingHeld(server);
  }

  @Test
  void displayNamesHaveABound() {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                TenantServiceGrpc.newBlockingStub(server.channel)
                    .createTenant(
                        CreateTenantRequest.newBuilder()
                            .setTenantId("named")
                            .setTenant(Tenant.newBuilder().setDisplayName("n".repeat(257)))
                            .build()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refused.getStatus().getDescription()).contains("256");
  }

  @Test
  void whoHoldsEverythingWithHalfOfAMessageIsSentAway() throws IOException {
    for (String method :
        List.of(
            InvocationServiceGrpc.getInvokeMethod().getFullMethodName(),
            TenantServiceGrpc.getCreateTenantMethod().getFullMethodName(),
            FunctionServiceGrpc.getDeployFunctionMethod().getFullMethodName())) {
      long before = hasty.server.guard().tooSlow();
      try (HalfRequest client = new HalfRequest(hasty.server.address())) {
        int bytes = 600_000;
        client.begin(method, bytes, bytes / 2);
        await()
            .until(() ->
                hasty.server.heapOfCallsBytes() > bytes || hasty.server.guard().tooSlow() > before);
        await().until(() -> hasty.server.guard().tooSlow() == before + 1);
        awaitNothingHeld(hasty);
      }
    }
  }

  @Test
  void whoSendsNothingHearsWhy() {
    var silent =
        hasty.channel.newCall(
            // A client that knows that it sends one message sends nothing before it.
            InvocationServiceGrpc.getInvokeMethod().toBuilder()
                .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
                .build(),
            CallOptions.DEFAULT);
    CompletableFuture<Status> end = new CompletableFuture<>();
    silent.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status);
          }
        },
        new Metadata());
    silent.request(1);
    Status status = end.orTimeout(3, TimeUnit.MINUTES).join();
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).contains("not complete after 1 s");
    awaitNothingHeld(hasty);
  }

  @Test
  void whoWouldExceedTheLimitWithHalfOfAMessageIsShedAtOnce() throws IOException {
    long before = server.server.guard().shed();
    try (HalfRequest client = new HalfRequest(server.server.address())) {
      client.begin(
          FunctionServiceGrpc.getDeployFunctionMethod().getFullMethodName(), 1_000_000, 900_000);
      await().until(() -> server.server.guard().shed() > before);
      awaitNothingHeld(server);
    }
  }

  @Test
  void whatACompressedRequestUnpacksToIsCounted() {
    long before = server.server.guard().shed();
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                InvocationServiceGrpc.newBlockingStub(server.channel)
                    .withCompression("gzip")
                    .invoke(
                        InvokeRequest.newBuilder()
                            .setName("tenants/acme/functions/large")
                            .setPayload(ByteString.copyFrom(new byte[2 * (int) LIMIT]))
                            .build()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(server.server.guard().shed()).isEqualTo(before + 1);
    awaitNothingHeld(server);
  }
}
