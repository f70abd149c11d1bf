package dev.troupe.load.demo;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.RateQuota;
import dev.troupe.functions.v1.ServerStatistics;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantStatistics;
import dev.troupe.load.client.CallCounts;
import dev.troupe.load.client.CallPlan;
import dev.troupe.load.client.CallStream;
import dev.troupe.load.client.Connections;
import dev.troupe.load.client.Pace;
import dev.troupe.load.client.Platform;
import dev.troupe.load.client.StreamSample;
import dev.troupe.load.client.Window;
import dev.troupe.load.run.ServerProcess;
import io.grpc.ManagedChannel;
import io.grpc.StatusException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Starts a server, lets the cast play, shows what happens and checks it: results against Java's
 * own, CPU shares against weights, the spinner's and the hog's ends, a WASI program, and that
 * nothing is left behind.
 */
public final class Demo {
  private static final long WARM_UP_SECONDS = 6;
  private static final long MEASURED_SECONDS = 16;
  private static final long SETTLE_SECONDS = 90;

  /**
   * A machine that stalls is measured again: tenants whose callers stall use less than they may.
   */
  private static final int MOST_MEASUREMENTS = 4;

  /** Nobody's call fails because the machine is slow. */
  private static final Duration CALL_DEADLINE = Durations.fromSeconds(600);

  private static final Duration SPIN_DEADLINE = Durations.fromSeconds(4);
  private static final int QUEUE_LENGTH = 400;
  private static final long HOG_MEMORY_BYTES = 8 << 20;

  private final PrintStream out;
  private final Path launcher;
  private final List<Actor> cast = Actor.cast();
  private final Map<String, CallStream> streams = new LinkedHashMap<>();

  /** Shows to {@code out}; starts the server through {@code launcher}. */
  public Demo(PrintStream out, Path launcher) {
    this.out = out;
    this.launcher = launcher;
  }

  /** Plays; returns whether everything was as it should be. */
  public boolean run() throws IOException, InterruptedException {
    Path data = Files.createTempDirectory("troupe-demo");
    out.println("starting a server ...");
    try (ServerProcess server = ServerProcess.start(launcher, data, 0, Map.of())) {
      out.println("server at " + server.address());
      ManagedChannel channel =
          NettyChannelBuilder.forTarget(server.address())
              .usePlaintext()
              .maxInboundMessageSize(64 << 20)
              .build();
      try (Connections connections = Connections.open(server.address(), 2, 1)) {
        Findings findings = play(new Platform(channel), channel, connections);
        channel.shutdownNow();
        int status = server.stop();
        findings.check(
            "server drains on SIGTERM", status == 143 || status == 0, "exit status " + status);
        return findings.report(out);
      } catch (StatusException e) {
        out.println("the server refused: " + e.getMessage());
        out.println(server.lastWords());
        return false;
      } finally {
        channel.shutdownNow();
      }
    } finally {
      deleteFolder(data);
    }
  }

  private Findings play(Platform platform, ManagedChannel channel, Connections connections)
      throws IOException, StatusException, InterruptedException {
    for (Actor actor : cast) {
      var unusedTenant = platform.createTenant(actor.tenant(), quotas(actor));
      var deployed = platform.deploy(actor.tenant(), "main", module(actor.module()));
      out.printf(
          "  %-9s %-11s weight %d  %s, compiled in %d ms%n",
          actor.tenant(),
          actor.role(),
          actor.weight(),
          deployed
              .getArtifactSource()
              .name()
              .replace("ARTIFACT_SOURCE_", "")
              .toLowerCase(java.util.Locale.ROOT),
          Durations.toMillis(deployed.getCompileTime()));
    }
    Window window =
        Window.fromNow(
            0,
            TimeUnit.SECONDS.toNanos(4 * (WARM_UP_SECONDS + MOST_MEASUREMENTS * MEASURED_SECONDS)));
    for (Actor actor : cast) {
      CallPlan plan = CallPlan.of(actor.workload(), new Pace.Closed(actor.inFlight(), 0));
      streams.put(actor.tenant(), CallStream.start(connections, plan, window));
    }
    watch(platform, WARM_UP_SECONDS, "warming up");
    CpuShares shares = measure(platform);
    for (int again = 1; again < MOST_MEASUREMENTS && !shares.areFair(); again++) {
      shares = measure(platform);
    }
    Findings findings = new Findings(cast, drain(), shares);
    Path program = launcher.toAbsolutePath().resolveSibling("examples").resolve("upper.wat");
    new ProgramScene(platform, channel).play(Files.readAllBytes(program), out, findings);
    ServerStatistics end = settle(platform);
    findings.checkNothingLeft(end);
    return findings;
  }

  private CpuShares measure(Platform platform) {
    ServerStatistics before = platform.statistics();
    watch(platform, MEASURED_SECONDS, "measuring");
    return CpuShares.of(cast, cpuNanos(before), cpuNanos(platform.statistics()));
  }

  /** Prints a progress line every second. */
  private void watch(Platform platform, long seconds, String label) {
    for (long i = 0; i < seconds; i++) {
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
      ServerStatistics now = platform.statistics();
      long done = 0;
      long shed = 0;
      int inFlight = 0;
      for (CallStream stream : streams.values()) {
        StreamSample sample = stream.sample();
        done += sample.counts().okCalls();
        shed += sample.counts().shedCalls();
        inFlight += sample.inFlight();
      }
      out.printf(
          "  %-10s %2d s  %5d in flight, %7d done, %5d shed, %4d fibers, %4d memories, %d"
              + " preemptions%n",
          label,
          i + 1,
          inFlight,
          done,
          shed,
          now.getScheduler().getLive(),
          now.getPool().getSlotsInUse(),
          now.getScheduler().getPreemptions());
    }
  }

  /** Waits for the calls in flight. */
  private Map<String, CallCounts> drain() {
    streams.values().forEach(CallStream::stop);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
    Map<String, CallCounts> counts = new HashMap<>();
    streams.forEach((tenant, stream) ->
        counts.put(tenant, stream.drain(Math.max(0, deadline - System.nanoTime())).counts()));
    return counts;
  }

  /** Deletes the tenants and waits until nothing is in use. */
  private ServerStatistics settle(Platform platform) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
    for (Actor actor : cast) {
      platform.deleteTenant(actor.tenant());
    }
    ServerStatistics now = platform.statistics();
    while (!Findings.isIdle(now) && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      now = platform.statistics();
    }
    return now;
  }

  private static Map<String, Long> cpuNanos(ServerStatistics statistics) {
    Map<String, Long> result = new HashMap<>();
    for (TenantStatistics tenant : statistics.getTenantsList()) {
      result.put(tenant.getName().replace("tenants/", ""), Durations.toNanos(tenant.getCpuTime()));
    }
    return result;
  }

  private static TenantQuotas quotas(Actor actor) {
    TenantQuotas.Builder quotas =
        TenantQuotas.newBuilder()
            .setWeight(actor.weight())
            .setConcurrency(actor.concurrency())
            .setInstances(actor.concurrency())
            .setQueueLength(QUEUE_LENGTH)
            .setMemoryBytes(64 << 20)
            .setInstanceMemoryBytes(16 << 20)
            .setDeadline(actor.tenant().equals("spinner") ? SPIN_DEADLINE : CALL_DEADLINE);
    if (actor.tenant().equals("hog")) {
      quotas.setMemoryBytes(HOG_MEMORY_BYTES).setInstanceMemoryBytes(HOG_MEMORY_BYTES);
    }
    if (actor.tenant().equals("hilbert")) {
      quotas.setRate(RateQuota.newBuilder().setCallsPerSecond(2).setBurst(2));
    }
    return quotas.build();
  }

  private static byte[] module(String resource) throws IOException {
    try (InputStream in =
        Demo.class.getResourceAsStream("/dev/troupe/load/functions/" + resource)) {
      if (in == null) {
        throw new IOException("the jar lacks " + resource);
      }
      return in.readAllBytes();
    }
  }

  private static void deleteFolder(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
