package dev.troupe.scheduler;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A function among the functions of its tenant. Guarded by the tenant's lock. */
final class FunctionNode extends Standing {
  private static final int WEIGHT = 1;

  final TenantNode tenant;

  /** The clock that its tasks share. */
  final FairClock tasks;

  /** Where its tasks wait on each worker; an element is used under that worker's lock only. */
  private final AtomicReferenceArray<@Nullable FunctionRun> runs;

  FunctionNode(TenantNode tenant, long maxCreditNanos, int workers) {
    super(WEIGHT);
    this.tenant = tenant;
    this.tasks = new FairClock(maxCreditNanos, false);
    this.runs = new AtomicReferenceArray<>(workers);
  }

  FunctionRun runOn(int workerIndex) {
    FunctionRun run = runs.getPlain(workerIndex);
    if (run == null) {
      run = new FunctionRun(this, tenant.runOn(workerIndex));
      runs.setPlain(workerIndex, run);
    }
    return run;
  }
}
