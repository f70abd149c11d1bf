package dev.troupe.gateway.server;

import static dev.troupe.gateway.Patience.await;

import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
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
      var _ =
          InvocationServiceGrpc.newFutureStub(channel)
              .invoke(TestServer.request("acme", "f", "spin"));
      await().until(() -> server.usage("acme").getConcurrency() == 1);
      cable.silence();
      await().until(() -> server.usage("acme").getConcurrency() == 0);
      await().until(() -> server.server.callsInFlight() == 0);
      channel.shutdownNow();
    }
  }
}
