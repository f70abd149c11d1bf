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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The client of {@link InvokeBenchmark}: as cheap as gRPC allows. */
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

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private volatile boolean stopped;
  private volatile Phase phase = new Phase();

  /** The latencies of one phase. */
  private static final class Phase {
    private final DurationHistogram latencies = new DurationHistogram();

    synchronized void record(long nanos) {
      latencies.record(nanos);
    }

    synchronized DurationSnapshot snapshot() {
      return latencies.snapshot();
    }
  }

  private InvokeBenchmarkClient() {}

  /** Arguments: address, seconds, calls in flight, connections. */
  public static void main(String[] args) throws InterruptedException {
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
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
    client.run(seconds, inFlight);
    System.exit(0);
  }

  private void run(int seconds, int inFlight) throws InterruptedException {
    System.out.println("warming up");
    for (int index = 0; index < inFlight; index++) {
      closed(channels.get(index % channels.size()));
    }
    Thread.sleep(Math.max(8_000, seconds * 500L));
    double best = 0;
    for (int round = 0; round < 3; round++) {
      best = Math.max(best, measure("closed, " + inFlight + " in flight", seconds));
    }
    stopped = true;
    Thread.sleep(500);
    open(best * 0.7, seconds);
    System.out.println("errors " + errors.get());
  }

  private double measure(String what, int seconds) throws InterruptedException {
    System.out.println("begin");
    phase = new Phase();
    long before = done.get();
    long start = System.nanoTime();
    Thread.sleep(seconds * 1_000L);
    return report(what, done.get() - before, System.nanoTime() - start);
  }

  private double report(String what, long calls, long nanos) {
    DurationSnapshot latency = phase.snapshot();
    double rate = calls * 1e9 / nanos;
    System.out.printf(
        "%s: %,.0f calls/s, p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms%n",
        what,
        rate,
        latency.quantileNanos(0.5) / 1e6,
        latency.quantileNanos(0.99) / 1e6,
        latency.quantileNanos(0.999) / 1e6);
    System.out.println("calls " + calls);
    return rate;
  }

  /** Calls at a constant rate; the latency counts from the intended start. */
  private void open(double rate, int seconds) {
    double intervalNanos = 1e9 / rate;
    for (int warm = 0; warm < 2; warm++) {
      System.out.println("begin");
      phase = new Phase();
      long before = done.get();
      long start = System.nanoTime();
      long count = (long) (rate * (warm == 0 ? 2 : seconds));
      for (long number = 0; number < count; number++) {
        long due = start + (long) (number * intervalNanos);
        long left = due - System.nanoTime();
        if (left > 20_000) {
          LockSupport.parkNanos(left);
        }
        call(channels.get((int) (number % channels.size())), due, false);
      }
      if (warm == 1) {
        double _ =
            report(
                "open, %,.0f calls/s".formatted(rate),
                done.get() - before,
                System.nanoTime() - start);
      }
    }
  }

  private void closed(ManagedChannel channel) {
    call(channel, System.nanoTime(), true);
  }

  private void call(ManagedChannel channel, long startNanos, boolean again) {
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
            phase.record(System.nanoTime() - startNanos);
            done.incrementAndGet();
            if (again && !stopped) {
              closed(channel);
            }
          }
        });
  }
}
