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
import dev.troupe.functions.v1.TrapKind;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls. Nothing here blocks, so that the service runs on the event loops: the call is admitted
 * there, and whoever ends it sends the answer.
 */
final class InvocationGrpcService extends InvocationServiceGrpc.InvocationServiceImplBase {
  private static final Logger LOG = LoggerFactory.getLogger(InvocationGrpcService.class);

  private final Platform platform;
  private final Retries retries;
  private final CallableName.Cache names = new CallableName.Cache();

  InvocationGrpcService(Platform platform, Retries retries) {
    this.platform = platform;
    this.retries = retries;
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

  private void start(
      InvokeRequest request, StreamObserver<InvokeResponse> observer, long arrivalNanos) {
    CallableName name = names.get(request.getName());
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
    Exchange exchange = new Exchange(platform, name, call, observer);
    if (observer instanceof ServerCallStreamObserver<InvokeResponse> server) {
      server.setOnCancelHandler(exchange);
    } else if (observer instanceof Shared<InvokeResponse> shared) {
      shared.onAbandoned(exchange);
    }
    call.whenAnswered(exchange);
    platform.invoke(name.tenant(), call);
  }

  /** A call and whom to answer. Runs when the client cancels. */
  private record Exchange(
      Platform platform, CallableName name, Call call, StreamObserver<InvokeResponse> observer)
      implements Consumer<CallAnswer>, Runnable {

    @Override
    public void run() {
      platform.cancel(name.tenant(), call);
    }

    @Override
    public void accept(CallAnswer answer) {
      if (observer instanceof ServerCallStreamObserver<InvokeResponse> server
          && server.isCancelled()) {
        return;
      }
      try {
        send(answer);
      } catch (RuntimeException failure) {
        // The client has gone while we answered, or the answer is too large to be sent.
        LOG.debug("an answer was not sent", failure);
      }
    }

    private void send(CallAnswer answer) {
      InvokeResponse message;
      try {
        message = response(answer, name);
      } catch (RuntimeException failure) {
        observer.onError(Answers.failed(failure));
        return;
      }
      observer.onNext(message);
      observer.onCompleted();
    }
  }

  private static InvokeResponse response(CallAnswer answer, CallableName name) {
    return switch (answer) {
      case CallAnswer.Returned returned -> CallMessages.returned(returned, name);
      case CallAnswer.Trapped trapped -> CallMessages.trapped(trapped, name);
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

  /** What is left of the RPC's deadline; null when it has none. */
  private static @Nullable Duration rpcDeadline() {
    @Nullable Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? null
        : Duration.ofNanos(Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }
}
