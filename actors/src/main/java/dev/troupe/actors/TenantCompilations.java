package dev.troupe.actors;

import dev.troupe.actors.admission.CompileBudget;
import dev.troupe.actors.admission.CompileRefusedException;
import dev.troupe.actors.admission.EffectiveLimits;
import dev.troupe.actors.admission.Refusal;
import dev.troupe.actors.artifact.CompileAccount;

/** The compilations of one tenant, paid from its budget. */
record TenantCompilations(CompileBudget budget) implements CompileAccount {

  @Override
  public Turn begin(long moduleBytes) throws CompileRefusedException {
    long reserved = budget.begin(moduleBytes);
    EffectiveLimits.Limit limit = budget.moduleLimit();
    return new Turn() {
      @Override
      public long limitNanos() {
        return limit.value();
      }

      @Override
      public void spent(long cpuNanos) {
        budget.settle(reserved, moduleBytes, cpuNanos);
      }

      @Override
      public CompileRefusedException tooMuch(long cpuNanos) {
        return new CompileRefusedException(Refusal.of(limit, cpuNanos, null));
      }
    };
  }
}
