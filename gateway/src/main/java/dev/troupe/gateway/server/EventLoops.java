package dev.troupe.gateway.server;

import dev.troupe.engine.os.NativeThread;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioServerSocketChannel;
import io.grpc.netty.shaded.io.netty.util.ResourceLeakDetector;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read requests, admit calls and write answers. They use Java's own selectors:
 * nothing native is unpacked, and there is one way to test.
 */
final class EventLoops implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup group;

  /** Starts that many threads when the first connections come. */
  EventLoops(int threads) {
    // It takes a stack trace of every 128th buffer; buffers are Netty's own affair here.
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    group = new MultiThreadIoEventLoopGroup(threads, new NetThreads(), NioIoHandler.newFactory());
  }

  /** They do little at a time, and both clients and workers wait for it. */
  private static final class NetThreads extends DefaultThreadFactory {
    NetThreads() {
      super("troupe-net", true);
    }

    @Override
    public Thread newThread(Runnable loop) {
      return super.newThread(() -> {
        boolean _ = NativeThread.current().askForShortSlices();
        loop.run();
      });
    }
  }

  /** Makes the server of {@code builder} run on these threads. */
  NettyServerBuilder addTo(NettyServerBuilder builder) {
    return builder
        .bossEventLoopGroup(group)
        .workerEventLoopGroup(group)
        .channelType(NioServerSocketChannel.class);
  }

  /** Ends the threads; the server must have been stopped. */
  @Override
  public void close() {
    var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
