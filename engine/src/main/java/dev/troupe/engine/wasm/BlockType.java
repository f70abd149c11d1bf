package dev.troupe.engine.wasm;

import java.util.List;

/**
 * Block types (section 5.4.1) as ints: a type index is itself; {@link #EMPTY} and one result type
 * are negative.
 */
public final class BlockType {
  /** No parameters, no results. */
  public static final int EMPTY = -1;

  private static final FuncType EMPTY_TYPE = new FuncType(List.of(), List.of());
  private static final FuncType[] ONE_RESULT = new FuncType[6];

  static {
    for (int code = 1; code < ONE_RESULT.length; code++) {
      ONE_RESULT[code] = new FuncType(List.of(), List.of(ValType.ofCode(code)));
    }
  }

  private BlockType() {}

  /** The block type with no parameters and this result. */
  public static int ofResult(ValType type) {
    return -1 - type.code();
  }

  /** Whether {@code blockType} is an index into the module's types. */
  public static boolean isTypeIndex(int blockType) {
    return blockType >= 0;
  }

  /** The {@linkplain ValType#code() code} of the only result of a block type that has just that. */
  public static int resultCode(int blockType) {
    return -1 - blockType;
  }

  /** Parameters and results. */
  public static FuncType funcType(int blockType, WasmModule module) {
    if (blockType >= 0) {
      return module.funcType(blockType);
    }
    if (blockType == EMPTY) {
      return EMPTY_TYPE;
    }
    int code = resultCode(blockType);
    return code < ONE_RESULT.length
        ? ONE_RESULT[code]
        : new FuncType(List.of(), List.of(ValType.ofCode(code)));
  }
}
