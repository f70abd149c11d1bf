package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import dev.troupe.gateway.cli.Sha256;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes retries harmless (AIP-155). A request with an id that the tenant sent to the same method
 * before gets the first one's answer: at once when it has one, else together with the first. An
 * error is told to all who wait and forgotten, so the next attempt is a new one.
 *
 * <p>What is remembered is bounded for each tenant by number, bytes and age, and by bytes for all
 * together: then each tenant gets an equal share.
 */
final class Retries {
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}");

  private final RetrySettings settings;
  private final LongSupplier nanoTime;
  private final ConcurrentHashMap<String, RetryWindow> windows = new ConcurrentHashMap<>();

  Retries(RetrySettings settings, LongSupplier nanoTime) {
    this.settings = settings;
    this.nanoTime = nanoTime;
  }

  /**
   * A request with an id.
   *
   * @param tenant whose request
   * @param method to which method
   * @param requestId the id, a UUID
   * @param withoutId the request without its id; a request with the same id must be equal
   */
  record Request(String tenant, String method, String requestId, MessageLite withoutId) {
    Request {
      if (!UUID.matcher(requestId).matches()) {
        throw Statuses.invalidArgument("request_id", "must be a UUID in text form, or absent");
      }
    }

    RetryWindow.Key key() {
      return new RetryWindow.Key(method, requestId);
    }
  }

  /**
   * Executes a request, or finds its answer when it has an id.
   *
   * @param requestId the id, empty when there is none
   * @param withoutId the request without it
   * @param execute sends exactly one answer or error to what it is given
   */
  <M extends MessageLite> void run(
      String tenant,
      String method,
      String requestId,
      Supplier<? extends MessageLite> withoutId,
      StreamObserver<M> client,
      Consumer<StreamObserver<M>> execute) {
    if (requestId.isEmpty()) {
      execute.accept(client);
    } else {
      once(
          new Request(tenant, method, requestId, withoutId.get()),
          client,
          answer -> true,
          execute::accept);
    }
  }

  /**
   * Answers from memory, joins the request that is on its way, or executes it.
   *
   * @param worthRemembering whether an answer stands for good
   * @param execute sends exactly one answer or error to what it is given
   */
  <M extends MessageLite> void once(
      Request request,
      StreamObserver<M> client,
      Predicate<M> worthRemembering,
      Consumer<Shared<M>> execute) {
    ByteString fingerprint = digest(request.withoutId());
    while (true) {
      Found<M> found = find(request, fingerprint, worthRemembering);
      if (found.answer != null) {
        client.onNext(found.answer);
        client.onCompleted();
        return;
      }
      Shared<M> shared = found.shared;
      // One that ended meanwhile has left the window, or is about to: look again.
      if (shared != null && shared.join(client)) {
        if (found.mine) {
          execute(shared, execute);
        }
        return;
      }
      Thread.onSpinWait();
    }
  }

  private static <M> void execute(Shared<M> shared, Consumer<Shared<M>> execute) {
    try {
      execute.accept(shared);
    } catch (RuntimeException e) {
      shared.onError(Answers.failed(e));
    }
  }

  /** The answer that the request got before, or null. */
  <M extends MessageLite> @Nullable M remembered(Request request, Class<M> type) {
    ByteString fingerprint = digest(request.withoutId());
    RetryWindow.Remembered[] found = new RetryWindow.Remembered[1];
    windows.computeIfPresent(
        request.tenant(),
        (tenant, window) -> {
          trim(window);
          found[0] = window.find(request.key());
          return window.isEmpty() ? null : window;
        });
    RetryWindow.Remembered answer = found[0];
    if (answer == null) {
      return null;
    }
    checkSame(fingerprint, answer.fingerprint());
    return type.cast(answer.answer());
  }

  private record Found<M>(@Nullable M answer, @Nullable Shared<M> shared, boolean mine) {}

  // The window's method is part of its key, so the types of answers are those of the method.
  @SuppressWarnings("unchecked")
  private <M extends MessageLite> Found<M> find(
      Request request, ByteString fingerprint, Predicate<M> worthRemembering) {
    // What runs must not keep the request: its payload is there once already.
    String owner = request.tenant();
    RetryWindow.Key key = request.key();
    Found<?>[] result = new Found<?>[1];
    ByteString[] before = new ByteString[1];
    windows.compute(
        owner,
        (tenant, present) -> {
          RetryWindow window = present == null ? new RetryWindow() : present;
          trim(window);
          RetryWindow.Remembered answer = window.find(key);
          Shared<?> running = window.running.get(key);
          if (answer != null) {
            before[0] = answer.fingerprint();
            result[0] = new Found<>(answer.answer(), null, false);
          } else if (running != null) {
            before[0] = running.fingerprint;
            result[0] = new Found<>(null, running, false);
          } else {
            before[0] = fingerprint;
            Shared<M> fresh =
                new Shared<>(
                    fingerprint,
                    (self, ended) ->
                        end(
                            owner,
                            key,
                            self,
                            ended != null && worthRemembering.test(ended) ? ended : null));
            window.running.put(key, fresh);
            result[0] = new Found<>(null, fresh, true);
          }
          return window;
        });
    checkSame(fingerprint, before[0]);
    return (Found<M>) result[0];
  }

  private static void checkSame(ByteString fingerprint, ByteString before) {
    if (!fingerprint.equals(before)) {
      throw Statuses.invalidArgument(
          "request_id", "was used before for another request: make a new one for each request");
    }
  }

  private void end(
      String owner, RetryWindow.Key key, Shared<?> shared, @Nullable MessageLite answer) {
    windows.computeIfPresent(
        owner,
        (tenant, window) -> {
          boolean unused = window.running.remove(key, shared);
          if (answer != null) {
            var remembered =
                new RetryWindow.Remembered(shared.fingerprint, answer, nanoTime.getAsLong());
            // One that is too large alone would push out all others, and then itself.
            if (remembered.bytes() <= mostBytes()) {
              window.remember(key, remembered);
            }
          }
          trim(window);
          return window.isEmpty() ? null : window;
        });
  }

  private void trim(RetryWindow window) {
    window.trim(
        settings.answersPerTenant(), mostBytes(), nanoTime.getAsLong() - settings.age().toNanos());
  }

  /** What the answers of one tenant may hold just now. */
  private long mostBytes() {
    return Math.min(
        settings.bytesPerTenant(), settings.bytes() / Math.max(1, windows.mappingCount()));
  }

  /** Forgets what is too old, also of tenants that ask nothing any more. */
  void sweep() {
    for (String tenant : windows.keySet()) {
      windows.computeIfPresent(
          tenant,
          (same, window) -> {
            trim(window);
            return window.isEmpty() ? null : window;
          });
    }
  }

  /** Answers that are remembered. */
  long answers() {
    return windows.values().stream().mapToLong(RetryWindow::answers).sum();
  }

  /** What they hold. */
  long bytes() {
    return windows.values().stream().mapToLong(RetryWindow::bytes).sum();
  }

  private static ByteString digest(MessageLite message) {
    return ByteString.copyFrom(Sha256.of(message.toByteArray()));
  }
}
