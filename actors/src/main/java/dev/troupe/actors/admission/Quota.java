package dev.troupe.actors.admission;

/** The quotas that can refuse something, with their names in the public API. */
public enum Quota {
  /** Calls over time. */
  RATE("rate"),
  /** Calls at once. */
  CONCURRENCY("concurrency"),
  /** Calls that wait. */
  QUEUE_LENGTH("queue_length"),
  /** Live instances. */
  INSTANCES("instances"),
  /** Memory of all instances. */
  MEMORY_BYTES("memory_bytes"),
  /** Memory of one instance. */
  INSTANCE_MEMORY_BYTES("instance_memory_bytes"),
  /** Size of a module. */
  MODULE_BYTES("module_bytes"),
  /** Number of functions. */
  FUNCTIONS("functions"),
  /** Versions of one function; a limit of the server. */
  VERSIONS("versions"),
  /** Deployments at once; a limit of the server. */
  DEPLOYMENTS("deployments"),
  /** The queue of the scheduler; a limit of the server. */
  SCHEDULER_QUEUE("scheduler_queue");

  private final String publicName;

  Quota(String publicName) {
    this.publicName = publicName;
  }

  /** Name in the public API. */
  public String publicName() {
    return publicName;
  }
}
