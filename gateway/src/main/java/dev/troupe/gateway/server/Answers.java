package dev.troupe.gateway.server;

import dev.troupe.actors.Reply;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Sends replies of the actors to gRPC clients. */
final class Answers {
  private Answers() {}

  /** Sends a reply when it comes. */
  static <T, M> void send(
      CompletionStage<Reply<T>> reply,
      String tenant,
      Function<T, M> toMessage,
      StreamObserver<M> observer) {
    var unused =
        reply.whenComplete((answer, failure) -> {
          if (failure != null) {
            observer.onError(failed(failure));
          } else {
            send(() -> toMessage.apply(value(answer, tenant)), observer);
          }
        });
  }

  /** Sends what {@code message} makes, or its failure. */
  static <M> void send(Supplier<M> message, StreamObserver<M> observer) {
    M made;
    try {
      made = message.get();
    } catch (RuntimeException e) {
      observer.onError(failed(e));
      return;
    }
    observer.onNext(made);
    observer.onCompleted();
  }

  /** The value of a reply that was not rejected; otherwise its rejection is thrown. */
  static <T> T value(Reply<T> reply, String tenant) {
    return switch (reply) {
      case Reply.Done<T> done -> done.value();
      case Reply.Rejected<T> rejected -> throw Statuses.of(rejected.reason(), tenant);
    };
  }

  /** What a client gets to know of a failure. */
  static StatusRuntimeException failed(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof StatusRuntimeException status ? status : Statuses.internal(cause);
  }
}
