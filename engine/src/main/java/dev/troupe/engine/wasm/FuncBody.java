package dev.troupe.engine.wasm;

import java.util.List;

/**
 * Where the code of one defined function stands in the module's bytes.
 *
 * @param offset first byte of the body (the local declarations)
 * @param codeOffset first byte of the first instruction
 * @param end just after the final {@code end} of a well-formed body
 * @param locals declared locals in runs, without the parameters
 */
public record FuncBody(int offset, int codeOffset, int end, List<LocalGroup> locals) {
  public FuncBody {
    locals = List.copyOf(locals);
  }

  /** {@code count} locals of one type. */
  public record LocalGroup(int count, ValType type) {}

  /** Number of declared locals, without the parameters. */
  public int localCount() {
    int sum = 0;
    for (LocalGroup group : locals) {
      sum += group.count();
    }
    return sum;
  }

  /** Bytes of instructions. */
  public int codeLength() {
    return end - codeOffset;
  }
}
