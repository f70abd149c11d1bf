package dev.troupe.actors.artifact;

import dev.troupe.actors.admission.CompileRefusedException;

/** Who pays for a compilation. Asked only when there is something to compile. Thread-safe. */
public interface CompileAccount {

  /**
   * Asks for a compilation.
   *
   * @throws CompileRefusedException when the account has no more to give; nothing was taken
   */
  Turn begin(long moduleBytes) throws CompileRefusedException;

  /** A compilation that may go on. */
  interface Turn {
    /** Processor time that it may use, in nanoseconds. */
    long limitNanos();

    /** It is over and has used so much; to be called once, whatever came of it. */
    void spent(long cpuNanos);

    /** What to tell when it was stopped at the limit. */
    CompileRefusedException tooMuch(long cpuNanos);
  }
}
