package dev.troupe.gateway.observe;

import dev.troupe.actors.TenantStatistics;
import dev.troupe.actors.artifact.ArtifactCacheSnapshot;
import dev.troupe.pooling.PoolMetrics;
import dev.troupe.scheduler.SchedulerSnapshot;
import java.util.List;

/** A server, as far as one can look at it from outside. Thread-safe; each call looks anew. */
public interface Observed {
  /** The scheduler, without regard to tenants. */
  SchedulerSnapshot scheduler();

  /** All tenants. */
  List<TenantStatistics> tenants();

  /** The compilation cache. */
  ArtifactCacheSnapshot cache();

  /** The pool of memories. */
  PoolMetrics memories();

  /** The pool of stacks. */
  PoolMetrics stacks();

  /** The places for collected heaps. */
  HeapReadings heaps();

  /** The process. */
  ProcessReadings process();

  /** How close it is to its bounds. */
  PressureReadings pressure();

  /** Connections, calls and uploads. */
  GatewayReadings gateway();
}
