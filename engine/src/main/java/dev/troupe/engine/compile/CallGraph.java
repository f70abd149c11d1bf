package dev.troupe.engine.compile;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.wasm.FuncBody;
import dev.troupe.engine.wasm.InstructionReader;
import dev.troupe.engine.wasm.WasmException;
import dev.troupe.engine.wasm.WasmFeatures;
import dev.troupe.engine.wasm.WasmModule;
import dev.troupe.engine.wasm.WasmOp;
import java.util.Arrays;

/**
 * Who calls whom directly within a module, its strongly connected components, and what one pass
 * over the bodies tells of each function. The bodies need not be valid: one that cannot be read
 * counts as one without calls. Immutable.
 */
final class CallGraph {
  private static final int NONE = -1;

  /** Sizes of a call without its arguments, and of other instructions that become long code. */
  private static final int CALL_SIZE = 2;

  private static final int LARGE_SIZE = 12;

  private final int first;
  private final int[] start;
  private final int[] callees;
  private final int[] size;
  private final int[] callSites;
  private final int[] component;
  private final int[] height;

  private CallGraph(int first, int[] start, int[] callees, int[] size) {
    int functions = start.length - 1;
    this.first = first;
    this.start = start;
    this.callees = callees;
    this.size = size;
    this.callSites = new int[functions];
    this.component = new int[functions];
    this.height = new int[functions];
    for (int callee : callees) {
      callSites[callee]++;
    }
    new Components().find();
  }

  /** Reads all bodies of {@code module}. */
  static CallGraph of(WasmModule module, WasmFeatures features) {
    int first = module.importedFunctionCount();
    int functions = module.functionCount() - first;
    InstructionReader reader = new InstructionReader(module.bytes(), features);
    IntList calls = new IntList();
    int[] start = new int[functions + 1];
    int[] size = new int[functions];
    for (int f = 0; f < functions; f++) {
      int before = calls.size();
      try {
        size[f] = scan(reader, module, f, calls);
      } catch (WasmException e) {
        // The compiler proper reports it, with its place in the order of errors.
        while (calls.size() > before) {
          calls.removeLast();
        }
      }
      start[f + 1] = calls.size();
    }
    return new CallGraph(first, start, calls.toArray(), size);
  }

  private static int scan(InstructionReader reader, WasmModule module, int f, IntList calls) {
    int first = module.importedFunctionCount();
    FuncBody body = module.body(first + f);
    int size = 0;
    reader.position(body.codeOffset());
    while (reader.position() < body.end()) {
      WasmOp op = reader.next();
      switch (op) {
        case CALL, RETURN_CALL -> {
          int callee = reader.index();
          if (callee >= first && callee < module.functionCount()) {
            calls.add(callee - first);
            size += CALL_SIZE + module.functionType(callee).paramCount();
          }
        }
        case CALL_INDIRECT, RETURN_CALL_INDIRECT, MEMORY_COPY, MEMORY_FILL, MEMORY_GROW ->
            size += LARGE_SIZE;
        case LOCAL_GET,
            LOCAL_SET,
            LOCAL_TEE,
            I32_CONST,
            I64_CONST,
            F32_CONST,
            F64_CONST,
            BLOCK,
            LOOP,
            ELSE,
            END,
            BR,
            RETURN,
            DROP,
            NOP -> {}
        default -> size++;
      }
    }
    return size;
  }

  /**
   * About how many instructions the body of a defined function becomes, before anything is inlined
   * into it: those of WebAssembly without what usually costs nothing, calls with more weight.
   */
  int size(int function) {
    return size[function - first];
  }

  /** Number of direct calls of a defined function in the whole module. */
  int callSites(int function) {
    return callSites[function - first];
  }

  /**
   * Number of the strongly connected component of a defined function. A callee's number is at most
   * that of its callers; functions that call each other in a circle have equal numbers.
   */
  int component(int function) {
    return component[function - first];
  }

  /** Whether a defined function has a call of itself. */
  boolean callsItself(int function) {
    int f = function - first;
    for (int c = start[f]; c < start[f + 1]; c++) {
      if (callees[c] == f) {
        return true;
      }
    }
    return false;
  }

  /** Most calls in a row from a function to one that calls no other; circles count once. */
  int height(int function) {
    return height[function - first];
  }

  /** Tarjan's algorithm (SIAM Journal on Computing 1, 1972) with a stack of its own. */
  private final class Components {
    private final int[] number = new int[start.length - 1];
    private final int[] low = new int[start.length - 1];
    private final int[] next = new int[start.length - 1];
    private final IntList path = new IntList();
    private final IntList open = new IntList();
    private int numbered;
    private int components;

    void find() {
      Arrays.fill(component, NONE);
      for (int f = 0; f < number.length; f++) {
        if (number[f] == 0) {
          enter(f);
          while (!path.isEmpty()) {
            step(path.get(path.size() - 1));
          }
        }
      }
    }

    private void enter(int f) {
      number[f] = ++numbered;
      low[f] = number[f];
      next[f] = start[f];
      path.add(f);
      open.add(f);
    }

    private void step(int f) {
      if (next[f] < start[f + 1]) {
        int callee = callees[next[f]++];
        if (number[callee] == 0) {
          enter(callee);
        } else if (component[callee] == NONE) {
          low[f] = Math.min(low[f], number[callee]);
        }
        return;
      }
      path.removeLast();
      if (!path.isEmpty()) {
        int caller = path.get(path.size() - 1);
        low[caller] = Math.min(low[caller], low[f]);
      }
      if (low[f] == number[f]) {
        close(f);
      }
    }

    /** The functions opened since {@code root} are one component. */
    private void close(int root) {
      int firstMember = open.size() - 1;
      while (open.get(firstMember) != root) {
        firstMember--;
      }
      int most = 0;
      for (int i = firstMember; i < open.size(); i++) {
        component[open.get(i)] = components;
      }
      for (int i = firstMember; i < open.size(); i++) {
        int f = open.get(i);
        for (int c = start[f]; c < start[f + 1]; c++) {
          if (component[callees[c]] != components) {
            most = Math.max(most, height[callees[c]] + 1);
          }
        }
      }
      while (open.size() > firstMember) {
        height[open.removeLast()] = most;
      }
      components++;
    }
  }
}
