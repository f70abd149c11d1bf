package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.GetServerStatisticsRequest;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.StatisticsServiceGrpc;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a connection may do, and what it hears when it does more. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TransportTest {
  private static final String SPIN = "(module (func (export \"spin\") (loop $l (br $l))))";

  private final TestServer server;

  TransportTest(@TempDir Path data) {
    server =
        TestServer.start(
            data,
            Map.of(
                "requests.max-message", "64 KiB",
                "transport.max-headers", "4 KiB",
                "transport.max-streams", 2,
                "transport.max-age", "2 s",
                "transport.permit-keepalive-time", "1 h"));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void messageThatIsTooLargeIsRefusedWithTheLimit() {
    StatusRuntimeException refused = refused(payload(new byte[100_000]), "identity");
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains("65536");
  }

  @Test
  void messageThatIsTooLargeWhenUnpackedIsRefusedToo() {
    // 50 MB of zeros are 50 kB on the wire.
    StatusRuntimeException refused = refused(payload(new byte[50_000_000]), "gzip");
    // gRPC finds out while it parses, for which it knows no other status.
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
  }

  private StatusRuntimeException refused(InvokeRequest request, String compressor) {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                InvocationServiceGrpc.newBlockingStub(server.channel)
                    .withCompression(compressor)
                    .invoke(request));
    assertThat(refused).isNotNull();
    return refused;
  }

  private static InvokeRequest payload(byte[] bytes) {
    return InvokeRequest.newBuilder()
        .setName("tenants/t/functions/f")
        .setPayload(ByteString.copyFrom(bytes))
        .build();
  }

  @Test
  void headersThatAreTooLargeAreRefusedAndTheServerGoesOn() {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(7000));
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                StatisticsServiceGrpc.newBlockingStub(server.channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .getServerStatistics(GetServerStatisticsRequest.getDefaultInstance()));
    assertThat(refused).isNotNull();
    assertThat(server.statistics().getTenantsCount()).isNotNegative();
  }

  @Test
  void callsBeyondTheStreamsOfAConnectionWaitForOneToEnd(@TempDir Path data)
      throws StatusException {
    // A connection that grows old would be replaced by another one, with streams of its own.
    try (TestServer patient = TestServer.start(data, Map.of("transport.max-streams", 2))) {
      thirdCallWaits(patient);
    }
  }

  private static void thirdCallWaits(TestServer server) throws StatusException {
    var unused = server.createTenant("streams", TenantQuotas.newBuilder());
    var unusedVersion = server.deploy("streams", "f", SPIN);
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(server.server.address()).usePlaintext().build();
    try {
      var stub = InvocationServiceGrpc.newFutureStub(channel);
      var calls =
          IntStream.range(0, 3)
              .mapToObj(i -> stub.invoke(TestServer.request("streams", "f", "spin")))
              .toList();
      await().until(() -> arrived(server, "streams") == 2);
      // The third has not reached the server: only the end of another one lets it.
      assertThat(calls.get(0).cancel(true)).isTrue();
      await().until(() -> arrived(server, "streams") == 3);
      calls.forEach(call -> call.cancel(true));
    } finally {
      channel.shutdownNow();
    }
  }

  private static long arrived(TestServer server, String tenant) {
    return server.statistics().getTenantsList().stream()
        .filter(statistics -> statistics.getName().equals("tenants/" + tenant))
        .mapToLong(statistics -> statistics.getInvocations())
        .sum();
  }

  @Test
  void oldConnectionsAreReplacedAndNoCallIsLost() {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(server.server.address()).usePlaintext().build();
    try {
      var stub = StatisticsServiceGrpc.newBlockingStub(channel);
      var request = GetServerStatisticsRequest.getDefaultInstance();
      var unused = stub.getServerStatistics(request);
      // It has connected; if the machine stalled since then, it may be of age already.
      assertThat(channel.getState(false)).isIn(ConnectivityState.READY, ConnectivityState.IDLE);
      // After its age the server says GOAWAY, and the channel is idle until it is used again.
      await().until(() -> channel.getState(false) == ConnectivityState.IDLE);
      assertThat(stub.getServerStatistics(request).getUptime().getSeconds()).isPositive();
    } finally {
      channel.shutdownNow();
    }
  }

  @Test
  void methodsThatDoNotExistAreCountedTogether() {
    CallLedger ledger = GrpcTransport.newLedger();
    for (String method : List.of("no.such/Method", "no.such/Other")) {
      ledger.newServerStreamTracer(method, new Metadata()).streamClosed(Status.UNIMPLEMENTED);
    }
    CallLedger.Entry last = ledger.entries().getLast();
    assertThat(last.method()).isEqualTo(CallLedger.UNKNOWN);
    assertThat(last.endedByCode()[Status.Code.UNIMPLEMENTED.value()]).isEqualTo(2);
    assertThat(last.inFlight()).isZero();
  }
}
