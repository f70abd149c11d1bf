package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;

import com.google.common.util.concurrent.ListenableFuture;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that is there no more, without a word: its machine is off, its network is gone. */
class SilentClientTest {
  @Test
  void serverAsksWhetherAClientStillLivesAndEndsItsCalls(@TempDir Path data) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "transport.keepalive-time", "1 s",
            "transport.keepalive-timeout", "1 s",
            "quotas.deadline", "5 m");
    try (TestServer server = TestServer.start(data, settings);
        Cable cable = new Cable(server.server.address())) {
      var _ = server.createTenant("acme", TenantQuotas.newBuilder());
      var _ = server.deploy("acme", "f", "(module (func (export \"spin\") (loop $l (br $l))))");
      ManagedChannel channel =
          NettyChannelBuilder.forTarget(cable.address()).usePlaintext().build();
      var stub = InvocationServiceGrpc.newFutureStub(channel);
      List<ListenableFuture<InvokeResponse>> spins = new ArrayList<>();
      await()
          .until(() -> {
            // A machine that stalls for a second is taken for one that is off: once more.
            if (spins.isEmpty() || spins.getLast().isDone()) {
              spins.add(stub.invoke(TestServer.request("acme", "f", "spin")));
            }
            return server.usage("acme").getConcurrency() == 1;
          });
      cable.silence();
      await().until(() -> server.usage("acme").getConcurrency() == 0);
      await().until(() -> server.server.callsInFlight() == 0);
      channel.shutdownNow();
    }
  }
}
