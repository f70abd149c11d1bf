package dev.troupe.engine.wasm;

import java.util.BitSet;
import java.util.List;

/**
 * Checks only whether function bodies are well formed, whatever features are on. Bodies are
 * normally read by the validator alone; this is for modules that turned out to be bad in another
 * way, because a malformed body comes first among the errors to report.
 */
public final class BodyScanner {
  private final byte[] bytes;
  private final boolean hasDataCount;
  private final InstructionReader reader;

  /** {@code hasDataCount}: whether instructions may name data segments. */
  public BodyScanner(byte[] bytes, boolean hasDataCount) {
    this.bytes = bytes;
    this.hasDataCount = hasDataCount;
    this.reader = new InstructionReader(bytes, WasmFeatures.ALL);
  }

  /**
   * Scans bodies in order.
   *
   * @throws MalformedException for the first malformed one
   */
  public void scan(List<FuncBody> bodies) {
    for (FuncBody body : bodies) {
      try {
        scan(body);
      } catch (InvalidException e) {
        // Something invalid that cannot be skipped ends what can be known about this body.
      }
    }
  }

  private void scan(FuncBody body) {
    BitSet isIf = new BitSet();
    int depth = 1;
    reader.position(body.codeOffset());
    while (depth > 0) {
      if (reader.position() >= body.end()) {
        throw missingEnd(bytes, reader.position(), body.end(), depth);
      }
      WasmOp op = reader.next();
      switch (op) {
        case BLOCK, LOOP, TRY, TRY_TABLE -> isIf.clear(depth++);
        case IF -> isIf.set(depth++);
        case ELSE -> {
          if (!isIf.get(depth - 1)) {
            throw new MalformedException("END opcode expected", reader.offset());
          }
          isIf.clear(depth - 1);
        }
        case END, DELEGATE -> depth--;
        case MEMORY_INIT, DATA_DROP, ARRAY_NEW_DATA, ARRAY_INIT_DATA -> {
          if (!hasDataCount) {
            throw new MalformedException("data count section required", reader.offset());
          }
        }
        default -> {}
      }
    }
    if (reader.position() != body.end()) {
      throw new MalformedException("section size mismatch", reader.position());
    }
  }

  /**
   * The error for a body whose bytes end at {@code end} although {@code depth} blocks are open. The
   * texts are those of a decoder that goes on reading behind the body.
   */
  public static MalformedException missingEnd(byte[] bytes, int position, int end, int depth) {
    if (position > end || end >= bytes.length) {
      return new MalformedException("unexpected end of section or function", end);
    }
    boolean endFollows = bytes[end] == WasmOp.END.opcode() && depth == 1;
    return new MalformedException(
        endFollows ? "section size mismatch" : "END opcode expected", end);
  }
}
