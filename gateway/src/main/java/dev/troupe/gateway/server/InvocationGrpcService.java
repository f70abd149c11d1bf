package dev.troupe.gateway.server;

import dev.troupe.actors.Platform;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallLimits;
import dev.troupe.actors.port.CallInput;
import dev.troupe.actors.port.CallRequest;
import dev.troupe.actors.port.ModuleDescription;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.InvokeStreamResponse;
import dev.troupe.functions.v1.TrapKind;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Calls. Nothing here blocks, so that the service runs on the event loops: the call is admitted
 * there, and whoever ends it sends the answer ({@link Exchange}).
 */
final class InvocationGrpcService extends InvocationServiceGrpc.InvocationServiceImplBase {
  private final Platform platform;
  private final Retries retries;
  private final ProgramLog programLog;
  private final CallableName.Cache names = new CallableName.Cache();

  InvocationGrpcService(Platform platform, Retries retries, ProgramLog programLog) {
    this.platform = platform;
    this.retries = retries;
    this.programLog = programLog;
  }

  @Override
  public void invoke(InvokeRequest request, StreamObserver<InvokeResponse> observer) {
    long arrivalNanos = System.nanoTime();
    try {
      if (request.getRequestId().isEmpty()) {
        start(request, observer, arrivalNanos);
      } else {
        startOnce(request, observer, arrivalNanos);
      }
    } catch (RuntimeException failure) {
      observer.onError(Answers.failed(failure));
    }
  }

  private void startOnce(
      InvokeRequest request, StreamObserver<InvokeResponse> observer, long arrivalNanos) {
    Retries.Request identified =
        new Retries.Request(
            names.get(request.getName()).tenant(),
            "Invoke",
            request.getRequestId(),
            request.toBuilder().clearRequestId().build());
    retries.once(
        identified,
        observer,
        // Who retries what was cancelled wants it done.
        answer -> answer.getTrap().getKind() != TrapKind.TRAP_KIND_CANCELLED,
        shared -> start(request, shared, arrivalNanos));
  }

  @Override
  public StreamObserver<InvokeStreamRequest> invokeStream(
      StreamObserver<InvokeStreamResponse> observer) {
    Duration deadline = rpcDeadline();
    return new StreamExchange(
        platform,
        programLog,
        (request, pipes) -> {
          CallableName name = names.get(request.getName());
          return new StreamExchange.Started(
              name, call(request, name, new CallInput.Streams(pipes), deadline, System.nanoTime()));
        },
        (ServerCallStreamObserver<InvokeStreamResponse>) observer);
  }

  private void start(
      InvokeRequest request, StreamObserver<InvokeResponse> observer, long arrivalNanos) {
    CallableName name = names.get(request.getName());
    Call call = call(request, name, CallMessages.input(request), rpcDeadline(), arrivalNanos);
    new Exchange(platform, programLog, name, call, observer).begin();
  }

  private static Call call(
      InvokeRequest request,
      CallableName name,
      CallInput input,
      @Nullable Duration rpcDeadline,
      long arrivalNanos) {
    String entryPoint =
        request.getEntryPoint().isEmpty() ? ModuleDescription.HANDLE : request.getEntryPoint();
    CallLimits limits = CallMessages.limits(request.getLimits(), rpcDeadline);
    return new Call(
        name.functionId(),
        name.version(),
        new CallRequest(entryPoint, input, limits.fuel()),
        limits,
        arrivalNanos);
  }

  /** What is left of the RPC's deadline; null when it has none. */
  private static @Nullable Duration rpcDeadline() {
    @Nullable Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? null
        : Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }
}
