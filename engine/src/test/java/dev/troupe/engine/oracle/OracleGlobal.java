package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.GlobalType;

/** A global variable. */
public final class OracleGlobal {
  private final GlobalType type;
  private long value;

  public OracleGlobal(GlobalType type, long value) {
    this.type = type;
    this.value = value;
  }

  public GlobalType type() {
    return type;
  }

  public long get() {
    return value;
  }

  public void set(long newValue) {
    value = newValue;
  }
}
