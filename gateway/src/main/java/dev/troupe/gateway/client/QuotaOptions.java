package dev.troupe.gateway.client;

import com.google.protobuf.Duration;
import com.google.protobuf.FieldMask;
import dev.troupe.functions.v1.RateQuota;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantQuotas;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that name quotas. What is not named stays as it is, or takes the server's default.
 */
final class QuotaOptions {
  @Option(
      names = "--memory",
      paramLabel = "BYTES",
      description = "Memory over all instances; 64MiB and the like are understood.")
  @Nullable String memory;

  @Option(
      names = "--instance-memory",
      paramLabel = "BYTES",
      description = "Memory of one instance, over all its memories.")
  @Nullable String instanceMemory;

  @Option(names = "--instances", paramLabel = "N", description = "Live instances.")
  @Nullable Integer instances;

  @Option(names = "--concurrency", paramLabel = "N", description = "Calls at once.")
  @Nullable Integer concurrency;

  @Option(names = "--queue", paramLabel = "N", description = "Calls that may wait.")
  @Nullable Integer queue;

  @Option(names = "--weight", paramLabel = "N", description = "CPU share, 1 to 10000.")
  @Nullable Integer weight;

  @Option(names = "--rate", paramLabel = "N", description = "Calls per second.")
  @Nullable Double rate;

  @Option(
      names = "--burst",
      paramLabel = "N",
      description = "Calls at once within the rate (default: the rate, at least 1).")
  @Nullable Integer burst;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      description = "Longest time of a call: 500ms, 10s, 2m.")
  @Nullable String deadline;

  TenantQuotas toQuotas() throws ClientCommand.UsageException {
    TenantQuotas.Builder quotas = TenantQuotas.newBuilder();
    if (memory != null) {
      quotas.setMemoryBytes(Quantities.bytes(memory));
    }
    if (instanceMemory != null) {
      quotas.setInstanceMemoryBytes(Quantities.bytes(instanceMemory));
    }
    if (instances != null) {
      quotas.setInstances(instances);
    }
    if (concurrency != null) {
      quotas.setConcurrency(concurrency);
    }
    if (queue != null) {
      quotas.setQueueLength(queue);
    }
    if (weight != null) {
      quotas.setWeight(weight);
    }
    if (rate != null) {
      int size =
          burst != null ? burst : (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.ceil(rate)));
      quotas.setRate(RateQuota.newBuilder().setCallsPerSecond(rate).setBurst(size));
    } else if (burst != null) {
      throw new ClientCommand.UsageException("--burst needs --rate");
    }
    if (deadline != null) {
      quotas.setDeadline(Quantities.duration(deadline));
    }
    return quotas.build();
  }

  FieldMask mask() {
    FieldMask.Builder mask = FieldMask.newBuilder();
    add(mask, memory, "memory_bytes");
    add(mask, instanceMemory, "instance_memory_bytes");
    add(mask, instances, "instances");
    add(mask, concurrency, "concurrency");
    add(mask, queue, "queue_length");
    add(mask, weight, "weight");
    add(mask, rate, "rate");
    add(mask, deadline, "deadline");
    return mask.build();
  }

  private static void add(FieldMask.Builder mask, @Nullable Object option, String field) {
    if (option != null) {
      mask.addPaths("quotas." + field);
    }
  }

  /** The quotas and the usage as lines for people. */
  static String describe(Tenant tenant) {
    TenantQuotas quotas = tenant.getQuotas();
    var usage = tenant.getUsage();
    StringBuilder text = new StringBuilder();
    line(text, "memory", usage.getMemoryBytes() + " of " + quotas.getMemoryBytes() + " bytes");
    line(text, "instance memory", quotas.getInstanceMemoryBytes() + " bytes");
    line(text, "instances", usage.getInstances() + " of " + quotas.getInstances());
    line(text, "concurrency", usage.getConcurrency() + " of " + quotas.getConcurrency());
    line(text, "queue", usage.getQueueLength() + " of " + quotas.getQueueLength());
    line(text, "weight", Integer.toString(quotas.getWeight()));
    line(
        text,
        "rate",
        quotas.hasRate()
            ? quotas.getRate().getCallsPerSecond()
                + " calls/s, burst "
                + quotas.getRate().getBurst()
            : "unlimited");
    Duration deadline = quotas.getDeadline();
    line(
        text, "deadline", (deadline.getSeconds() * 1000 + deadline.getNanos() / 1_000_000) + " ms");
    return text.toString();
  }

  private static void line(StringBuilder text, String label, String value) {
    text.append(String.format(Locale.ROOT, "  %-16s %s%n", label, value));
  }
}
