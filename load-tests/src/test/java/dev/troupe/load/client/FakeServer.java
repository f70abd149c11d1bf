package dev.troupe.load.client;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import dev.troupe.functions.v1.InvocationServiceGrpc.InvocationServiceImplBase;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;

/** A real gRPC server on loopback that answers as a test wants, or not at all while it stalls. */
final class FakeServer implements AutoCloseable {
  private final Server server;
  private final Deque<Runnable> held = new ArrayDeque<>();
  private boolean stalled;
  private long arrived;

  private FakeServer(BiConsumer<InvokeRequest, StreamObserver<InvokeResponse>> behaviour)
      throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(
                new InvocationServiceImplBase() {
                  @Override
                  public void invoke(
                      InvokeRequest request, StreamObserver<InvokeResponse> responses) {
                    hold(() -> behaviour.accept(request, responses));
                  }
                })
            .build()
            .start();
  }

  static FakeServer answering(BiConsumer<InvokeRequest, StreamObserver<InvokeResponse>> behaviour)
      throws IOException {
    return new FakeServer(behaviour);
  }

  /** Answers with the payload. */
  static FakeServer echo() throws IOException {
    return answering((request, responses) -> {
      responses.onNext(InvokeResponse.newBuilder().setPayload(request.getPayload()).build());
      responses.onCompleted();
    });
  }

  static RuntimeException error(int code, String reason, String quota) {
    ErrorInfo.Builder info = ErrorInfo.newBuilder().setReason(reason);
    if (!quota.isEmpty()) {
      info.putMetadata("quota", quota);
    }
    return StatusProto.toStatusRuntimeException(
        Status.newBuilder().setCode(code).addDetails(Any.pack(info.build())).build());
  }

  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** Calls that arrived so far. */
  synchronized long arrived() {
    return arrived;
  }

  /** Answers nothing until {@link #goOn}. */
  synchronized void stall() {
    stalled = true;
  }

  /** Answers what arrived while it stalled, and everything that follows. */
  void goOn() {
    Deque<Runnable> late;
    synchronized (this) {
      stalled = false;
      late = new ArrayDeque<>(held);
      held.clear();
    }
    late.forEach(Runnable::run);
  }

  /** Ends without a word, with calls in flight. */
  void vanish() {
    server.shutdownNow();
  }

  private void hold(Runnable answer) {
    synchronized (this) {
      arrived++;
      if (stalled) {
        held.add(answer);
        return;
      }
    }
    answer.run();
  }

  @Override
  public void close() {
    vanish();
  }
}
