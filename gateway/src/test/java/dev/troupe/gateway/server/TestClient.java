package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.Durations;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.troupe.functions.v1.CreateTenantRequest;
import dev.troupe.functions.v1.DeployFunctionHeader;
import dev.troupe.functions.v1.DeployFunctionRequest;
import dev.troupe.functions.v1.DeployFunctionResponse;
import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.GetServerStatisticsRequest;
import dev.troupe.functions.v1.GetTenantStatisticsRequest;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.StatisticsServiceGrpc;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantServiceGrpc;
import dev.troupe.functions.v1.TenantStatistics;
import dev.troupe.functions.v1.TenantUsage;
import dev.troupe.functions.v1.Value;
import dev.troupe.functions.v1.Values;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.BlockingClientCall;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;

/** A client of a server, with what tests ask again and again. */
class TestClient implements AutoCloseable {
  final ManagedChannel channel;

  TestClient(String address) {
    channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
  }

  Tenant createTenant(String id, TenantQuotas.Builder quotas) {
    return TenantServiceGrpc.newBlockingStub(channel)
        .createTenant(
            CreateTenantRequest.newBuilder()
                .setTenantId(id)
                .setTenant(Tenant.newBuilder().setQuotas(quotas))
                .build());
  }

  DeployFunctionResponse deploy(String tenant, String function, String wat) throws StatusException {
    byte[] module = wat.getBytes(StandardCharsets.UTF_8);
    return deploy(header(tenant, function, module), module);
  }

  DeployFunctionResponse deploy(DeployFunctionHeader header, byte[] module) throws StatusException {
    BlockingClientCall<DeployFunctionRequest, DeployFunctionResponse> call =
        FunctionServiceGrpc.newBlockingV2Stub(channel).deployFunction();
    try {
      if (call.write(DeployFunctionRequest.newBuilder().setHeader(header).build())) {
        boolean unused =
            call.write(
                DeployFunctionRequest.newBuilder().setChunk(ByteString.copyFrom(module)).build());
      }
      call.halfClose();
      return call.read();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  static DeployFunctionHeader header(String tenant, String function, byte[] module) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(module);
      return DeployFunctionHeader.newBuilder()
          .setParent("tenants/" + tenant)
          .setFunctionId(function)
          .setSha256(ByteString.copyFrom(digest))
          .setModuleBytes(module.length)
          .build();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  static InvokeRequest request(String tenant, String function, String export, int... arguments) {
    Values.Builder values = Values.newBuilder();
    for (int argument : arguments) {
      values.addValues(Value.newBuilder().setI32(argument));
    }
    return InvokeRequest.newBuilder()
        .setName("tenants/" + tenant + "/functions/" + function)
        .setEntryPoint(export)
        .setValues(values)
        .build();
  }

  InvokeResponse invoke(InvokeRequest request) {
    return InvocationServiceGrpc.newBlockingStub(channel).invoke(request);
  }

  /**
   * The answer to a call that began before its deadline: a machine that stalls may not come to one
   * in time, which is sent again with twice the time.
   *
   * @param request the request with this deadline
   */
  InvokeResponse invokeUntilBegun(Function<Duration, InvokeRequest> request) {
    Duration deadline = Duration.ofMillis(250);
    while (true) {
      try {
        return invoke(request.apply(deadline));
      } catch (StatusRuntimeException late) {
        if (late.getStatus().getCode() != io.grpc.Status.Code.DEADLINE_EXCEEDED
            || deadline.toMinutes() >= 2) {
          throw late;
        }
        deadline = deadline.multipliedBy(2);
      }
    }
  }

  /** The same for a request that differs in nothing but its deadline. */
  InvokeResponse invokeUntilBegun(InvokeRequest request) {
    return invokeUntilBegun(deadline -> {
      InvokeRequest.Builder hasty = request.toBuilder();
      hasty.getLimitsBuilder().setDeadline(Durations.fromMillis(deadline.toMillis()));
      return hasty.build();
    });
  }

  ServerStatistics statistics() {
    return StatisticsServiceGrpc.newBlockingStub(channel)
        .getServerStatistics(GetServerStatisticsRequest.getDefaultInstance());
  }

  /** What a tenant does and has done. */
  TenantStatistics statistics(String tenant) {
    return StatisticsServiceGrpc.newBlockingStub(channel)
        .getTenantStatistics(
            GetTenantStatisticsRequest.newBuilder().setName("tenants/" + tenant).build());
  }

  /** What a tenant uses now. */
  TenantUsage usage(String tenant) {
    return statistics(tenant).getUsage();
  }

  /** The variables of an error: the metadata of its ErrorInfo. */
  static Map<String, String> variables(Throwable error) {
    Status status = StatusProto.fromThrowable(error);
    if (status == null) {
      throw new AssertionError("no status", error);
    }
    try {
      return status.getDetails(0).unpack(ErrorInfo.class).getMetadataMap();
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
