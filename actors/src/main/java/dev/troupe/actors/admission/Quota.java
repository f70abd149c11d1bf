package dev.troupe.actors.admission;

import static dev.troupe.actors.admission.Level.CALL;
import static dev.troupe.actors.admission.Level.FUNCTION;
import static dev.troupe.actors.admission.Level.PLATFORM;
import static dev.troupe.actors.admission.Level.TENANT;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Every quota: its name in the public API, what its numbers count, their range, what a tenant gets
 * that names none, and the levels that may set it. Messages, configuration and command line follow
 * this table.
 */
public enum Quota {
  /** Calls over time, in millionths of calls for each second. */
  RATE("rate", QuotaUnit.CALLS_PER_SECOND, 1, Ranges.MAX_RATE, Limits.NONE, TENANT),
  /** Calls that the bucket of {@link #RATE} holds. */
  RATE_BURST("rate.burst", QuotaUnit.COUNT, 1, Ranges.MAX_COUNT, Limits.NONE, TENANT),
  /** Calls at once. */
  CONCURRENCY("concurrency", QuotaUnit.COUNT, 0, Ranges.MAX_COUNT, 100, FUNCTION),
  /** Calls that wait for a place. */
  QUEUE_LENGTH("queue_length", QuotaUnit.COUNT, 0, Ranges.MAX_COUNT, 1_000, TENANT),
  /** How long a call waits for a place. */
  QUEUE_WAIT("queue_wait", QuotaUnit.SECONDS, 0, Ranges.MAX_NANOS, Limits.NONE, CALL),
  /** Live instances, idle ones included. */
  INSTANCES("instances", QuotaUnit.COUNT, 0, Ranges.MAX_COUNT, 1_000, TENANT),
  /** Memories and tables of all instances. */
  MEMORY_BYTES("memory_bytes", QuotaUnit.BYTES, 0, Ranges.MAX_BYTES, 1L << 30, TENANT),
  /** Memories and tables of one instance. */
  INSTANCE_MEMORY_BYTES(
      "instance_memory_bytes", QuotaUnit.BYTES, 0, Ranges.MAX_BYTES, 256L << 20, CALL),
  /** Share of the processor relative to other tenants. */
  WEIGHT("weight", QuotaUnit.COUNT, 1, Ranges.MAX_WEIGHT, 100, TENANT),
  /** Processor time for each second, of all calls together. */
  CPU_PER_SECOND(
      "cpu.per_second",
      QuotaUnit.CPU_SECONDS_PER_SECOND,
      Ranges.MIN_NANOS,
      Ranges.MAX_NANOS,
      Limits.NONE,
      TENANT),
  /** Processor time that the bucket of {@link #CPU_PER_SECOND} holds. */
  CPU_BURST(
      "cpu.burst", QuotaUnit.SECONDS, Ranges.MIN_NANOS, Ranges.MAX_NANOS, Limits.NONE, TENANT),
  /** Time from arrival to the end of a call. */
  DEADLINE("deadline", QuotaUnit.SECONDS, 1, Ranges.MAX_NANOS, 30 * Ranges.SECOND, CALL),
  /** Processor time of one call. */
  CPU_TIME("cpu_time", QuotaUnit.SECONDS, 1, Ranges.MAX_NANOS, Limits.NONE, CALL),
  /** Fuel of one call. */
  FUEL("fuel", QuotaUnit.FUEL, 0, Ranges.MAX_FUEL, Limits.NONE, CALL),
  /** Payload or values of one call. */
  REQUEST_BYTES("request_bytes", QuotaUnit.BYTES, 0, Ranges.MAX_BYTES, Limits.NONE, FUNCTION),
  /** Answer of one call. */
  RESPONSE_BYTES("response_bytes", QuotaUnit.BYTES, 0, Ranges.MAX_BYTES, Limits.NONE, CALL),
  /** Size of one module. */
  MODULE_BYTES("module_bytes", QuotaUnit.BYTES, 0, Ranges.MAX_BYTES, 32L << 20, TENANT),
  /** Modules of all versions of all functions. */
  DEPLOYED_BYTES("deployed_bytes", QuotaUnit.BYTES, 0, Ranges.MAX_BYTES, 1L << 30, TENANT),
  /** Functions that exist. */
  FUNCTIONS("functions", QuotaUnit.COUNT, 0, Ranges.MAX_COUNT, 100, TENANT),
  /** Versions of one function. */
  VERSIONS("versions", QuotaUnit.COUNT, 1, Ranges.MAX_COUNT, 100, TENANT),
  /** Deployments at once. */
  DEPLOYMENTS("deployments", QuotaUnit.COUNT, 0, Ranges.MAX_COUNT, 64, TENANT),
  /** Processor time of compilation for each second. */
  COMPILE_PER_SECOND(
      "compile.per_second",
      QuotaUnit.CPU_SECONDS_PER_SECOND,
      Ranges.MIN_NANOS,
      Ranges.MAX_NANOS,
      Limits.NONE,
      TENANT),
  /** Processor time that the bucket of {@link #COMPILE_PER_SECOND} holds. */
  COMPILE_BURST(
      "compile.burst", QuotaUnit.SECONDS, Ranges.MIN_NANOS, Ranges.MAX_NANOS, Limits.NONE, TENANT),
  /** Processor time of the compilation of one module. */
  MODULE_COMPILE_TIME(
      "module_compile_time", QuotaUnit.SECONDS, 1, Ranges.MAX_NANOS, Limits.NONE, TENANT),
  /** The queue of the scheduler: the server's own, not to be set. */
  SCHEDULER_QUEUE("scheduler_queue", QuotaUnit.COUNT, 0, Ranges.MAX_COUNT, Limits.NONE, PLATFORM);

  /** Constants that the rows above need before the class itself has any. */
  private static final class Ranges {
    static final long SECOND = 1_000_000_000;

    /** Two of them and some slack still fit an {@code int}. */
    static final long MAX_COUNT = 1_000_000_000;

    static final long MAX_BYTES = 1L << 50;
    static final long MAX_WEIGHT = 10_000;
    static final long MAX_RATE = 1_000_000_000L * 1_000_000;
    static final long MAX_FUEL = Long.MAX_VALUE / 2;

    /** A millionth of a processor. */
    static final long MIN_NANOS = 1_000;

    /** A day. */
    static final long MAX_NANOS = 86_400 * SECOND;
  }

  private final String publicName;
  private final QuotaUnit unit;
  private final long least;
  private final long most;
  private final long tenantDefault;
  private final Set<Level> levels;

  Quota(
      String publicName,
      QuotaUnit unit,
      long least,
      long most,
      long tenantDefault,
      Level narrowest) {
    this.publicName = publicName;
    this.unit = unit;
    this.least = least;
    this.most = most;
    this.tenantDefault = tenantDefault;
    this.levels = Collections.unmodifiableSet(EnumSet.range(PLATFORM, narrowest));
  }

  /** Name in the public API; a dot leads to a field of a message. */
  public String publicName() {
    return publicName;
  }

  /** What its numbers count. */
  public QuotaUnit unit() {
    return unit;
  }

  /** What a tenant gets that names none; {@link Limits#NONE} for no limit. */
  public long tenantDefault() {
    return tenantDefault;
  }

  /** The levels that may set it. */
  public Set<Level> levels() {
    return levels;
  }

  /** Whether it may have this value. */
  public boolean allows(long value) {
    return value >= least && value <= most;
  }

  /** The range of its values, for people. */
  public String range() {
    return unit.describe(least) + " to " + unit.describe(most);
  }
}
