package dev.troupe.gateway.server;

import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Value;
import dev.troupe.functions.v1.Values;
import dev.troupe.scheduler.DurationHistogram;
import dev.troupe.scheduler.DurationSnapshot;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The client of {@link InvokeBenchmark}: rounds of so many calls, each caller one after the other.
 * An open model and latencies to believe are the business of {@code ./troupe load}.
 */
final class InvokeBenchmarkClient {
  private static final InvokeRequest REQUEST =
      InvokeRequest.newBuilder()
          .setName("tenants/bench/functions/add")
          .setEntryPoint("add")
          .setValues(
              Values.newBuilder()
                  .addValues(Value.newBuilder().setI32(20))
                  .addValues(Value.newBuilder().setI32(22)))
          .build();

  private static final int ROUNDS = 4;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicLong errors = new AtomicLong();

  /** A number of calls, and what they took. */
  private static final class Round {
    private final DurationHistogram latencies = new DurationHistogram();
    private final long calls;
    private final AtomicLong started = new AtomicLong();
    private final CountDownLatch left;

    Round(int calls) {
      this.calls = calls;
      this.left = new CountDownLatch(calls);
    }

    boolean starts() {
      return started.getAndIncrement() < calls;
    }

    synchronized void ended(long nanos) {
      latencies.record(nanos);
      left.countDown();
    }

    synchronized DurationSnapshot snapshot() {
      return latencies.snapshot();
    }
  }

  private InvokeBenchmarkClient() {}

  /** Arguments: address, calls of a round, calls in flight, connections. */
  public static void main(String[] args) throws InterruptedException {
    int calls = args.length > 1 ? Integer.parseInt(args[1]) : 200_000;
    int inFlight = args.length > 2 ? Integer.parseInt(args[2]) : 64;
    int connections = args.length > 3 ? Integer.parseInt(args[3]) : 2;
    InvokeBenchmarkClient client = new InvokeBenchmarkClient();
    MultiThreadIoEventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    for (int index = 0; index < connections; index++) {
      client.channels.add(
          NettyChannelBuilder.forTarget(args[0])
              .usePlaintext()
              .directExecutor()
              .eventLoopGroup(loops)
              .channelType(NioSocketChannel.class)
              .build());
    }
    for (int number = 0; number < ROUNDS; number++) {
      client.round(number == 0 ? "warming up" : inFlight + " in flight", calls, inFlight);
    }
    System.out.println("errors " + client.errors.get());
    System.exit(0);
  }

  private void round(String what, int calls, int inFlight) throws InterruptedException {
    System.out.println("begin");
    Round round = new Round(calls);
    long start = System.nanoTime();
    for (int index = 0; index < inFlight; index++) {
      next(channels.get(index % channels.size()), round);
    }
    round.left.await();
    report(what, round, System.nanoTime() - start);
  }

  private static void report(String what, Round round, long nanos) {
    DurationSnapshot latency = round.snapshot();
    System.out.printf(
        "%s: %,.0f calls/s, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms%n",
        what,
        round.calls * 1e9 / nanos,
        latency.quantileNanos(0.5) / 1e6,
        latency.quantileNanos(0.99) / 1e6,
        latency.quantileNanos(0.999) / 1e6);
    System.out.println("calls " + round.calls);
  }

  /** One call, and when it ends the next one, as long as the round has any. */
  private void next(ManagedChannel channel, Round round) {
    if (!round.starts()) {
      return;
    }
    long startNanos = System.nanoTime();
    ClientCall<InvokeRequest, InvokeResponse> call =
        channel.newCall(InvocationServiceGrpc.getInvokeMethod(), CallOptions.DEFAULT);
    ClientCalls.asyncUnaryCall(
        call,
        REQUEST,
        new StreamObserver<>() {
          @Override
          public void onNext(InvokeResponse response) {
            if (response.getResults().getValues(0).getI32() != 42) {
              errors.incrementAndGet();
            }
          }

          @Override
          public void onError(Throwable failure) {
            errors.incrementAndGet();
            onCompleted();
          }

          @Override
          public void onCompleted() {
            round.ended(System.nanoTime() - startNanos);
            next(channel, round);
          }
        });
  }
}
