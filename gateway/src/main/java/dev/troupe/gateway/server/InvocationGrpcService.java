package dev.troupe.gateway.server;

import dev.troupe.actors.Platform;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.ModuleDescription;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls. Nothing here blocks, so that the service can run on gRPC's own threads: the call is told
 * to its tenant, and whoever ends it sends the answer.
 */
final class InvocationGrpcService extends InvocationServiceGrpc.InvocationServiceImplBase {
  private final Platform platform;
  private final Duration maxDeadline;

  InvocationGrpcService(Platform platform, Duration maxDeadline) {
    this.platform = platform;
    this.maxDeadline = maxDeadline;
  }

  @Override
  public void invoke(InvokeRequest request, StreamObserver<InvokeResponse> observer) {
    long arrivalNanos = System.nanoTime();
    Guarded.run(observer, () -> start(request, observer, arrivalNanos));
  }

  private void start(
      InvokeRequest request, StreamObserver<InvokeResponse> observer, long arrivalNanos) {
    ResourceName name = ResourceName.callable(request.getName());
    String entryPoint =
        request.getEntryPoint().isEmpty() ? ModuleDescription.HANDLE : request.getEntryPoint();
    CallLimits limits = CallMessages.limits(request.getLimits(), rpcDeadline());
    Call call =
        new Call(
            name.functionId(),
            name.version(),
            new CallRequest(entryPoint, CallMessages.input(request), limits.fuel()),
            limits,
            arrivalNanos);
    if (observer instanceof ServerCallStreamObserver<InvokeResponse> server) {
      server.setOnCancelHandler(() -> platform.cancel(name.tenant(), call));
    }
    var unused = call.answer().thenAccept(answer -> answer(answer, name, observer));
    platform.invoke(name.tenant(), call);
  }

  private static void answer(
      CallAnswer answer, ResourceName name, StreamObserver<InvokeResponse> observer) {
    if (observer instanceof ServerCallStreamObserver<InvokeResponse> server
        && server.isCancelled()) {
      return;
    }
    Answers.send(() -> response(answer, name), observer);
  }

  private static InvokeResponse response(CallAnswer answer, ResourceName name) {
    return switch (answer) {
      case CallAnswer.Returned returned ->
          CallMessages.returned(returned, name.tenant(), name.functionId());
      case CallAnswer.Trapped trapped ->
          CallMessages.trapped(trapped, name.tenant(), name.functionId());
      case CallAnswer.Refused refused -> throw Statuses.overQuota(refused.refusal(), name.tenant());
      case CallAnswer.NotFound missing -> throw Statuses.notFound(missing.resource());
      case CallAnswer.Invalid invalid ->
          throw Statuses.invalidArgument("entry_point", invalid.message());
      case CallAnswer.TooLate late -> throw Statuses.tooLate(late.queueNanos());
      case CallAnswer.Cancelled cancelled -> throw Statuses.cancelled();
      case CallAnswer.Unavailable unavailable -> throw Statuses.unavailable(unavailable.message());
      case CallAnswer.Failed failed -> throw Statuses.internal(failed.cause());
    };
  }

  /** What is left of the RPC's deadline, and never more than the platform's own limit. */
  private Duration rpcDeadline() {
    @Nullable Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return maxDeadline;
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
    return left.compareTo(maxDeadline) < 0 ? left : maxDeadline;
  }
}
