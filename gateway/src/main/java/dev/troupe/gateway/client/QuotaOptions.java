package dev.troupe.gateway.client;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.CpuQuota;
import dev.troupe.functions.v1.RateQuota;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for all quotas of a tenant. */
final class QuotaOptions extends LimitOptions {
  private static final Duration COMPILE_BURST = Durations.fromMinutes(1);
  private static final int BURSTS_PER_SECOND = 10;

  @Option(names = "--rate", paramLabel = "N", description = "Calls per second.")
  @Nullable Double rate;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description = "Calls at once within --rate (default: the rate, at least 1).")
  @Nullable Integer burst;

  @Option(
      names = "--cpu",
      paramLabel = "DURATION",
      description = "Processor time for each second, of all calls together: 500ms is half a core.")
  @Nullable String cpu;

  @Option(
      names = "--cpu-burst",
      paramLabel = "DURATION",
      description = "Processor time at once within --cpu (default: a tenth of it).")
  @Nullable String cpuBurst;

  @Option(
      names = "--compile",
      paramLabel = "DURATION",
      description = "Processor time of compilation for each second.")
  @Nullable String compile;

  @Option(
      names = "--compile-burst",
      paramLabel = "DURATION",
      description = "Processor time of compilation at once within --compile (default: a minute).")
  @Nullable String compileBurst;

  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      description = "Memories and tables of all instances; 64MiB and the like are understood.")
  void memory(String text) {
    put("memory_bytes", bytes(text));
  }

  @Option(names = "--instances", paramLabel = "N", description = "Live instances.")
  void instances(int count) {
    put("instances", count);
  }

  @Option(names = "--queue", paramLabel = "N", description = "Calls that may wait.")
  void queue(int count) {
    put("queue_length", count);
  }

  @Option(names = "--weight", paramLabel = "N", description = "CPU share, 1 to 10000.")
  void weight(int value) {
    put("weight", value);
  }

  @Option(names = "--module", paramLabel = "BYTES", description = "Size of one module.")
  void module(String text) {
    put("module_bytes", bytes(text));
  }

  @Option(
      names = "--deployed",
      paramLabel = "BYTES",
      description = "Modules of all versions of all functions.")
  void deployed(String text) {
    put("deployed_bytes", bytes(text));
  }

  @Option(names = "--functions", paramLabel = "N", description = "Functions that may exist.")
  void functions(int count) {
    put("functions", count);
  }

  @Option(names = "--versions", paramLabel = "N", description = "Versions of one function.")
  void versions(int count) {
    put("versions", count);
  }

  @Option(names = "--deployments", paramLabel = "N", description = "Deployments at once.")
  void deployments(int count) {
    put("deployments", count);
  }

  @Option(
      names = "--module-compile-time",
      paramLabel = "DURATION",
      description = "Processor time of the compilation of one module.")
  void moduleCompileTime(String text) {
    put("module_compile_time", duration(text));
  }

  @Override
  void combine() throws ClientCommand.UsageException {
    if (rate != null) {
      int size =
          burst != null ? burst : (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(rate)));
      put("rate", RateQuota.newBuilder().setCallsPerSecond(rate).setBurst(size).build());
    } else if (burst != null) {
      throw new ClientCommand.UsageException("--burst needs --rate");
    }
    if (cpu != null) {
      Duration perSecond = Quantities.duration(cpu);
      Duration tenth = Durations.fromNanos(Durations.toNanos(perSecond) / BURSTS_PER_SECOND);
      put("cpu", bucket(perSecond, cpuBurst, tenth));
    } else if (cpuBurst != null) {
      throw new ClientCommand.UsageException("--cpu-burst needs --cpu");
    }
    if (compile != null) {
      put("compile", bucket(Quantities.duration(compile), compileBurst, COMPILE_BURST));
    } else if (compileBurst != null) {
      throw new ClientCommand.UsageException("--compile-burst needs --compile");
    }
  }

  private static CpuQuota bucket(Duration perSecond, @Nullable String burst, Duration otherwise)
      throws ClientCommand.UsageException {
    return CpuQuota.newBuilder()
        .setPerSecond(perSecond)
        .setBurst(burst == null ? otherwise : Quantities.duration(burst))
        .build();
  }
}
