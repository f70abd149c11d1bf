package dev.troupe.engine.oracle;

import dev.troupe.engine.wasm.TagType;

/** A tag. Each is another one, whatever its type. */
public final class OracleTag {
  private final TagType type;
  private final int typeId;

  /**
   * @param typeId the number of its function type in the store
   */
  public OracleTag(TagType type, int typeId) {
    this.type = type;
    this.typeId = typeId;
  }

  /** The number of its function type. */
  public int typeId() {
    return typeId;
  }

  int parameterCount() {
    return type.function().paramCount();
  }
}
