package dev.troupe.gateway.server;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import dev.troupe.functions.v1.TenantQuotas;
import io.grpc.StatusException;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Costs of a warm call of a trivial function through gRPC. The server runs in this process, the
 * client ({@link InvokeBenchmarkClient}) in another one on the same machine, over loopback.
 *
 * <p>Prints for each round: calls a second, percentiles of the latency, and per call of the server
 * its processor time, the bytes it allocated, and how often its threads of each kind went to sleep
 * (a voluntary context switch is a wait in futex or epoll).
 *
 * <pre>
 *   java ... dev.troupe.gateway.server.InvokeBenchmark [calls=200000] [inFlight=64] [connections=2]
 * </pre>
 */
final class InvokeBenchmark {
  private static final String ADD =
      """
      (module (func (export "add") (param i32 i32) (result i32)
        local.get 0 local.get 1 i32.add))
      """;

  /** What the server has used so far. */
  private record Usage(long cpuNanos, long allocatedBytes, Map<String, Long> sleeps) {

    static Usage now() throws IOException {
      OperatingSystemMXBean os = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
      return new Usage(
          os.getProcessCpuTime(), threads.getTotalThreadAllocatedBytes(), countSleeps());
    }

    /** Voluntary context switches by kind of thread. */
    private static Map<String, Long> countSleeps() throws IOException {
      Map<String, Long> byKind = new TreeMap<>();
      try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
        for (Path task : tasks.toList()) {
          String kind = "gone";
          for (String line : Files.readAllLines(task.resolve("status"))) {
            if (line.startsWith("Name:")) {
              kind = line.substring(5).strip().replaceAll("[-#]?[0-9]+$", "");
            } else if (line.startsWith("voluntary_ctxt_switches:")) {
              long _ = byKind.merge(kind, Long.parseLong(line.substring(24).strip()), Long::sum);
            }
          }
        }
      }
      return byKind;
    }

    String since(Usage before, long calls) {
      StringBuilder text = new StringBuilder();
      text.append(
          "server: %.1f us CPU, %,d bytes; sleeps per call:"
              .formatted(
                  (cpuNanos - before.cpuNanos) / 1e3 / calls,
                  (allocatedBytes - before.allocatedBytes) / calls));
      sleeps.forEach((kind, count) -> {
        double perCall = (double) (count - before.sleeps.getOrDefault(kind, 0L)) / calls;
        if (perCall >= 0.005) {
          text.append(" %s %.2f".formatted(kind, perCall));
        }
      });
      return text.toString();
    }
  }

  private InvokeBenchmark() {}

  /** Runs it. */
  public static void main(String[] args) throws IOException, InterruptedException, StatusException {
    Path data = Files.createTempDirectory("troupe-benchmark");
    try (TestServer server = TestServer.start(data, Map.of("pool.memories", 1_000))) {
      var _ =
          server.createTenant(
              "bench", TenantQuotas.newBuilder().setConcurrency(10_000).setQueueLength(10_000));
      var _ = server.deploy("bench", "add", ADD);
      run(server.server.address(), args);
    }
    System.exit(0);
  }

  private static void run(String address, String[] args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx512m");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(InvokeBenchmarkClient.class.getName());
    command.add(address);
    command.addAll(List.of(args));
    Process client =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines = client.inputReader(StandardCharsets.UTF_8)) {
      Usage before = Usage.now();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("begin")) {
          before = Usage.now();
        } else if (line.startsWith("calls ")) {
          System.out.println("  " + Usage.now().since(before, Long.parseLong(line.substring(6))));
        } else {
          System.out.println(line);
        }
      }
    }
    int _ = client.waitFor();
  }
}
