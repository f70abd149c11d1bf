package dev.troupe.gateway.server;

import io.grpc.stub.StreamObserver;

/** Runs the synchronous part of a service method; what it throws is the answer. */
final class Guarded {
  private Guarded() {}

  static void run(StreamObserver<?> observer, Runnable body) {
    try {
      body.run();
    } catch (RuntimeException e) {
      observer.onError(Answers.failed(e));
    }
  }
}
