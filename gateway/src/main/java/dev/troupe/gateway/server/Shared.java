package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of a request that several clients wait for, because they sent the same request id.
 * Its answer goes to all of them. When all have gone, whoever executes it is told. Thread-safe.
 */
final class Shared<M> implements StreamObserver<M> {
  private static final Logger LOG = LoggerFactory.getLogger(Shared.class);

  final ByteString fingerprint;

  private final BiConsumer<Shared<M>, @Nullable M> ended;
  private final List<StreamObserver<M>> clients = new ArrayList<>();
  private @Nullable Runnable abandoned;
  private boolean over;

  /**
   * An execution that nobody waits for yet.
   *
   * @param fingerprint digest of the request
   * @param ended told once, before the clients: this execution and its answer, or null for an error
   */
  Shared(ByteString fingerprint, BiConsumer<Shared<M>, @Nullable M> ended) {
    this.fingerprint = fingerprint;
    this.ended = ended;
  }

  /** Adds a client; false when the execution is over or given up: then it is too late. */
  boolean join(StreamObserver<M> client) {
    synchronized (this) {
      if (over) {
        return false;
      }
      clients.add(client);
    }
    if (client instanceof ServerCallStreamObserver<M> server) {
      server.setOnCancelHandler(() -> leave(client));
    }
    return true;
  }

  /** What to do when no client is left. */
  void onAbandoned(Runnable action) {
    boolean late;
    synchronized (this) {
      abandoned = action;
      late = over && clients.isEmpty();
    }
    if (late) {
      action.run();
    }
  }

  private void leave(StreamObserver<M> client) {
    Runnable action = null;
    synchronized (this) {
      boolean unused = clients.remove(client);
      if (!over && clients.isEmpty() && abandoned != null) {
        // Whoever comes now must not get what was given up.
        over = true;
        action = abandoned;
      }
    }
    if (action != null) {
      ended.accept(this, null);
      action.run();
    }
  }

  @Override
  public void onNext(M answer) {
    for (StreamObserver<M> client : finish(answer)) {
      deliver(() -> {
        client.onNext(answer);
        client.onCompleted();
      });
    }
  }

  @Override
  public void onError(Throwable failure) {
    for (StreamObserver<M> client : finish(null)) {
      deliver(() -> client.onError(failure));
    }
  }

  /** The answer completes it already. */
  @Override
  public void onCompleted() {}

  private List<StreamObserver<M>> finish(@Nullable M answer) {
    synchronized (this) {
      if (over) {
        return List.of();
      }
    }
    // Remembered first: whoever is too late to join finds the answer.
    ended.accept(this, answer);
    synchronized (this) {
      over = true;
      List<StreamObserver<M>> all = List.copyOf(clients);
      clients.clear();
      return all;
    }
  }

  private static void deliver(Runnable delivery) {
    try {
      delivery.run();
    } catch (RuntimeException gone) {
      // One client that went away must not cost the others their answer.
      LOG.debug("an answer was not sent", gone);
    }
  }
}
