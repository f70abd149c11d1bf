package dev.troupe.gateway.client;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import dev.troupe.functions.v1.CpuQuota;
import dev.troupe.functions.v1.FunctionLimits;
import dev.troupe.functions.v1.Tenant;
import dev.troupe.functions.v1.TenantConsumption;
import dev.troupe.functions.v1.TenantQuotas;
import dev.troupe.functions.v1.TenantUsage;
import java.math.BigDecimal;
import java.util.Locale;

/** Quotas, usage and consumption as lines for people. */
final class QuotaText {
  private static final String UNLIMITED = "unlimited";
  private static final int NANO_DIGITS = 9;

  private final StringBuilder text = new StringBuilder();

  private QuotaText() {}

  static String of(Tenant tenant) {
    TenantQuotas quotas = tenant.getQuotas();
    TenantUsage usage = tenant.getUsage();
    QuotaText lines = new QuotaText();
    lines.used("memory", usage.getMemoryBytes(), quotas.hasMemoryBytes(), quotas.getMemoryBytes());
    lines.line(
        "instance memory", bytes(quotas.hasInstanceMemoryBytes(), quotas.getInstanceMemoryBytes()));
    lines.used("instances", usage.getInstances(), quotas.hasInstances(), quotas.getInstances());
    lines.used(
        "concurrency", usage.getConcurrency(), quotas.hasConcurrency(), quotas.getConcurrency());
    lines.used("queue", usage.getQueueLength(), quotas.hasQueueLength(), quotas.getQueueLength());
    lines.line("queue wait", duration(quotas.hasQueueWait(), quotas.getQueueWait()));
    lines.line("weight", Integer.toString(quotas.getWeight()));
    lines.line("cpu", bucket(quotas.hasCpu(), quotas.getCpu()));
    lines.line(
        "rate",
        quotas.hasRate()
            ? quotas.getRate().getCallsPerSecond()
                + " calls/s, burst "
                + quotas.getRate().getBurst()
            : UNLIMITED);
    lines.line("deadline", duration(quotas.hasDeadline(), quotas.getDeadline()));
    lines.line("cpu time", duration(quotas.hasCpuTime(), quotas.getCpuTime()));
    lines.line("fuel", number(quotas.hasFuel(), quotas.getFuel()));
    lines.line("request", bytes(quotas.hasRequestBytes(), quotas.getRequestBytes()));
    lines.line("response", bytes(quotas.hasResponseBytes(), quotas.getResponseBytes()));
    lines.line("module", bytes(quotas.hasModuleBytes(), quotas.getModuleBytes()));
    lines.used(
        "deployed", usage.getDeployedBytes(), quotas.hasDeployedBytes(), quotas.getDeployedBytes());
    lines.used("functions", usage.getFunctions(), quotas.hasFunctions(), quotas.getFunctions());
    lines.line("versions", number(quotas.hasVersions(), quotas.getVersions()));
    lines.used(
        "deployments", usage.getDeployments(), quotas.hasDeployments(), quotas.getDeployments());
    lines.line("compile", bucket(quotas.hasCompile(), quotas.getCompile()));
    lines.line(
        "module compile", duration(quotas.hasModuleCompileTime(), quotas.getModuleCompileTime()));
    lines.consumed(tenant.getConsumption());
    return lines.text.toString();
  }

  static String of(FunctionLimits limits) {
    QuotaText lines = new QuotaText();
    if (limits.hasConcurrency()) {
      lines.line("concurrency", Integer.toString(limits.getConcurrency()));
    }
    if (limits.hasDeadline()) {
      lines.line("deadline", duration(true, limits.getDeadline()));
    }
    if (limits.hasQueueWait()) {
      lines.line("queue wait", duration(true, limits.getQueueWait()));
    }
    if (limits.hasCpuTime()) {
      lines.line("cpu time", duration(true, limits.getCpuTime()));
    }
    if (limits.hasFuel()) {
      lines.line("fuel", Long.toString(limits.getFuel()));
    }
    if (limits.hasInstanceMemoryBytes()) {
      lines.line("instance memory", bytes(true, limits.getInstanceMemoryBytes()));
    }
    if (limits.hasRequestBytes()) {
      lines.line("request", bytes(true, limits.getRequestBytes()));
    }
    if (limits.hasResponseBytes()) {
      lines.line("response", bytes(true, limits.getResponseBytes()));
    }
    return lines.text.toString();
  }

  static String of(TenantConsumption consumption) {
    QuotaText lines = new QuotaText();
    lines.consumed(consumption);
    return lines.text.toString();
  }

  private void consumed(TenantConsumption used) {
    line("consumed cpu", seconds(used.getCpuTime()));
    line("memory", used.getMemoryByteSeconds() + " byte seconds");
    line("modules", used.getDeployedByteSeconds() + " byte seconds");
    line(
        "calls",
        used.getCompletedCalls()
            + " completed, "
            + used.getTrappedCalls()
            + " trapped, "
            + used.getRefusedCalls()
            + " refused, "
            + used.getAbandonedCalls()
            + " abandoned");
    line("payloads", used.getRequestBytes() + " bytes in, " + used.getResponseBytes() + " out");
    line(
        "compilation",
        seconds(used.getCompileCpuTime()) + " in " + used.getCompilations() + " modules");
  }

  private void used(String label, long usage, boolean limited, long limit) {
    line(label, usage + " of " + number(limited, limit));
  }

  private void line(String label, String value) {
    text.append(String.format(Locale.ROOT, "  %-16s %s%n", label, value));
  }

  private static String number(boolean limited, long limit) {
    return limited ? Long.toString(limit) : UNLIMITED;
  }

  private static String bytes(boolean limited, long limit) {
    return limited ? limit + " bytes" : UNLIMITED;
  }

  private static String duration(boolean limited, Duration limit) {
    return limited ? seconds(limit) : UNLIMITED;
  }

  private static String bucket(boolean limited, CpuQuota quota) {
    return limited
        ? seconds(quota.getPerSecond()) + " per second, burst " + seconds(quota.getBurst())
        : UNLIMITED;
  }

  private static String seconds(Duration duration) {
    long nanos = Durations.toNanos(duration);
    return nanos == 0
        ? "0 s"
        : BigDecimal.valueOf(nanos, NANO_DIGITS).stripTrailingZeros().toPlainString() + " s";
  }
}
