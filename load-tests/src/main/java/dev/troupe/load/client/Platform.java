package dev.troupe.load.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import dev.troupe.functions.v1.CreateTenantRequest;
import dev.troupe.functions.v1.DeleteTenantRequest;
import dev.troupe.functions.v1.DeployFunctionHeader;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.functions.v1.Function;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.GetFunctionRequest;
import dev.troupe.functions.v1.GetServerStatisticsRequest;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.StatisticsServiceGrpc;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.UpdateTenantRequest;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

/** The administrative calls that load tests make, blocking. */
public final class Platform {
  private static final int CHUNK_BYTES = 256 << 10;
  private static final int STATISTICS_SECONDS = 60;

  private final Channel channel;

  /** Talks over this channel. */
  public Platform(Channel channel) {
    this.channel = channel;
  }

  /** Creates a tenant. */
  public Tenant createTenant(String id, TenantQuotas quotas) {
    return TenantServiceGrpc.newBlockingStub(channel)
        .createTenant(
            CreateTenantRequest.newBuilder()
                .setTenantId(id)
                .setTenant(Tenant.newBuilder().setQuotas(quotas))
                .build());
  }

  /** Changes the quotas that are set, and no others. */
  public Tenant updateQuotas(String id, TenantQuotas quotas) {
    return TenantServiceGrpc.newBlockingStub(channel)
        .updateTenant(
            UpdateTenantRequest.newBuilder()
                .setTenant(Tenant.newBuilder().setName("tenants/" + id).setQuotas(quotas))
                .build());
  }

  /** Deletes a tenant with all its functions. */
  public void deleteTenant(String id) {
    Empty unused =
        TenantServiceGrpc.newBlockingStub(channel)
            .deleteTenant(
                DeleteTenantRequest.newBuilder().setName("tenants/" + id).setForce(true).build());
  }

  /**
   * Uploads a module, binary or text.
   *
   * @throws StatusException what the server refused
   */
  public DeployFunctionResponse deploy(String tenant, String function, byte[] module)
      throws StatusException, InterruptedException {
    BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse> call =
        FunctionServiceGrpc.newBlockingV2Stub(channel).deployFunction();
    boolean open =
        call.write(
            DeployFunctionRequest.newBuilder()
                .setHeader(
                    DeployFunctionHeader.newBuilder()
                        .setParent("tenants/" + tenant)
                        .setFunctionId(function)
                        .setSha256(ByteString.copyFrom(sha256(module)))
                        .setModuleBytes(module.length))
                .build());
    for (int at = 0; open && at < module.length; at += CHUNK_BYTES) {
      int length = Math.min(CHUNK_BYTES, module.length - at);
      open =
          call.write(
              DeployFunctionRequest.newBuilder()
                  .setChunk(ByteString.copyFrom(module, at, length))
                  .build());
    }
    call.halfClose();
    return call.read();
  }

  /**
   * A function that exists.
   *
   * @param name {@code tenants/T/functions/F}
   */
  public Function function(String name) {
    return FunctionServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(STATISTICS_SECONDS, TimeUnit.SECONDS)
        .getFunction(GetFunctionRequest.newBuilder().setName(name).build());
  }

  /** Waits until the server answers; throws what it said when it does not in time. */
  public void awaitServer(long seconds) {
    var unused =
        StatisticsServiceGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(seconds, TimeUnit.SECONDS)
            .getServerStatistics(GetServerStatisticsRequest.getDefaultInstance());
  }

  /** What the server says of itself. */
  public ServerStatistics statistics() {
    return StatisticsServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(STATISTICS_SECONDS, TimeUnit.SECONDS)
        .getServerStatistics(GetServerStatisticsRequest.getDefaultInstance());
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
