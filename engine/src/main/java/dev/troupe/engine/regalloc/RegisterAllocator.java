package dev.troupe.engine.regalloc;

/** The entry point: {@code Allocation a = RegisterAllocator.allocate(function, env, effort)}. */
public final class RegisterAllocator {
  private RegisterAllocator() {}

  /**
   * Allocates {@code function} for {@code env}. Deterministic: equal inputs give equal results.
   *
   * @throws IllegalArgumentException if the function breaks a rule of {@link RegallocFunction}
   */
  public static Allocation allocate(RegallocFunction function, MachineEnv env, Effort effort) {
    throw new IllegalStateException("not there yet for " + function + env + effort);
  }
}
