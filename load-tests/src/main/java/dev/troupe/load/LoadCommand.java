package dev.troupe.load;

import com.google.protobuf.ByteString;
import dev.troupe.functions.v1.InvokeRequest;
import dev.troupe.functions.v1.InvokeResponse;
import dev.troupe.functions.v1.Values;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** {@code troupe load}: one function, one stream of calls, a progress line and a summary. */
final class LoadCommand {
  private static final String HELP =
      """
      Usage: troupe load TENANT/FUNCTION [--server HOST:PORT] [--payload FILE | --invoke NAME]
                         [--concurrency N | --rate N] [--warm-up SECONDS] [--duration SECONDS]
      Calls a function again and again: N calls in flight (closed model, default 16), or N calls
      a second started on time whatever happens (open model). What happens during the warm-up
      (default 2 s) does not count. Ends after the duration (default 10 s) and prints throughput,
      latencies, sheds, traps and errors.\
      """;

  private final PrintStream out;
  private String server = "127.0.0.1:7171";
  private String function = "";
  private @Nullable String payload;
  private @Nullable String entryPoint;
  private int concurrency = 16;
  private double rate;
  private int warmUpSeconds = 2;
  private int seconds = 10;

  LoadCommand(PrintStream out) {
    this.out = out;
  }

  int run(List<String> args) throws UsageException, IOException, InterruptedException {
    if (args.isEmpty() || args.contains("--help")) {
      out.println(HELP);
      return args.isEmpty() ? 1 : 0;
    }
    parse(args);
    Workload workload = workload();
    Tally tally = new Tally();
    ManagedChannel channel = NettyChannelBuilder.forTarget(server).usePlaintext().build();
    try (ScheduledExecutorService timer = Executors.newScheduledThreadPool(1)) {
      Generator warmUp = start(new Generator(channel, workload, new Tally(), timer));
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(warmUpSeconds));
      warmUp.stop();
      long start = System.nanoTime();
      Generator generator = start(new Generator(channel, workload, tally, timer));
      for (int second = 1; second <= seconds; second++) {
        LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(1));
        System.err.printf(
            "  %3d s  %8d done, %5d in flight, %d shed%n",
            second, tally.completedCalls(), generator.inFlight(), tally.shedCalls());
      }
      double elapsed = (System.nanoTime() - start) / 1e9;
      generator.stop();
      timer.shutdownNow();
      return report(tally, elapsed);
    } finally {
      channel.shutdownNow();
    }
  }

  private Generator start(Generator generator) {
    if (rate > 0) {
      generator.startOpen(rate);
    } else {
      generator.startClosed(concurrency);
    }
    return generator;
  }

  private int report(Tally tally, double elapsedSeconds) {
    out.printf(
        Locale.ROOT,
        "%d calls in %.1f s, %.0f a second%n",
        tally.completedCalls(),
        elapsedSeconds,
        tally.completedCalls() / elapsedSeconds);
    for (double percentile : new double[] {50, 90, 99, 99.9, 100}) {
      out.printf(Locale.ROOT, "  p%-5s %9.2f ms%n", percentile, tally.latencyMillis(percentile));
    }
    out.println("shed " + tally.shedCalls() + ", traps " + tally.traps());
    out.println("errors " + tally.errors());
    return tally.completedCalls() > 0 && tally.errors().isEmpty() ? 0 : 1;
  }

  private void parse(List<String> args) throws UsageException {
    for (int i = 0; i < args.size(); i++) {
      String arg = args.get(i);
      if (!arg.startsWith("--")) {
        function = arg;
        continue;
      }
      if (arg.equals("--verbose")) {
        continue;
      }
      if (i + 1 == args.size()) {
        throw new UsageException(arg + " needs a value; troupe load --help shows all options");
      }
      String value = args.get(++i);
      switch (arg) {
        case "--server" -> server = value;
        case "--payload" -> payload = value;
        case "--invoke" -> entryPoint = value;
        case "--concurrency" -> concurrency = positive(arg, value);
        case "--rate" -> rate = positive(arg, value);
        case "--warm-up" -> warmUpSeconds = positive(arg, value);
        case "--duration" -> seconds = positive(arg, value);
        default ->
            throw new UsageException(
                "unknown option " + arg + "; troupe load --help shows all options");
      }
    }
    if (function.split("/", -1).length < 2) {
      throw new UsageException("name a function: troupe load TENANT/FUNCTION");
    }
  }

  private static int positive(String option, String value) throws UsageException {
    try {
      int number = Integer.parseInt(value);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new UsageException(option + " takes a positive number, not '" + value + "'");
  }

  private Workload workload() throws IOException {
    String[] parts = function.split("/", -1);
    String name =
        function.startsWith("tenants/")
            ? function
            : "tenants/" + parts[0] + "/functions/" + parts[1];
    InvokeRequest.Builder request = InvokeRequest.newBuilder().setName(name);
    if (payload != null) {
      request.setPayload(ByteString.copyFrom(Files.readAllBytes(Path.of(payload))));
    } else {
      request.setValues(Values.getDefaultInstance());
    }
    if (entryPoint != null) {
      request.setEntryPoint(entryPoint);
    }
    InvokeRequest built = request.build();
    return new Workload() {
      @Override
      public InvokeRequest request(long number) {
        return built;
      }

      @Override
      public boolean isRight(long number, InvokeResponse response) {
        return true;
      }
    };
  }
}
