package dev.troupe.gateway.server;

import com.google.protobuf.ByteString;
import dev.troupe.actors.Platform;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.call.Call;
import dev.troupe.actors.call.CallAnswer;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeStreamRequest;
import dev.troupe.functions.v1.InvokeStreamResponse;
import dev.troupe.gateway.program.PipeStreams;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One program and its client, with a pipe each way.
 *
 * <pre>
 *   client --message--> pending --as much as fits--> input pipe --> guest
 *   client <--message-- while it takes more <------- output pipe <-- guest
 * </pre>
 *
 * <p>The next message is asked for when the one before is in the pipe, and the output pipe is read
 * when the client takes more: whoever is slow fills the pipe before him, and who fills it waits,
 * the guest parked and the client by HTTP/2's flow control. Nobody blocks.
 *
 * <p>Each message counts in the quota for payloads, as one that came whole would; one that would be
 * too much stops the program and is not passed on. What the program writes is bounded where it
 * writes it: the client gets what is within the quota for answers, and then the refusal.
 *
 * <p>The lock guards all fields: the client's messages come on an event loop, the guest's progress
 * on workers.
 */
final class StreamExchange implements StreamObserver<InvokeStreamRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(StreamExchange.class);
  private static final int CHUNK_BYTES = 16 << 10;

  private final Platform platform;
  private final ProgramLog programLog;
  private final BiFunction<InvokeRequest, PipeStreams, Started> starter;
  private final ServerCallStreamObserver<InvokeStreamResponse> client;
  private final PipeStreams pipes = PipeStreams.create();

  private @Nullable Started started;
  private ByteString pending = ByteString.EMPTY;
  private boolean inputEnded;
  private boolean feeding;
  private boolean draining;
  private byte @Nullable [] chunk;
  private @Nullable CallAnswer answer;
  private String logId = "";
  private boolean over;

  /** A call that was made of the first message. */
  record Started(CallableName name, Call call) {}

  /**
   * A stream that waits for its first message. On the thread of the service method.
   *
   * @param starter makes a call of the first message
   */
  StreamExchange(
      Platform platform,
      ProgramLog programLog,
      BiFunction<InvokeRequest, PipeStreams, Started> starter,
      ServerCallStreamObserver<InvokeStreamResponse> client) {
    this.platform = platform;
    this.programLog = programLog;
    this.starter = starter;
    this.client = client;
    client.disableAutoRequest();
    client.setOnReadyHandler(this::drain);
    client.setOnCancelHandler(this::abandon);
    client.request(1);
  }

  // ---------------------------------------------------------------- from the client

  @Override
  public void onNext(InvokeStreamRequest message) {
    Started begun = null;
    synchronized (this) {
      if (over) {
        return;
      }
      try {
        switch (message.getPartCase()) {
          case START -> begun = start(message.getStart());
          case INPUT -> {
            if (started == null) {
              throw Statuses.invalidArgument("start", "must come before any input");
            }
            pending = message.getInput();
            var _ = pipes.received().addAndGet(pending.size());
          }
          case PART_NOT_SET ->
              throw Statuses.invalidArgument("part", "a message holds neither start nor input");
        }
      } catch (RuntimeException e) {
        fail(e);
        return;
      }
    }
    if (begun != null) {
      begun.call().whenAnswered(this::answered);
      platform.invoke(begun.name().tenant(), begun.call());
    } else if (refusedFor(pipes.bytesIn())) {
      return;
    }
    feed();
  }

  /**
   * Stops the program if its client has sent too much; the refusal comes as its answer. Not under
   * the lock.
   */
  private boolean refusedFor(long bytes) {
    Started begun = begun();
    if (begun == null) {
      return false;
    }
    String tenant = begun.name().tenant();
    Refusal refusal = platform.refusalOfInput(tenant, begun.call(), bytes);
    if (refusal == null) {
      return false;
    }
    platform.refuse(tenant, begun.call(), refusal);
    return true;
  }

  private synchronized @Nullable Started begun() {
    return started;
  }

  private Started start(InvokeRequest request) {
    if (started != null) {
      throw Statuses.invalidArgument("start", "came twice");
    }
    if (request.hasValues()) {
      throw Statuses.invalidArgument("start.values", "a program that streams takes no values");
    }
    if (!request.getRequestId().isEmpty()) {
      throw Statuses.invalidArgument(
          "start.request_id", "a stream cannot be repeated: leave it empty");
    }
    Started begun = starter.apply(request, pipes);
    started = begun;
    pending = request.getPayload();
    var _ = pipes.received().addAndGet(pending.size());
    return begun;
  }

  @Override
  public void onCompleted() {
    synchronized (this) {
      inputEnded = true;
      if (started == null && !over) {
        fail(Statuses.invalidArgument("start", "is missing"));
        return;
      }
    }
    feed();
  }

  /** Puts what the client sent into the pipe, and asks for more when all of it is there. */
  private synchronized void feed() {
    while (!over && !feeding) {
      if (pending.isEmpty()) {
        if (inputEnded) {
          pipes.input().end();
        } else {
          client.request(1);
        }
        return;
      }
      int room = pipes.input().room();
      if (room == 0) {
        CompletableFuture<?> writable = pipes.input().writable();
        if (writable.isDone()) {
          continue;
        }
        feeding = true;
        var _ =
            writable.thenRun(() -> {
              synchronized (this) {
                feeding = false;
              }
              feed();
            });
        // Whoever is called back does the rest, and may have done it already.
        return;
      }
      int length = Math.min(pending.size(), Math.min(CHUNK_BYTES, room));
      byte[] next = pending.substring(0, length).toByteArray();
      int taken = pipes.input().write(next, 0, length);
      pending = pending.substring(taken);
    }
  }

  @Override
  public void onError(Throwable cancelled) {
    abandon();
  }

  /** The client has gone. */
  private void abandon() {
    Started begun;
    synchronized (this) {
      over = true;
      begun = started;
    }
    release();
    if (begun != null) {
      platform.cancel(begun.name().tenant(), begun.call());
    }
  }

  // ---------------------------------------------------------------- to the client

  /** The program has ended, or did not begin. On any thread. */
  private void answered(CallAnswer end) {
    Started begun = begun();
    String id = begun == null ? "" : programLog.take(begun.name(), end);
    synchronized (this) {
      answer = end;
      logId = id;
    }
    // What it wrote goes out first.
    pipes.output().end();
    drain();
  }

  /** Sends what the program wrote as long as the client takes it, and the end behind it. */
  private void drain() {
    try {
      send();
    } catch (RuntimeException gone) {
      LOG.debug("output was not sent", gone);
      // Nobody will read what the program still writes.
      abandon();
    }
  }

  private synchronized void send() {
    while (!over && !draining && client.isReady()) {
      byte[] buffer = chunk;
      if (buffer == null) {
        buffer = new byte[CHUNK_BYTES];
        chunk = buffer;
      }
      int count = pipes.output().read(buffer, 0, buffer.length);
      if (count > 0) {
        client.onNext(
            InvokeStreamResponse.newBuilder()
                .setOutput(ByteString.copyFrom(buffer, 0, count))
                .build());
      } else if (count == 0) {
        CompletableFuture<?> readable = pipes.output().readable();
        if (readable.isDone()) {
          continue;
        }
        draining = true;
        var _ =
            readable.thenRun(() -> {
              synchronized (this) {
                draining = false;
              }
              drain();
            });
        return;
      } else {
        finish();
        return;
      }
    }
  }

  /** At the end of the output: a program may close it and go on. */
  private void finish() {
    Started begun = started;
    if (answer == null || begun == null) {
      return;
    }
    InvokeStreamResponse last;
    try {
      last =
          InvokeStreamResponse.newBuilder()
              .setEnd(Exchange.response(answer, begun.name(), logId))
              .build();
    } catch (RuntimeException e) {
      fail(e);
      return;
    }
    over = true;
    client.onNext(last);
    client.onCompleted();
    release();
  }

  private void fail(RuntimeException e) {
    over = true;
    client.onError(Answers.failed(e));
    release();
  }

  /** Nobody reads and nobody writes any more. */
  private void release() {
    pipes.input().end();
    pipes.output().closeReader();
  }
}
