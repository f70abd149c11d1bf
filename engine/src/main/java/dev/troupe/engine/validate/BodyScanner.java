package dev.troupe.engine.validate;

import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.InvalidException;
import dev.troupe.engine.wasm.MalformedException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.BitSet;

/**
 * Checks only whether bodies are well formed. Needed when a module turned out to be invalid: if some
 * body is malformed, that is the error to report.
 */
final class BodyScanner {
  private final WasmModule module;
  private final InstructionReader reader;

  BodyScanner(WasmModule module, WasmFeatures features) {
    this.module = module;
    this.reader = new InstructionReader(module.bytes(), features);
  }

  /**
   * Scans all bodies.
   *
   * @throws MalformedException for the first malformed one
   */
  void scan() {
    for (FuncBody body : module.bodies()) {
      try {
        scan(body);
      } catch (InvalidException e) {
        // A disabled feature ends what can be known about this body.
      }
    }
  }

  private void scan(FuncBody body) {
    BitSet isIf = new BitSet();
    int depth = 1;
    reader.position(body.codeOffset());
    while (depth > 0) {
      if (reader.position() >= body.end()) {
        throw missingEnd(module.bytes(), reader.position(), body.end(), depth);
      }
      WasmOp op = reader.next();
      switch (op) {
        case BLOCK, LOOP, TRY_TABLE -> isIf.clear(depth++);
        case IF -> isIf.set(depth++);
        case ELSE -> {
          if (!isIf.get(depth - 1)) {
            throw new MalformedException("END opcode expected", reader.offset());
          }
          isIf.clear(depth - 1);
        }
        case END -> depth--;
        case MEMORY_INIT, DATA_DROP -> {
          if (module.dataCount() == WasmModule.NO_DATA_COUNT) {
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
  static MalformedException missingEnd(byte[] bytes, int position, int end, int depth) {
    if (position > end || end >= bytes.length) {
      return new MalformedException("unexpected end of section or function", end);
    }
    boolean endFollows = bytes[end] == WasmOp.END.opcode() && depth == 1;
    return new MalformedException(
        endFollows ? "section size mismatch" : "END opcode expected", end);
  }
}
