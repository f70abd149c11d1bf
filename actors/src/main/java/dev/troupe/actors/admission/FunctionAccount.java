package dev.troupe.actors.admission;

import dev.troupe.actors.port.ProgramSettings;

/**
 * What the calls of one function have in common: the limits in force and how many run. Lives as
 * long as the function, across restarts of its actor. The limits may be read and replaced from any
 * thread; who counts must exclude others.
 */
public final class FunctionAccount {
  private volatile EffectiveLimits limits;
  private volatile ProgramSettings program;
  private volatile int running;
  private volatile boolean closed;

  /** An account of a function that runs nothing yet. */
  public FunctionAccount(EffectiveLimits limits) {
    this.limits = limits;
    this.program = ProgramSettings.DEFAULT;
  }

  /** What the next call finds if the function is a program. */
  public ProgramSettings program() {
    return program;
  }

  /** For calls that have not begun. */
  public void setProgram(ProgramSettings newProgram) {
    program = newProgram;
  }

  /** The limits in force: of platform, tenant and function. */
  public EffectiveLimits limits() {
    return limits;
  }

  /** Acts on the next question; who holds more keeps it. */
  public void setLimits(EffectiveLimits newLimits) {
    limits = newLimits;
  }

  /** Calls that run. */
  public int running() {
    return running;
  }

  /** Whether the function's own limits allow one more call. That of a deleted one has no say. */
  public boolean hasRoom() {
    return closed || running < limits.value(Quota.CONCURRENCY);
  }

  /** The function is deleted: nothing waits for it any more. */
  public void close() {
    closed = true;
  }

  /** A call begins. */
  public void enter() {
    running = running + 1;
  }

  /** A call that began is over. */
  public void leave() {
    if (running == 0) {
      throw new IllegalStateException("more calls ended than began");
    }
    running = running - 1;
  }
}
