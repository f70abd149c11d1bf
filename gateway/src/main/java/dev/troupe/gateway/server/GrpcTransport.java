package dev.troupe.gateway.server;

import dev.troupe.functions.v1.FunctionServiceGrpc;
import dev.troupe.functions.v1.InvocationServiceGrpc;
import dev.troupe.functions.v1.StatisticsServiceGrpc;
import dev.troupe.functions.v1.TenantServiceGrpc;
import io.grpc.Attributes;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.ServiceDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The network side of the services: what a connection may do, and how many there are. */
final class GrpcTransport {
  /** Begins the names of all services of ours. */
  static final String OURS = "dev.troupe.functions.v1.";

  private static final long GOODBYE_MILLIS = 1000;

  /** Services of ours. */
  static final List<ServiceDescriptor> SERVICES =
      List.of(
          FunctionServiceGrpc.getServiceDescriptor(),
          InvocationServiceGrpc.getServiceDescriptor(),
          StatisticsServiceGrpc.getServiceDescriptor(),
          TenantServiceGrpc.getServiceDescriptor());

  private final ServerConfig config;
  private final EventLoops loops = new EventLoops(Runtime.getRuntime().availableProcessors());
  private final Server server;
  private final AtomicInteger connections = new AtomicInteger();

  /** A server that does not listen yet. */
  GrpcTransport(
      ServerConfig config,
      HeapGuard guard,
      CallLedger ledger,
      List<ServerServiceDefinition> services) {
    this.config = config;
    GrpcLogs.takeOver();
    TransportSettings settings = config.transport();
    NettyServerBuilder builder =
        loops
            .addTo(
                NettyServerBuilder.forAddress(
                    new InetSocketAddress(config.address(), config.port())))
            // Nothing in the services blocks, so that a hop to another thread would only cost.
            .directExecutor()
            .maxInboundMessageSize(config.requests().maxMessageBytes())
            .maxInboundMetadataSize(settings.maxHeaderBytes())
            .maxConcurrentCallsPerConnection(settings.maxStreams())
            .initialFlowControlWindow(settings.flowWindowBytes())
            .keepAliveTime(settings.keepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(settings.keepAliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveTime(settings.permitKeepAliveTime().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .maxConnectionIdle(settings.maxIdle().toNanos(), TimeUnit.NANOSECONDS)
            .maxConnectionAge(settings.maxAge().toNanos(), TimeUnit.NANOSECONDS)
            .maxConnectionAgeGrace(settings.ageGrace().toNanos(), TimeUnit.NANOSECONDS)
            .addTransportFilter(new ConnectionCounter(connections));
    builder.addStreamTracerFactory(ledger).addStreamTracerFactory(guard).intercept(guard);
    services.forEach(builder::addService);
    server = builder.build();
  }

  /** A ledger of all methods that such a server has. */
  static CallLedger newLedger() {
    List<ServiceDescriptor> all = new ArrayList<>(SERVICES);
    all.add(HealthGrpc.getServiceDescriptor());
    all.add(ServerReflectionGrpc.getServiceDescriptor());
    return new CallLedger(all);
  }

  /**
   * Listens.
   *
   * @throws IOException when the port is not ours; the message says what to do
   */
  void start() throws IOException {
    try {
      server.start();
    } catch (IOException e) {
      throw new IOException(
          "cannot listen on "
              + config.address()
              + ":"
              + config.port()
              + ": the port is in use or not ours; name another with --port",
          e);
    }
  }

  /** The port that it listens on. */
  int port() {
    return server.getPort();
  }

  /** Connections that are open. */
  int connections() {
    return connections.get();
  }

  /** Tells clients to go away (GOAWAY) and takes no more connections and calls. */
  void sayGoodbye() {
    server.shutdown();
  }

  /** Closes what is left after a moment. */
  void stop() {
    server.shutdown();
    try {
      if (!server.awaitTermination(GOODBYE_MILLIS, TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
        boolean unused = server.awaitTermination(GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.shutdownNow();
    }
    loops.close();
  }

  private static final class ConnectionCounter extends ServerTransportFilter {
    private final AtomicInteger open;

    ConnectionCounter(AtomicInteger open) {
      this.open = open;
    }

    @Override
    public Attributes transportReady(Attributes attributes) {
      open.incrementAndGet();
      return attributes;
    }

    @Override
    public void transportTerminated(Attributes attributes) {
      open.decrementAndGet();
    }
  }
}
