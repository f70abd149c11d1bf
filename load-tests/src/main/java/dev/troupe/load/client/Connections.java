package dev.troupe.load.client;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.Channel;
import io.grpc.netty.shaded.io.netty.channel.EventLoop;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.epoll.Epoll;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollIoHandler;
import io.grpc.netty.shaded.io.netty.channel.epoll.EpollSocketChannel;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Connections to one server and the few event loops that serve them. Each loop has its own
 * connections, so that a call begins and ends on one thread.
 */
public final class Connections implements AutoCloseable {
  private static final int MAX_MESSAGE_BYTES = 64 << 20;
  private static final long CLOSE_SECONDS = 5;

  /**
   * An event loop with its connections.
   *
   * @param eventLoop runs everything that the connections do
   * @param channels the connections
   */
  record Loop(EventLoop eventLoop, List<ManagedChannel> channels) {}

  private final List<MultiThreadIoEventLoopGroup> groups = new ArrayList<>();
  private final List<Loop> loops = new ArrayList<>();

  private Connections() {}

  /**
   * Prepares connections; they are opened by the first call.
   *
   * @param target host and port
   * @param connections how many
   * @param eventLoops how many threads serve them; no more than there are connections
   */
  public static Connections open(String target, int connections, int eventLoops) {
    Connections result = new Connections();
    int threads = Math.min(connections, eventLoops);
    for (int i = 0; i < threads; i++) {
      MultiThreadIoEventLoopGroup group =
          new MultiThreadIoEventLoopGroup(
              1,
              Thread.ofPlatform().name("troupe-load-", i).daemon().factory(),
              Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
      result.groups.add(group);
      var unused = group.next().submit(ShortSlices::ask);
      Class<? extends Channel> socket =
          Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class;
      List<ManagedChannel> channels = new ArrayList<>();
      for (int c = i; c < connections; c += threads) {
        channels.add(
            NettyChannelBuilder.forTarget(target)
                .usePlaintext()
                .directExecutor()
                // A call is made once: repeating it is the server's or the scenario's matter.
                .disableRetry()
                .eventLoopGroup(group)
                .channelType(socket)
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .build());
      }
      result.loops.add(new Loop(group.next(), channels));
    }
    return result;
  }

  List<Loop> loops() {
    return loops;
  }

  /**
   * Connects what is not connected, so that connecting is not measured as a call. After the time is
   * over, what is not connected stays so, and its calls fail.
   */
  public void connect(long patienceNanos) throws InterruptedException {
    long deadline = System.nanoTime() + patienceNanos;
    for (Loop loop : loops) {
      for (ManagedChannel channel : loop.channels) {
        channel.resetConnectBackoff();
        ConnectivityState state = channel.getState(true);
        while (state != ConnectivityState.READY && deadline - System.nanoTime() > 0) {
          CountDownLatch changed = new CountDownLatch(1);
          channel.notifyWhenStateChanged(state, changed::countDown);
          boolean unused = changed.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
          state = channel.getState(true);
        }
      }
    }
  }

  /** Ends what is in flight and waits, for a bounded time, until the loops have ended. */
  @Override
  public void close() {
    for (Loop loop : loops) {
      loop.channels.forEach(ManagedChannel::shutdownNow);
    }
    try {
      for (Loop loop : loops) {
        for (ManagedChannel channel : loop.channels) {
          boolean unused = channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        }
      }
      for (MultiThreadIoEventLoopGroup group : groups) {
        var unused =
            group
                .shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS)
                .await(CLOSE_SECONDS, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
