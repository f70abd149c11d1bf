package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import com.google.protobuf.FieldMask;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.UpdateTenantRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More requests at once than the heap can hold: some are shed, with a type, and nobody dies. */
class HeapPressureTest {
  private static final int CALLS = 250;
  private static final int AT_ONCE = 150;
  private static final int PAYLOAD_BYTES = 512 << 10;
  private static final String SLOW_ECHO =
      """
      (module
        (import "troupe" "sleep" (func $sleep (param i64)))
        (memory (export "memory") 16)
        (func (export "troupe_alloc") (param i32) (result i32) (i32.const 0))
        (func (export "handle") (param $p i32) (param $n i32) (result i64)
          (call $sleep (i64.const 50000000))
          (i64.extend_i32_u (local.get $n)))
        (func (export "hold") (call $sleep (i64.const 0x7fffffffffffffff)))
        (func (export "add") (param i32 i32) (result i32)
          (i32.add (local.get 0) (local.get 1))))
      """;

  private final AtomicInteger answered = new AtomicInteger();
  private final AtomicInteger shed = new AtomicInteger();
  private final ConcurrentHashMap<String, Integer> others = new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(AT_ONCE);

  @Test
  void aServerWithASmallHeapShedsAndLives(@TempDir Path data) throws Exception {
    try (ServerProcess server =
            ServerProcess.start(
                data,
                List.of("-Xmx128m", "-XX:+ExitOnOutOfMemoryError"),
                List.of("pool.memories=64", "quotas.deadline=10m"));
        TestClient client = new TestClient(server.address)) {
      Tenant _ =
          client.createTenant(
              "acme", TenantQuotas.newBuilder().setConcurrency(1).setQueueLength(100_000));
      var _ = client.deploy("acme", "echo", SLOW_ECHO);
      // While it holds the only place the others' requests pile up, however slowly they come.
      ListenableFuture<InvokeResponse> holder =
          InvocationServiceGrpc.newFutureStub(client.channel)
              .invoke(TestServer.request("acme", "echo", "hold"));
      await().until(() -> client.usage("acme").getConcurrency() == 1);
      flood(client);
      assertThat(holder.cancel(true)).isTrue();
      // For a question there may be no room before the first have ended.
      await().ignoreException(StatusRuntimeException.class).until(() -> widen(client));
      places.acquire(AT_ONCE);
      assertThat(others).isEmpty();
      assertThat(answered.get()).isPositive();
      assertThat(shed.get()).isPositive();
      assertThat(answered.get() + shed.get()).isEqualTo(CALLS);
      InvokeResponse after = client.invoke(TestServer.request("acme", "echo", "add", 40, 2));
      assertThat(after.getResults().getValues(0).getI32()).isEqualTo(42);
      assertThat(server.process.isAlive()).isTrue();
    }
  }

  private static boolean widen(TestClient client) {
    return TenantServiceGrpc.newBlockingStub(client.channel)
            .updateTenant(
                UpdateTenantRequest.newBuilder()
                    .setTenant(
                        Tenant.newBuilder()
                            .setName("tenants/acme")
                            .setQuotas(TenantQuotas.newBuilder().setConcurrency(16)))
                    .setUpdateMask(FieldMask.newBuilder().addPaths("quotas.concurrency"))
                    .build())
            .getQuotas()
            .getConcurrency()
        == 16;
  }

  private void flood(TestClient client) throws InterruptedException {
    InvokeRequest request =
        InvokeRequest.newBuilder()
            .setName("tenants/acme/functions/echo")
            .setPayload(ByteString.copyFrom(new byte[PAYLOAD_BYTES]))
            .build();
    for (int call = 0; call < CALLS; call++) {
      places.acquire();
      InvocationServiceGrpc.newStub(client.channel).invoke(request, new Counter());
    }
  }

  /** Counts how a call ended. */
  private final class Counter implements StreamObserver<InvokeResponse> {
    @Override
    public void onNext(InvokeResponse response) {
      if (response.getPayload().size() != PAYLOAD_BYTES) {
        int _ = others.merge("answer of " + response, 1, Integer::sum);
      }
    }

    @Override
    public void onError(Throwable failure) {
      if (isTypedShed(failure)) {
        shed.incrementAndGet();
      } else {
        int _ = others.merge(String.valueOf(failure), 1, Integer::sum);
      }
      places.release();
    }

    @Override
    public void onCompleted() {
      answered.incrementAndGet();
      places.release();
    }
  }

  private static boolean isTypedShed(Throwable failure) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    if (status == null || status.getCode() != Status.Code.RESOURCE_EXHAUSTED.value()) {
      return false;
    }
    List<com.google.protobuf.Any> details = status.getDetailsList();
    try {
      return details.get(0).unpack(ErrorInfo.class).getReason().equals("SERVER_OVERLOADED")
          && details.get(1).is(RetryInfo.class);
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }
}
