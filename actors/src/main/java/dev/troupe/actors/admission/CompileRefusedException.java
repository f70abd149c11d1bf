package dev.troupe.actors.admission;

/** A module is not compiled because a quota does not allow it. */
public final class CompileRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Refusal refusal;

  /** {@code refusal} names the quota. */
  public CompileRefusedException(Refusal refusal) {
    super(refusal.message());
    this.refusal = refusal;
  }

  /** The quota and its numbers. */
  public Refusal refusal() {
    return refusal;
  }
}
