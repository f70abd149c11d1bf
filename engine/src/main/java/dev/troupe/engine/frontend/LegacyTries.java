package dev.troupe.engine.frontend;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the legacy {@code try} blocks of a function catch. They say so behind the code that throws,
 * which has to know; so the body is read once before.
 */
final class LegacyTries {
  /** {@link Try#delegate} of one that does not delegate. */
  static final int NONE = -1;

  /**
   * A clause.
   *
   * @param tag index of its tag, or {@link dev.troupe.engine.ssa.Handler#ANY}
   */
  record Clause(int tag, boolean isRethrown) {}

  /** A {@code try}: its clauses, or the label that it delegates to. */
  record Try(List<Clause> clauses, int delegate) {}

  private static final Object OTHER = new Object();

  private final Map<Integer, Try> tries = new HashMap<>();

  private LegacyTries() {}

  /** One that is being read. */
  private static final class Open {
    final int offset;
    final IntList tags = new IntList(2);
    final List<Boolean> rethrown = new ArrayList<>();

    Open(int offset) {
      this.offset = offset;
    }

    Try close(int delegate) {
      List<Clause> clauses = new ArrayList<>();
      for (int i = 0; i < tags.size(); i++) {
        clauses.add(new Clause(tags.get(i), rethrown.get(i)));
      }
      return new Try(clauses, delegate);
    }
  }

  /** Reads a body, which is valid. */
  static LegacyTries of(WasmModule module, FuncBody body) {
    LegacyTries result = new LegacyTries();
    InstructionReader reader = new InstructionReader(module.bytes(), WasmFeatures.ALL);
    reader.position(body.codeOffset());
    List<Object> open = new ArrayList<>();
    while (reader.position() < body.end()) {
      WasmOp op = reader.next();
      switch (op) {
        case BLOCK, LOOP, IF, TRY_TABLE -> open.add(OTHER);
        case TRY -> open.add(new Open(reader.offset()));
        case CATCH, CATCH_ALL -> {
          if (open.get(open.size() - 1) instanceof Open current) {
            current.tags.add(op == WasmOp.CATCH ? reader.index() : NONE);
            current.rethrown.add(false);
          }
        }
        case RETHROW -> {
          if (open.get(open.size() - 1 - reader.index()) instanceof Open target) {
            target.rethrown.set(target.rethrown.size() - 1, true);
          }
        }
        case END, DELEGATE -> {
          if (!open.isEmpty() && open.remove(open.size() - 1) instanceof Open closed) {
            result.tries.put(closed.offset, closed.close(op == WasmOp.END ? NONE : reader.index()));
          }
        }
        default -> {}
      }
    }
    return result;
  }

  /** The {@code try} at a byte offset of the module. */
  Try at(int offset) {
    Try known = tries.get(offset);
    if (known == null) {
      throw new IllegalStateException("no try at " + offset);
    }
    return known;
  }
}
