package dev.troupe.gateway.server;

import dev.troupe.actors.Platform;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.functions.v1.InvokeResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call and the client that waits for its answer: cancels the call when the client goes, sends
 * the answer when it comes.
 */
final class Exchange implements Consumer<CallAnswer>, Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);

  private final Platform platform;
  private final ProgramLog programLog;
  private final CallableName name;
  private final Call call;
  private final StreamObserver<InvokeResponse> observer;

  Exchange(
      Platform platform,
      ProgramLog programLog,
      CallableName name,
      Call call,
      StreamObserver<InvokeResponse> observer) {
    this.platform = platform;
    this.programLog = programLog;
    this.name = name;
    this.call = call;
    this.observer = observer;
  }

  /** Sends the call on its way. On the thread of the service method, as gRPC wants it. */
  void begin() {
    if (observer instanceof ServerCallStreamObserver<InvokeResponse> server) {
      server.setOnCancelHandler(this);
    } else if (observer instanceof Shared<InvokeResponse> shared) {
      shared.onAbandoned(this);
    }
    call.whenAnswered(this);
    platform.invoke(name.tenant(), call);
  }

  /** The client has gone. */
  @Override
  public void run() {
    platform.cancel(name.tenant(), call);
  }

  /** The answer is there. On any thread. */
  @Override
  public void accept(CallAnswer answer) {
    String logId = programLog.take(name, answer);
    if (observer instanceof ServerCallStreamObserver<InvokeResponse> server
        && server.isCancelled()) {
      return;
    }
    try {
      send(answer, logId);
    } catch (RuntimeException failure) {
      // The client has gone while we answered.
      LOG.debug("an answer was not sent", failure);
    }
  }

  private void send(CallAnswer answer, String logId) {
    InvokeResponse message;
    try {
      message = response(answer, name, logId);
    } catch (RuntimeException failure) {
      observer.onError(Answers.failed(failure));
      return;
    }
    observer.onNext(message);
    observer.onCompleted();
  }

  /**
   * What the client is told; what it cannot be told is thrown.
   *
   * @param logId of {@link ProgramLog#take}
   */
  static InvokeResponse response(CallAnswer answer, CallableName name, String logId) {
    return switch (answer) {
      case CallAnswer.Returned returned -> CallMessages.returned(returned, name, logId);
      case CallAnswer.Trapped trapped -> CallMessages.trapped(trapped, name, logId);
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
}
