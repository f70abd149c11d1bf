package dev.troupe.engine.oracle;

import dev.troupe.engine.contract.TrapKind;

/** A guest trap. */
public final class OracleTrap extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final TrapKind kind;

  public OracleTrap(TrapKind kind) {
    super(kind.message(), null, false, false);
    this.kind = kind;
  }

  public TrapKind kind() {
    return kind;
  }
}
