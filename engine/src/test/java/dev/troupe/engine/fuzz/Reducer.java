package dev.troupe.engine.fuzz;

import dev.troupe.engine.testing.ByteWriter;
import dev.troupe.engine.testing.ModuleWriter;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing case smaller: fewer calls, functions without bodies, ranges of instructions left
 * out or replaced by constants. What is not valid any more is not tried; so only the validator, not
 * the reducer, knows how instructions fit together.
 */
final class Reducer {
  private static final int MOST_ATTEMPTS = 3_000;

  /** Of what the validator refuses, too. */
  private static final int MOST_CANDIDATES = 100_000;

  private static final int LONGEST_REPLACED = 12;

  private final Predicate<FuzzCase> fails;
  private final long seed;
  private FuzzCase best;
  private int attempts;
  private int candidates;

  private Reducer(FuzzCase original, long seed, Predicate<FuzzCase> fails) {
    this.best = original;
    this.seed = seed;
    this.fails = fails;
  }

  /**
   * The smallest case found for which the predicate holds.
   *
   * @param fails holds for the original
   */
  static FuzzCase reduce(FuzzCase original, long seed, Predicate<FuzzCase> fails) {
    Reducer reducer = new Reducer(original, seed, fails);
    int size;
    do {
      size = reducer.size();
      reducer.calls();
      reducer.bodies();
      reducer.instructions();
    } while (reducer.size() < size && reducer.goesOn());
    return reducer.best;
  }

  private boolean goesOn() {
    return attempts < MOST_ATTEMPTS && candidates < MOST_CANDIDATES;
  }

  private int size() {
    return best.wasm().length + best.calls().size();
  }

  private boolean attempt(FuzzCase smaller) {
    if (attempts >= MOST_ATTEMPTS) {
      return false;
    }
    attempts++;
    boolean holds = fails.test(smaller);
    if (holds) {
      best = smaller;
    }
    return holds;
  }

  private boolean attempt(byte[] wasm) {
    if (++candidates > MOST_CANDIDATES) {
      return false;
    }
    FuzzCase smaller;
    try {
      smaller = FuzzCase.of(wasm, seed);
    } catch (WasmException e) {
      return false;
    }
    return attempt(new FuzzCase(wasm, smaller.module(), best.calls()));
  }

  private void calls() {
    for (int length = best.calls().size() / 2; length > 0; length /= 2) {
      for (int from = best.calls().size() - length; from >= 0; from -= length) {
        List<FuzzCase.Call> fewer = new ArrayList<>(best.calls());
        fewer.subList(from, Math.min(from + length, fewer.size())).clear();
        boolean unused = attempt(new FuzzCase(best.wasm(), best.module(), fewer));
      }
    }
  }

  private void bodies() {
    for (int i = 0; i < best.module().bodies().size(); i++) {
      boolean unused = attempt(with(i, List.of(bytes(WasmOp.UNREACHABLE), bytes(WasmOp.END))));
    }
  }

  private void instructions() {
    for (int i = 0; i < best.module().bodies().size(); i++) {
      int count = slices(i).size();
      for (int length = Math.max(1, count / 2); length > 0; length /= 2) {
        ranges(i, length);
      }
      for (int length = LONGEST_REPLACED; length > 0; length--) {
        ranges(i, length);
      }
    }
  }

  private void ranges(int function, int length) {
    // Long ranges need not start everywhere.
    int step = Math.max(1, length / LONGEST_REPLACED);
    for (int from = slices(function).size() - 1 - length; from >= 0 && goesOn(); from -= step) {
      for (List<byte[]> replacement : replacements(length)) {
        List<byte[]> slices = new ArrayList<>(slices(function));
        if (from + length >= slices.size()) {
          break;
        }
        List<byte[]> range = slices.subList(from, from + length);
        int before = range.stream().mapToInt(slice -> slice.length).sum();
        int after = replacement.stream().mapToInt(slice -> slice.length).sum();
        if (after >= before) {
          continue;
        }
        range.clear();
        slices.addAll(from, replacement);
        if (attempt(with(function, slices))) {
          break;
        }
      }
    }
  }

  private static List<List<byte[]>> replacements(int length) {
    if (length > LONGEST_REPLACED) {
      return List.of(List.of());
    }
    byte[] drop = bytes(WasmOp.DROP);
    byte[] i32 = new byte[] {0x41, 0};
    byte[] i64 = new byte[] {0x42, 0};
    byte[] f32 = new byte[] {0x43, 0, 0, 0, 0};
    byte[] f64 = new byte[] {0x44, 0, 0, 0, 0, 0, 0, 0, 0};
    return List.of(
        List.of(),
        List.of(drop),
        List.of(i32),
        List.of(i64),
        List.of(f32),
        List.of(f64),
        List.of(drop, drop),
        List.of(drop, i32),
        List.of(drop, i64),
        List.of(drop, drop, i32),
        List.of(drop, drop, i64),
        List.of(bytes(WasmOp.UNREACHABLE)));
  }

  private static byte[] bytes(WasmOp op) {
    return ModuleWriter.opcode(new ByteWriter(), op).toBytes();
  }

  private List<byte[]> slices(int function) {
    WasmModule module = best.module();
    FuncBody body = module.bodies().get(function);
    InstructionReader reader = new InstructionReader(module.bytes(), FuzzCase.FEATURES);
    reader.position(body.codeOffset());
    List<byte[]> slices = new ArrayList<>();
    while (reader.position() < body.end()) {
      int start = reader.position();
      WasmOp unused = reader.next();
      slices.add(Arrays.copyOfRange(module.bytes(), start, reader.position()));
    }
    return slices;
  }

  /** The module with another body; all sections but the code section as they are. */
  private byte[] with(int function, List<byte[]> instructions) {
    byte[] wasm = best.wasm();
    WasmModule module = best.module();
    ByteWriter out = new ByteWriter().bytes(wasm, 0, 8);
    int at = 8;
    while (at < wasm.length) {
      int start = at++;
      int length = 0;
      for (int shift = 0; ; shift += 7) {
        int b = wasm[at++];
        length |= (b & 0x7F) << shift;
        if (b >= 0) {
          break;
        }
      }
      at += length;
      if (wasm[start] == 10) {
        ByteWriter code = new ByteWriter().u32(module.bodies().size());
        for (int i = 0; i < module.bodies().size(); i++) {
          FuncBody body = module.bodies().get(i);
          ByteWriter w = new ByteWriter().u32(body.locals().size());
          body.locals().forEach(group -> ModuleWriter.type(w.u32(group.count()), group.type()));
          if (i == function) {
            instructions.forEach(slice -> w.bytes(slice, 0, slice.length));
          } else {
            w.bytes(wasm, body.codeOffset(), body.end() - body.codeOffset());
          }
          code.sized(w);
        }
        out.section(10, code);
      } else {
        out.bytes(wasm, start, at - start);
      }
    }
    return out.toBytes();
  }
}
