package dev.troupe.load.scenario;

import dev.troupe.functions.v1.TenantQuotas;
import java.util.List;
import java.util.Map;

/**
 * A load test.
 *
 * @param name of the file, without its ending
 * @param description one sentence
 * @param seed of everything random
 * @param server settings of the server that is started for it, by key below {@code troupe}
 * @param ownServer whether it cannot use a server that somebody else started
 * @param tenants whom it creates, by name of the group
 * @param functions what it deploys, by name
 * @param phases one after the other
 * @param expectations what must hold at the end
 */
public record Scenario(
    String name,
    String description,
    long seed,
    Map<String, String> server,
    boolean ownServer,
    Map<String, TenantGroup> tenants,
    Map<String, FunctionGroup> functions,
    List<Phase> phases,
    List<Expectation> expectations) {
  /**
   * Tenants that are alike.
   *
   * @param name of the group
   * @param count how many
   * @param quotas of each; absent fields take the server's defaults
   */
  public record TenantGroup(String name, int count, TenantQuotas quotas) {}

  /**
   * A function of every tenant of a group.
   *
   * @param name of the function
   * @param tenants the group
   * @param source the module's text, where {@code {{variant}}} stands for a number
   * @param variants functions per tenant, each a module of its own; called {@code name-0}, {@code
   *     name-1} ... when there are several
   */
  public record FunctionGroup(String name, String tenants, String source, int variants) {
    /** The module of one variant. */
    public String module(long variant) {
      return source.replace("{{variant}}", Long.toString(variant));
    }

    /** The id of one variant's function. */
    public String id(int variant) {
      return variants == 1 ? name : name + "-" + variant;
    }
  }

  /**
   * A part of a test, measured by itself.
   *
   * @param name prefix of its metrics
   * @param warmUpNanos time at its start that does not count
   * @param durationNanos time that counts
   * @param drainNanos how long answers are waited for at the end
   * @param saturated groups that always have more work than they get processor for; their shares
   *     are compared with their weights
   * @param streams what is called
   * @param events what else happens
   */
  public record Phase(
      String name,
      long warmUpNanos,
      long durationNanos,
      long drainNanos,
      List<String> saturated,
      List<StreamSpec> streams,
      List<Event> events) {}

  /** Something that happens once or again and again during a phase. */
  public sealed interface Event {
    /** Nanoseconds from the start of the phase. */
    long atNanos();

    /** Nanoseconds between repetitions; 0 when it happens once. */
    long everyNanos();

    /**
     * A version of a function is deployed to all its tenants.
     *
     * @param versions how many different ones there are, taken in turn; 0: always a new one
     */
    record Deploy(long atNanos, long everyNanos, String function, int versions) implements Event {}

    /** The server is stopped with SIGTERM, started again, and everything is deployed anew. */
    record Restart(long atNanos, long everyNanos) implements Event {}

    /** The quotas that are set replace those of a group's tenants. */
    record Quotas(long atNanos, long everyNanos, String tenants, TenantQuotas quotas)
        implements Event {}
  }
}
