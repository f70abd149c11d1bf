package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.CreateTenantRequest;
import dev.troupe.functions.v1.DeployFunctionHeader;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.Values;
import dev.troupe.gateway.cli.Sha256;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.BlockingClientCall;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code troupe warm-up}: starts a server, deploys and calls a module, and ends. What the server's
 * ahead-of-time cache is trained on.
 */
@Command(name = "warm-up", hidden = true, description = "Start, serve one call, end.")
public final class WarmUpCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "A module that exports _start.")
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
        serveOneCall(channel, Files.readAllBytes(module));
      } finally {
        channel.shutdownNow();
      }
    } finally {
      delete(data);
    }
    return 0;
  }

  private static void serveOneCall(ManagedChannel channel, byte[] bytes)
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
    InvokeResponse unusedAnswer =
        InvocationServiceGrpc.newBlockingStub(channel)
            .invoke(
                InvokeRequest.newBuilder()
                    .setName("tenants/warm/functions/up")
                    .setEntryPoint("_start")
                    .setValues(Values.getDefaultInstance())
                    .build());
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
