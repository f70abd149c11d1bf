package dev.troupe.engine.compile;

import java.util.Locale;

/** The stages of the pipeline. */
public enum CompileStage implements Snapshot {
  /** As translated from WebAssembly. */
  SSA,
  /** After the passes. */
  OPT,
  /** What loops advance by, as strength reduction sees it, with the function as it is then. */
  INDUCTION,
  /** Machine instructions over virtual registers. */
  MACH,
  /** Machine code. */
  ASM;

  /**
   * The stage with this name, in lower case.
   *
   * @throws IllegalArgumentException naming the stages there are
   */
  public static CompileStage of(String name) {
    for (CompileStage stage : values()) {
      if (stage.text().equals(name)) {
        return stage;
      }
    }
    throw new IllegalArgumentException("no stage '" + name + "': ssa, opt, induction, mach or asm");
  }

  /** The name on command lines and in golden files. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
