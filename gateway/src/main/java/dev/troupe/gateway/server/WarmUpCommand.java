package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.CreateTenantRequest;
import dev.troupe.functions.v1.DeployFunctionHeader;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.gateway.cli.Sha256;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code troupe warm-up}: starts a server, deploys a module, calls it for some seconds, and ends.
 * What the server's ahead-of-time cache is trained on: besides classes it keeps the profiles of the
 * methods, so that a server compiles the way of a call right after its start and not, in bursts
 * that calls wait for, in its first half minute under load.
 */
@Command(name = "warm-up", hidden = true, description = "Start, serve calls, end.")
public final class WarmUpCommand implements Callable<Integer> {
  private static final String FUNCTION = "tenants/warm/functions/up";
  private static final Duration BUSY = Duration.ofSeconds(4);
  private static final Duration CALM = Duration.ofSeconds(3);

  @Parameters(
      paramLabel = "FILE",
      description = "A module that exports _start, and handle, which answers with its payload.")
  Path module = Path.of("");

  @Override
  public Integer call()
      throws IOException, ServerConfig.BadConfigException, StatusException, InterruptedException {
    Path data = Files.createTempDirectory("troupe-warm-up");
    Map<String, Object> settings =
        Map.of(
            "listen.port",
            0,
            "admin.port",
            0,
            "data",
            data.toString(),
            "pool.memories",
            16,
            "pool.stacks",
            16);
    try (TroupeServer server = TroupeServer.start(ServerConfig.load(null, settings))) {
      ManagedChannel channel =
          NettyChannelBuilder.forTarget(server.address()).usePlaintext().build();
      try {
        deploy(channel, Files.readAllBytes(module));
        new WarmUpCalls(channel, FUNCTION).run(BUSY, CALM);
      } finally {
        channel.shutdownNow();
      }
    } finally {
      delete(data);
    }
    return 0;
  }

  private static void deploy(ManagedChannel channel, byte[] bytes)
      throws StatusException, InterruptedException {
    Tenant unusedTenant =
        TenantServiceGrpc.newBlockingStub(channel)
            .createTenant(CreateTenantRequest.newBuilder().setTenantId("warm").build());
    BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse> upload =
        FunctionServiceGrpc.newBlockingV2Stub(channel).deployFunction();
    boolean unusedHeader =
        upload.write(
            DeployFunctionRequest.newBuilder()
                .setHeader(
                    DeployFunctionHeader.newBuilder()
                        .setParent("tenants/warm")
                        .setFunctionId("up")
                        .setSha256(ByteString.copyFrom(Sha256.of(bytes)))
                        .setModuleBytes(bytes.length))
                .build());
    boolean unusedChunk =
        upload.write(
            DeployFunctionRequest.newBuilder().setChunk(ByteString.copyFrom(bytes)).build());
    upload.halfClose();
    DeployFunctionResponse unusedVersion = upload.read();
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
