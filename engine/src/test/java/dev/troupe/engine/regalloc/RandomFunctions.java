package dev.troupe.engine.regalloc;

import dev.troupe.engine.base.IntList;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Seeded random functions over arbitrary control-flow graphs, also irreducible ones. */
final class RandomFunctions {
  /** Registers 0-7 integer (6, 7 callee-saved), 32-37 vector (37 callee-saved). */
  static final MachineEnv ENV =
      new MachineEnv(
          new int[] {0, 1, 2, 3, 4, 5, 6, 7},
          new int[] {32, 33, 34, 35, 36, 37},
          1L << 6 | 1L << 7 | 1L << 37);

  static final long CALL_CLOBBERS = 0x3f | 0x1fL << 32;

  private final Random random;
  private final TestFunction function = new TestFunction();
  private final List<IntList> successors = new ArrayList<>();
  private final List<IntList> predecessors = new ArrayList<>();
  private boolean[][] dominates = new boolean[0][];
  private final List<IntList> definedIn = new ArrayList<>();
  private int[][] parameters = new int[0][];
  private final int pressure;
  private int currentBlock;

  private RandomFunctions(long seed) {
    random = new Random(seed);
    pressure = random.nextInt(3);
  }

  static TestFunction generate(long seed, int blocks, int instructionsPerBlock) {
    return new RandomFunctions(seed).build(blocks, instructionsPerBlock);
  }

  private TestFunction build(int wantedBlocks, int instructionsPerBlock) {
    makeGraph(wantedBlocks);
    dropUnreachable();
    splitCriticalEdges();
    int[] order = computeOrder();
    computeDominators();
    int blocks = successors.size();
    parameters = new int[blocks][];
    for (int b = 0; b < blocks; b++) {
      definedIn.add(new IntList());
      int count = 0;
      if (predecessors.get(b).size() > 1 || b != 0 && single(predecessors.get(b).get(0))) {
        count = random.nextInt(4) == 0 ? random.nextInt(14) : random.nextInt(4);
      }
      parameters[b] = new int[count];
      for (int p = 0; p < count; p++) {
        parameters[b][p] = newVreg(false);
        definedIn.get(b).add(parameters[b][p]);
      }
    }
    emit(order, instructionsPerBlock);
    return function.finish();
  }

  private boolean single(int block) {
    return successors.get(block).size() == 1;
  }

  private void makeGraph(int wanted) {
    for (int b = 0; b < wanted; b++) {
      IntList out = new IntList();
      int kind = random.nextInt(10);
      int edges = b == wanted - 1 || kind == 0 ? 0 : kind < 4 ? 1 : kind < 9 ? 2 : 4;
      for (int e = 0; e < edges; e++) {
        // Mostly forward, so that graphs are deep; some back edges.
        int target =
            random.nextInt(4) == 0
                ? 1 + random.nextInt(wanted - 1)
                : Math.min(wanted - 1, b + 1 + random.nextInt(3));
        boolean twice = false;
        for (int k = 0; k < out.size(); k++) {
          twice |= out.get(k) == target;
        }
        if (!twice) {
          out.add(target);
        }
      }
      successors.add(out);
    }
  }

  private void dropUnreachable() {
    int[] number = new int[successors.size()];
    java.util.Arrays.fill(number, -1);
    IntList reached = new IntList();
    reached.add(0);
    number[0] = 0;
    for (int k = 0; k < reached.size(); k++) {
      IntList out = successors.get(reached.get(k));
      for (int e = 0; e < out.size(); e++) {
        if (number[out.get(e)] < 0) {
          number[out.get(e)] = reached.size();
          reached.add(out.get(e));
        }
      }
    }
    List<IntList> kept = new ArrayList<>();
    for (int k = 0; k < reached.size(); k++) {
      IntList renamed = new IntList();
      IntList out = successors.get(reached.get(k));
      for (int e = 0; e < out.size(); e++) {
        renamed.add(number[out.get(e)]);
      }
      kept.add(renamed);
    }
    successors.clear();
    successors.addAll(kept);
  }

  private void splitCriticalEdges() {
    int blocks = successors.size();
    int[] entering = new int[blocks];
    for (IntList out : successors) {
      for (int e = 0; e < out.size(); e++) {
        entering[out.get(e)]++;
      }
    }
    for (int b = 0; b < blocks; b++) {
      IntList out = successors.get(b);
      for (int e = 0; out.size() > 1 && e < out.size(); e++) {
        if (entering[out.get(e)] > 1) {
          IntList between = new IntList();
          between.add(out.get(e));
          out.set(e, successors.size());
          successors.add(between);
        }
      }
    }
    for (int b = 0; b < successors.size(); b++) {
      predecessors.add(new IntList());
    }
    for (int b = 0; b < successors.size(); b++) {
      for (int e = 0; e < successors.get(b).size(); e++) {
        predecessors.get(successors.get(b).get(e)).add(b);
      }
    }
  }

  /** Layout: entry first, then shuffled a little or wholly. */
  private int[] computeOrder() {
    int blocks = successors.size();
    int[] order = new int[blocks];
    for (int b = 0; b < blocks; b++) {
      order[b] = b;
    }
    int swaps = random.nextInt(3) * blocks / 2;
    for (int k = 0; k < swaps && blocks > 2; k++) {
      int a = 1 + random.nextInt(blocks - 1);
      int b = 1 + random.nextInt(blocks - 1);
      int t = order[a];
      order[a] = order[b];
      order[b] = t;
    }
    return order;
  }

  private void computeDominators() {
    int blocks = successors.size();
    dominates = new boolean[blocks][blocks]; // dominates[b][d]: d dominates b
    for (boolean[] row : dominates) {
      java.util.Arrays.fill(row, true);
    }
    java.util.Arrays.fill(dominates[0], false);
    dominates[0][0] = true;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int b = 1; b < blocks; b++) {
        for (int d = 0; d < blocks; d++) {
          boolean all = true;
          for (int p = 0; p < predecessors.get(b).size(); p++) {
            all &= dominates[predecessors.get(b).get(p)][d];
          }
          boolean now = all || b == d;
          if (now != dominates[b][d]) {
            dominates[b][d] = now;
            changed = true;
          }
        }
      }
    }
  }

  private int newVreg(boolean remat) {
    int kind = random.nextInt(6);
    if (kind < 4) {
      return function.vreg(RegisterClass.INTEGER, 8, remat);
    }
    return function.vreg(RegisterClass.VECTOR, kind == 4 ? 8 : 16, remat);
  }

  private record Block(float frequency, List<Object[]> instructions) {}

  /**
   * Blocks are filled in dominator order, which here is the order of numbers of reachability; the
   * values visible in a block are those of its dominators.
   */
  private void emit(int[] order, int perBlock) {
    int blocks = successors.size();
    Block[] bodies = new Block[blocks];
    int[] byDepth = new int[blocks];
    int count = 0;
    for (int depth = 1; depth <= blocks; depth++) {
      for (int b = 0; b < blocks; b++) {
        int d = 0;
        for (boolean x : dominates[b]) {
          d += x ? 1 : 0;
        }
        if (d == depth) {
          byDepth[count++] = b;
        }
      }
    }
    for (int b : byDepth) {
      currentBlock = b;
      float frequency = (float) Math.pow(10, random.nextInt(5) - 1);
      bodies[b] = new Block(b == 0 ? 1 : frequency, new ArrayList<>());
      if (b == 0) {
        entryInstruction(bodies[b].instructions);
      }
      int instructions = random.nextInt(perBlock + 1);
      for (int i = 0; i < instructions; i++) {
        randomInstruction(bodies[b].instructions);
      }
    }
    int[] place = new int[blocks];
    for (int k = 0; k < blocks; k++) {
      place[order[k]] = k;
    }
    for (int b : order) {
      currentBlock = b;
      int[] targets = successors.get(b).toArray();
      int[] arguments = {};
      if (targets.length == 1) {
        int[] wanted = parameters[targets[0]];
        arguments = new int[wanted.length];
        for (int a = 0; a < wanted.length; a++) {
          arguments[a] = pickLike(wanted[a]);
        }
      }
      int[] placed = new int[targets.length];
      for (int e = 0; e < targets.length; e++) {
        placed[e] = place[targets[e]];
      }
      function.block(bodies[b].frequency, parameters[b], placed, arguments);
      for (Object[] i : bodies[b].instructions) {
        function.instruction((long) i[0], (boolean) i[1], (int[]) i[2]);
      }
      terminator(targets.length);
    }
  }

  /** Terminators are made last: they see all values of their block. */
  private void terminator(int targets) {
    if (targets == 1 || random.nextBoolean()) {
      function.op();
    } else if (targets == 0) {
      int v = pick(RegisterClass.INTEGER);
      int w = pick(RegisterClass.VECTOR);
      function.op(v, Operand.useFixed(0), w, Operand.useFixed(32));
    } else {
      int temporary = function.integer();
      function.op(
          pick(RegisterClass.INTEGER), Operand.useRegister(), temporary, Operand.defineEarly());
    }
  }

  private void entryInstruction(List<Object[]> out) {
    int[] pairs = new int[8];
    for (int k = 0; k < 3; k++) {
      pairs[2 * k] = define(function.integer());
      pairs[2 * k + 1] = Operand.defineFixed(k + 1);
    }
    pairs[6] = define(function.vreg(RegisterClass.VECTOR, 16, false));
    pairs[7] = Operand.defineFixed(33);
    out.add(new Object[] {0L, false, pairs});
    int narrow = define(function.vreg(RegisterClass.VECTOR, 8, true));
    out.add(new Object[] {0L, false, new int[] {narrow, Operand.defineRegister()}});
  }

  private int define(int v) {
    definedIn.get(currentBlock).add(v);
    return v;
  }

  private int pick(RegisterClass registerClass) {
    return pick(registerClass, 0);
  }

  /** A visible value; recent ones mostly, old ones often enough to make pressure. */
  private int pick(RegisterClass registerClass, int wantedBytes) {
    for (int tries = 0; tries < 200; tries++) {
      int block = currentBlock;
      if (tries > 30 || random.nextInt(3) < 1 + pressure / 2) {
        block = random.nextInt(successors.size());
        if (!dominates[currentBlock][block]) {
          continue;
        }
      }
      IntList values = definedIn.get(tries > 150 ? 0 : block);
      if (values.isEmpty()) {
        continue;
      }
      int window = pressure == 0 ? Math.min(6, values.size()) : values.size();
      int v = values.get(values.size() - 1 - random.nextInt(window));
      if (function.registerClass(v) == registerClass
          && (wantedBytes == 0 || function.spillBytes(v) == wantedBytes)) {
        return v;
      }
    }
    IntList first = definedIn.get(0);
    for (int k = 0; k < first.size(); k++) {
      int v = first.get(k);
      if (function.registerClass(v) == registerClass
          && (wantedBytes == 0 || function.spillBytes(v) == wantedBytes)) {
        return v;
      }
    }
    throw new IllegalStateException("no value of class " + registerClass);
  }

  private int pickLike(int v) {
    return pick(function.registerClass(v), function.spillBytes(v));
  }

  private RegisterClass anyClass() {
    return random.nextInt(3) == 0 ? RegisterClass.VECTOR : RegisterClass.INTEGER;
  }

  private int newOf(RegisterClass registerClass) {
    int bytes = registerClass == RegisterClass.INTEGER || random.nextBoolean() ? 8 : 16;
    return function.vreg(registerClass, bytes, false);
  }

  private void add(List<Object[]> out, long clobbers, boolean move, int... pairs) {
    for (int k = 0; k < pairs.length; k += 2) {
      if (Operand.isDefinition(pairs[k + 1]) && random.nextInt(20) != 0) {
        define(pairs[k]); // now and then a dead result
      }
    }
    out.add(new Object[] {clobbers, move, pairs});
  }

  private void randomInstruction(List<Object[]> out) {
    RegisterClass c = anyClass();
    switch (random.nextInt(16)) {
      case 0, 1 -> add(out, 0, false, function.vreg(c, 8, true), Operand.defineRegister());
      case 2 -> add(out, 0, false, newOf(c), Operand.defineRegister());
      case 3, 4, 5 ->
          add(
              out,
              0,
              false,
              newOf(c),
              Operand.defineReuse(1),
              pick(c),
              random.nextBoolean() ? Operand.useRegister() : Operand.useAny(),
              pick(c),
              Operand.useAny());
      case 6 ->
          add(
              out,
              0,
              false,
              pick(c),
              Operand.useRegister(),
              pick(c),
              random.nextBoolean() ? Operand.useRegister() : Operand.lateUseRegister(),
              newOf(c),
              Operand.defineRegister());
      case 7 -> {
        int source = pick(c);
        int copy = function.vreg(c, function.spillBytes(source), false);
        add(out, 0, true, source, Operand.useRegister(), copy, Operand.defineRegister());
      }
      case 8, 9 -> call(out);
      case 10 ->
          add(
              out,
              0,
              false,
              newOf(RegisterClass.INTEGER),
              Operand.defineReuse(2),
              pick(RegisterClass.INTEGER),
              Operand.useFixed(2),
              pick(RegisterClass.INTEGER),
              Operand.useRegister());
      case 11 ->
          add(
              out,
              0,
              false,
              pick(RegisterClass.INTEGER),
              Operand.useFixed(0),
              pick(RegisterClass.INTEGER),
              Operand.useAny(),
              newOf(RegisterClass.INTEGER),
              Operand.defineEarlyFixed(3),
              newOf(RegisterClass.INTEGER),
              Operand.defineFixed(0));
      case 12 ->
          add(
              out,
              0,
              false,
              newOf(c),
              Operand.defineEarly(),
              pick(c),
              Operand.useRegister(),
              pick(c),
              Operand.lateUseAny(),
              newOf(c),
              Operand.defineRegister(),
              newOf(c),
              Operand.defineReuse(1));
      case 13 -> add(out, 0, false, newOf(c), Operand.defineAny(), pick(c), Operand.useAny());
      case 14 -> {
        long mask = random.nextLong() & 0xfL << random.nextInt(4);
        add(out, mask, false, pick(c), Operand.useRegister());
      }
      default -> {
        int v = pick(c);
        add(out, CALL_CLOBBERS, false, v, Operand.useStack(), pick(c), Operand.useAny());
      }
    }
  }

  private void call(List<Object[]> out) {
    int ints = random.nextInt(5);
    int vectors = random.nextInt(3);
    int results = random.nextInt(3);
    boolean indirect = random.nextInt(3) == 0;
    int[] pairs = new int[2 * (ints + vectors + results + (indirect ? 1 : 0))];
    int at = 0;
    for (int k = 0; k < ints; k++) {
      pairs[at++] = pick(RegisterClass.INTEGER);
      pairs[at++] = Operand.useFixed(k + 1);
    }
    for (int k = 0; k < vectors; k++) {
      pairs[at++] = pick(RegisterClass.VECTOR);
      pairs[at++] = Operand.useFixed(32 + k);
    }
    if (indirect) {
      pairs[at++] = pick(RegisterClass.INTEGER);
      pairs[at++] = Operand.useRegister();
    }
    for (int k = 0; k < results; k++) {
      boolean vector = k == 1;
      pairs[at++] = newOf(vector ? RegisterClass.VECTOR : RegisterClass.INTEGER);
      pairs[at++] = Operand.defineFixed(vector ? 32 : 0);
    }
    add(out, CALL_CLOBBERS, false, pairs);
  }
}
