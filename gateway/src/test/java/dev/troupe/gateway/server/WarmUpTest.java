package dev.troupe.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher throws a cache away whose training failed, silently: here it fails loudly. */
class WarmUpTest {
  @Test
  void theTrainingModuleAnswersEveryCallOfTheTraining(@TempDir Path data) throws Exception {
    Path module = Path.of("src/main/aot/train.wat").toAbsolutePath();
    try (TestServer server = TestServer.start(data, Map.of("pool.memories", 64))) {
      var _ = server.createTenant("warm", TenantQuotas.newBuilder());
      var _ = server.deploy("warm", "up", Files.readString(module));
      ManagedChannel channel =
          NettyChannelBuilder.forTarget(server.server.address()).usePlaintext().build();
      try {
        long answers =
            new WarmUpCalls(channel, "tenants/warm/functions/up")
                .run(Duration.ofMillis(200), Duration.ofMillis(50));
        assertThat(answers).isGreaterThanOrEqualTo(66);
      } finally {
        channel.shutdownNow();
      }
    }
  }
}
