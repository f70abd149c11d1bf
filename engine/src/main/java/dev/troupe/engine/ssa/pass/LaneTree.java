package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.VectorOp;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The computations that lead to a pack of stores, lane by lane. A node is a list of scalar values,
 * one for each lane: equal operations, loads of neighbours, or one value for all lanes. Built, then
 * judged by the caller, then turned into operations on vectors.
 */
final class LaneTree {
  private static final int NONE = SsaFunction.NONE;
  private static final int MOST_NODES = 32;
  private static final int MOST_DEPTH = 12;
  private static final int SHARED = -2;

  private final SsaFunction function;
  private final int[] uses;
  private final int[] usesInside;
  private final boolean[] isMember;
  private int[] splatOf;

  private int block;
  private SsaType lane = SsaType.F64;
  private int lanes;
  private int[] stores = {};
  private int root;
  // Nodes: the values of the lanes, the first operand node (or SHARED), the second, the vector.
  private int nodeCount;
  private final int[][] values = new int[MOST_NODES][];
  private final int[] left = new int[MOST_NODES];
  private final int[] right = new int[MOST_NODES];
  private final int[] vector = new int[MOST_NODES];
  // Loads and stores of the tree; all instructions of the tree.
  private final IntList accesses = new IntList(16);
  private final IntList members = new IntList(32);
  private final int[] scratch = new int[2];

  LaneTree(SsaFunction function) {
    this.function = function;
    this.uses = countUses(function);
    this.usesInside = new int[function.valueCount()];
    this.isMember = new boolean[function.instructionCount()];
    this.splatOf = new int[0];
  }

  /** Uses of each value, as operand or argument. */
  static int[] countUses(SsaFunction function) {
    int[] uses = new int[function.valueCount()];
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != NONE; i = function.next(i)) {
        for (int k = 0; k < function.operandCount(i); k++) {
          uses[function.operand(i, k)]++;
        }
        for (int n = 0; n < function.edgeCount(i); n++) {
          int edge = function.edge(i, n);
          for (int k = 0; k < function.argumentCount(edge); k++) {
            uses[function.argument(edge, k)]++;
          }
        }
      }
    }
    return uses;
  }

  /** Whether the second access is to the whole element right behind that of the first. */
  static boolean areNeighbours(SsaFunction function, int first, int second) {
    return function.access(first) == function.access(second)
        && function.controllingType(first) == function.controllingType(second)
        && function.memory(first) == function.memory(second)
        && function.operand(first, 0) == function.operand(second, 0)
        && function.offset(second) == function.offset(first) + function.access(first).bytes();
  }

  /** The loads and stores of the tree. */
  IntList accesses() {
    return accesses;
  }

  /** Whether {@code instruction} is part of the tree. */
  boolean isMember(int instruction) {
    return instruction < isMember.length && isMember[instruction];
  }

  /**
   * Builds the tree of {@code pack}, stores to neighbours in {@code block}, lowest address first.
   *
   * @return whether all of it can be packed and nothing else needs one of its scalar values
   */
  boolean build(int inBlock, int[] pack) {
    for (int m = 0; m < members.size(); m++) {
      int i = members.get(m);
      isMember[i] = false;
      if (function.resultCount(i) == 1) {
        usesInside[function.result(i)] = 0;
      }
    }
    accesses.clear();
    members.clear();
    nodeCount = 0;
    block = inBlock;
    stores = pack;
    lanes = pack.length;
    lane = function.controllingType(pack[0]);
    int[] stored = new int[lanes];
    for (int k = 0; k < lanes; k++) {
      accesses.add(pack[k]);
      addMember(pack[k]);
      stored[k] = function.operand(pack[k], 1);
    }
    root = node(stored, 0);
    if (root == NONE || left[root] == SHARED) {
      return root != NONE;
    }
    for (int n = 0; n < nodeCount; n++) {
      for (int k = 0; k < lanes && left[n] != SHARED; k++) {
        if (usesInside[values[n][k]] != uses[values[n][k]]) {
          return false;
        }
      }
    }
    return true;
  }

  private void addMember(int instruction) {
    members.add(instruction);
    isMember[instruction] = true;
  }

  /** The node of these values, or NONE if there can be none. */
  private int node(int[] wanted, int depth) {
    if (depth > MOST_DEPTH) {
      return NONE;
    }
    boolean shared = true;
    for (int k = 1; k < lanes; k++) {
      shared &= isSame(wanted[0], wanted[k]);
    }
    int node = known(wanted);
    if (node == NONE) {
      node = shared ? add(wanted, SHARED, NONE) : separate(wanted, depth);
    }
    for (int k = 0; k < lanes && node != NONE && !shared; k++) {
      usesInside[wanted[k]]++;
    }
    return node;
  }

  private boolean isSame(int a, int b) {
    if (a == b) {
      return true;
    }
    int left = function.definingInstruction(a);
    int right = function.definingInstruction(b);
    return left != NONE
        && right != NONE
        && function.op(left) == function.op(right)
        && (function.op(left) == SsaOp.ICONST || function.op(left) == SsaOp.FCONST)
        && function.controllingType(left) == function.controllingType(right)
        && function.immediate(left) == function.immediate(right);
  }

  private int known(int[] wanted) {
    for (int n = 0; n < nodeCount; n++) {
      if (Arrays.equals(values[n], wanted)) {
        return n;
      }
    }
    return NONE;
  }

  private int add(int[] wanted, int first, int second) {
    if (nodeCount == MOST_NODES) {
      return NONE;
    }
    values[nodeCount] = wanted;
    left[nodeCount] = first;
    right[nodeCount] = second;
    return nodeCount++;
  }

  /** Lanes with values of their own: equal operations in the block of the stores. */
  private int separate(int[] wanted, int depth) {
    int first = function.definingInstruction(wanted[0]);
    if (first == NONE) {
      return NONE;
    }
    boolean loads = function.op(first) == SsaOp.LOAD;
    if (!loads && vectorOp(function.op(first), lane) == null) {
      return NONE;
    }
    for (int k = 0; k < lanes; k++) {
      int i = function.definingInstruction(wanted[k]);
      if (i == NONE
          || function.block(i) != block
          || function.op(i) != function.op(first)
          || function.controllingType(i) != lane
          || isMember(i)) {
        return NONE;
      }
      addMember(i);
    }
    if (loads) {
      return loads(wanted, first);
    }
    int a = node(operands(wanted, 0), depth + 1);
    int b = a == NONE ? NONE : node(operands(wanted, 1), depth + 1);
    return b == NONE ? NONE : add(wanted, a, b);
  }

  private int[] operands(int[] of, int position) {
    int[] operands = new int[lanes];
    for (int k = 0; k < lanes; k++) {
      operands[k] = function.operand(function.definingInstruction(of[k]), position);
    }
    return operands;
  }

  private int loads(int[] wanted, int first) {
    if (!SuperwordPacking.isWhole(function, first)) {
      return NONE;
    }
    accesses.add(first);
    for (int k = 1; k < lanes; k++) {
      int i = function.definingInstruction(wanted[k]);
      int before = function.definingInstruction(wanted[k - 1]);
      if (!areNeighbours(function, before, i)) {
        return NONE;
      }
      accesses.add(i);
    }
    return add(wanted, NONE, NONE);
  }

  /** The operation on vectors whose lanes are computed by {@code op}; null if there is none. */
  private static @Nullable VectorOp vectorOp(SsaOp op, SsaType lane) {
    return switch (op) {
      case IADD -> lane == SsaType.I32 ? VectorOp.I32X4_ADD : VectorOp.I64X2_ADD;
      case ISUB -> lane == SsaType.I32 ? VectorOp.I32X4_SUB : VectorOp.I64X2_SUB;
      // Products of 64 bits take several instructions.
      case IMUL -> lane == SsaType.I32 ? VectorOp.I32X4_MUL : null;
      case FADD -> lane == SsaType.F32 ? VectorOp.F32X4_ADD : VectorOp.F64X2_ADD;
      case FSUB -> lane == SsaType.F32 ? VectorOp.F32X4_SUB : VectorOp.F64X2_SUB;
      case FMUL -> lane == SsaType.F32 ? VectorOp.F32X4_MUL : VectorOp.F64X2_MUL;
      case FDIV -> lane == SsaType.F32 ? VectorOp.F32X4_DIV : VectorOp.F64X2_DIV;
      case IAND -> VectorOp.V128_AND;
      case IOR -> VectorOp.V128_OR;
      case IXOR -> VectorOp.V128_XOR;
      default -> null;
    };
  }

  private static VectorOp splatOp(SsaType lane) {
    return switch (lane) {
      case I32 -> VectorOp.I32X4_SPLAT;
      case I64 -> VectorOp.I64X2_SPLAT;
      case F32 -> VectorOp.F32X4_SPLAT;
      case F64 -> VectorOp.F64X2_SPLAT;
      case V128, REF -> throw new IllegalStateException("no lane");
    };
  }

  // ---- vectors

  /** Puts the vectors in front of {@code place}, one of the stores, and removes the scalars. */
  void emit(int place) {
    Arrays.fill(vector, 0, nodeCount, NONE);
    int stored = emitNode(root, place);
    scratch[0] = function.operand(stores[0], 0);
    scratch[1] = stored;
    int store = function.newInstruction(SsaOp.STORE, SsaType.V128, scratch, 2);
    asAccess(store, stores[0]);
    function.insertBefore(store, place);
    for (int m = 0; m < members.size(); m++) {
      function.remove(members.get(m));
    }
  }

  private void asAccess(int instruction, int model) {
    function.setAuxiliary(instruction, function.auxiliary(model));
    function.setDetail(instruction, MemoryAccess.VECTOR128.ordinal());
    function.setImmediate(instruction, function.offset(model));
    function.setRegion(instruction, function.region(model));
    function.setWasmOffset(instruction, function.wasmOffset(model));
  }

  private int emitNode(int node, int place) {
    if (vector[node] == NONE) {
      vector[node] = left[node] == SHARED ? splat(values[node][0]) : compute(node, place);
    }
    return vector[node];
  }

  private int compute(int node, int place) {
    int model = function.definingInstruction(values[node][0]);
    int instruction;
    if (left[node] == NONE) {
      scratch[0] = function.operand(model, 0);
      instruction = function.newInstruction(SsaOp.LOAD, SsaType.V128, scratch, 1);
      asAccess(instruction, model);
    } else {
      int a = emitNode(left[node], place);
      int b = emitNode(right[node], place);
      scratch[0] = a;
      scratch[1] = b;
      VectorOp op = Objects.requireNonNull(vectorOp(function.op(model), lane));
      instruction = function.newInstruction(SsaOp.VBINARY, lane, scratch, 2);
      function.setDetail(instruction, op.ordinal());
      function.setWasmOffset(instruction, function.wasmOffset(model));
    }
    function.addResults(instruction);
    function.insertBefore(instruction, place);
    return function.result(instruction);
  }

  private int splatOrConstant(int value, int definer) {
    if (definer != NONE
        && (function.op(definer) == SsaOp.ICONST || function.op(definer) == SsaOp.FCONST)) {
      long bits = function.immediate(definer);
      long both = lane.bytes() == 4 ? bits << 32 | bits & 0xFFFF_FFFFL : bits;
      int constant = function.newInstruction(SsaOp.VCONST, SsaType.V128, scratch, 0);
      function.setImmediate(constant, function.internVector(both, both));
      return constant;
    }
    scratch[0] = value;
    int splat = function.newInstruction(SsaOp.SPLAT, lane, scratch, 1);
    function.setDetail(splat, splatOp(lane).ordinal());
    return splat;
  }

  /** A vector with {@code value} in all lanes, made right where the value is. */
  private int splat(int value) {
    if (value < splatOf.length && splatOf[value] != NONE) {
      return splatOf[value];
    }
    if (value >= splatOf.length) {
      int known = splatOf.length;
      splatOf = Arrays.copyOf(splatOf, function.valueCount());
      Arrays.fill(splatOf, known, splatOf.length, NONE);
    }
    int definer = function.definingInstruction(value);
    int splat = splatOrConstant(value, definer);
    int place =
        definer == NONE
            ? function.firstInstruction(function.definingBlock(value))
            : function.next(definer);
    function.setWasmOffset(splat, function.wasmOffset(place));
    function.addResults(splat);
    function.insertBefore(splat, place);
    splatOf[value] = function.result(splat);
    return splatOf[value];
  }
}
