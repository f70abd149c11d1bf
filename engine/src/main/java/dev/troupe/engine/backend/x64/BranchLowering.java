package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.base.IntList;
import dev.troupe.engine.contract.CaughtException;
import dev.troupe.engine.regalloc.Operand;
import dev.troupe.engine.ssa.Handler;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.BlockFrequency;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Selection of branches. Edges that carry arguments out of a block with several successors, and
/// critical edges, get a block of their own; one in which nothing happens costs nothing, because
/// the emitter forwards jumps through it.
final class BranchLowering {
  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;

  /// For every SSA block the edge blocks that follow it in the layout; null where none.
  private final IntList[] edgeBlocks;

  BranchLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
    this.edgeBlocks = new IntList[ssa.blockCount()];
  }

  /// Selects a terminator with edges: the first thing selected in its block.
  void branch(int i, SsaOp op) {
    MachBuilder.MachBlock block = out.blocks.get(low.machBlock(ssa.block(i)));
    int[] positions = new int[ssa.edgeCount(i)];
    IntList edges = distinctEdges(i, positions);
    if (edges.size() == 1) {
      int edge = edges.get(0);
      block.arguments = arguments(edge);
      block.successors = new int[] {low.machBlock(ssa.target(edge))};
      out.add(MachPseudo.JUMP, 0);
      return;
    }
    int[] successors = new int[edges.size()];
    for (int k = 0; k < successors.length; k++) {
      successors[k] = edgeSuccessor(ssa.block(i), edges.get(k));
    }
    block.successors = successors;
    if (op == SsaOp.BR_IF) {
      int condition = low.conditions().flags(ssa.operand(i, 0), i);
      out.add(MachPseudo.BRANCH, condition);
    } else {
      block.table = positions;
      jumpTable(i, positions.length - 1);
    }
  }

  /// The edges of a call or throw in reach of exception handlers: the first things selected in its
  /// block. Successor 0 is where a call goes on, or what stands behind a throw.
  ///
  /// @param next the block that takes the results over, which has been selected
  void handlerEdges(int i, int next) {
    MachBuilder.MachBlock block = out.blocks.get(low.machBlock(ssa.block(i)));
    List<Handler> handlers = ssa.handlers(i);
    int before = ssa.edgeCount(i) - handlers.size();
    int[] successors = new int[handlers.size() + 1];
    successors[0] = next;
    for (int k = 0; k < handlers.size(); k++) {
      int areaBytes = CaughtException.value(handlers.get(k).values());
      out.outgoingBytes = Math.max(out.outgoingBytes, areaBytes);
      successors[k + 1] = edgeSuccessor(ssa.block(i), ssa.edge(i, before + k));
    }
    block.successors = successors;
    block.handlers = handlers;
  }

  /// Starts the block that follows a call which ends its block.
  int blockBehind(int i) {
    int source = ssa.block(i);
    int id = out.newBlock();
    MachBuilder.MachBlock from = out.blocks.get(low.machBlock(source));
    MachBuilder.MachBlock block = out.blocks.get(id);
    block.frequency = from.frequency;
    block.cold = from.cold;
    block.inCallRegion = from.inCallRegion;
    addEdgeBlock(source, id);
    return id;
  }

  /// Ends it with the jump along edge 0.
  void endBlockBehind(int i, int id) {
    int edge = ssa.edge(i, 0);
    MachBuilder.MachBlock block = out.blocks.get(id);
    block.arguments = arguments(edge);
    block.successors = new int[] {low.machBlock(ssa.target(edge))};
    out.add(MachPseudo.JUMP, 0);
    out.endBlock(id);
  }

  /// The block behind a throw, so that there are always several successors. No way leads to it.
  int unreachedBlock(int i) {
    int id = blockBehind(i);
    MachBuilder.MachBlock block = out.blocks.get(id);
    block.frequency = BlockFrequency.LEAST;
    block.cold = true;
    out.add(MachPseudo.UNREACHED, 0);
    out.endBlock(id);
    return id;
  }

  private void addEdgeBlock(int source, int id) {
    if (edgeBlocks[source] == null) {
      edgeBlocks[source] = new IntList(4);
    }
    edgeBlocks[source].add(id);
  }

  /// Edges of a terminator without those that lead to the same place with the same arguments as an
  /// earlier one.
  ///
  /// @param positions receives for every edge its place in the result
  private IntList distinctEdges(int i, int[] positions) {
    IntList edges = new IntList(positions.length);
    if (positions.length <= 2) {
      edges.add(ssa.edge(i, 0));
      if (positions.length == 2 && !ssa.isSameEdge(ssa.edge(i, 0), ssa.edge(i, 1))) {
        edges.add(ssa.edge(i, 1));
        positions[1] = 1;
      }
      return edges;
    }
    Map<List<Integer>, Integer> known = new HashMap<>();
    for (int k = 0; k < positions.length; k++) {
      int edge = ssa.edge(i, k);
      List<Integer> key = new ArrayList<>(ssa.argumentCount(edge) + 1);
      key.add(ssa.target(edge));
      for (int a = 0; a < ssa.argumentCount(edge); a++) {
        key.add(ssa.argument(edge, a));
      }
      Integer place = known.putIfAbsent(key, edges.size());
      positions[k] = place == null ? edges.size() : place;
      if (place == null) {
        edges.add(edge);
      }
    }
    return edges;
  }

  private int[] arguments(int edge) {
    int[] arguments = new int[ssa.argumentCount(edge)];
    for (int a = 0; a < arguments.length; a++) {
      arguments[a] = low.argument(edge, a);
    }
    return arguments;
  }

  /// The target itself, or a new block that passes the arguments on.
  private int edgeSuccessor(int source, int edge) {
    int target = ssa.target(edge);
    if (ssa.argumentCount(edge) == 0 && low.flow().incomingCount(target) == 1) {
      return low.machBlock(target);
    }
    int id = out.newBlock();
    MachBuilder.MachBlock from = out.blocks.get(low.machBlock(source));
    MachBuilder.MachBlock to = out.blocks.get(low.machBlock(target));
    MachBuilder.MachBlock block = out.blocks.get(id);
    block.frequency = low.frequency().edgeFrequency(edge);
    block.cold = from.cold || to.cold;
    block.inCallRegion = from.inCallRegion;
    block.arguments = arguments(edge);
    block.successors = new int[] {low.machBlock(target)};
    out.add(MachPseudo.JUMP, 0);
    out.endBlock(id);
    addEdgeBlock(source, id);
    return id;
  }

  /// Clamps the index to the default's place without a branch, which also keeps a mispredicted path
  /// inside the table. An index that cannot be greater, whatever the processor assumes, needs none.
  private void jumpTable(int i, int defaultPlace) {
    int index = low.use(ssa.operand(i, 0));
    int clamped = index;
    if (mostOf(ssa.operand(i, 0)) > defaultPlace) {
      clamped = out.newInteger();
      int limit = low.integerConstant(defaultPlace, SsaType.I32);
      out.row(X64Op.CMP32_MI, null, defaultPlace, index);
      out.row(X64Op.CMOV32, null, X64Cond.B.ordinal(), clamped, limit, index);
    }
    out.add(MachPseudo.JUMP_TABLE, 0);
    out.use(clamped);
    out.operand(out.newInteger(), Operand.defineEarly());
    out.operand(out.newInteger(), Operand.defineEarly());
  }

  /// The most that the instruction which makes this i32 can give, as an unsigned number; conditions
  /// before it do not count, since they are predicted.
  private int mostOf(int value) {
    int i = ssa.definingInstruction(value);
    if (i == SsaFunction.NONE) {
      return Integer.MAX_VALUE;
    }
    return switch (ssa.op(i)) {
      case LOAD -> ssa.access(i) == MemoryAccess.INT8_U ? 0xFF : Integer.MAX_VALUE;
      case IAND -> {
        int mask = low.definer(ssa.operand(i, 1), SsaOp.ICONST);
        long bits = mask == SsaFunction.NONE ? -1 : ssa.immediate(mask);
        yield bits >= 0 ? (int) Math.min(bits, Integer.MAX_VALUE) : Integer.MAX_VALUE;
      }
      case USHR -> {
        int amount = low.definer(ssa.operand(i, 1), SsaOp.ICONST);
        long shift = amount == SsaFunction.NONE ? 0 : ssa.immediate(amount) & Integer.SIZE - 1;
        yield shift >= Integer.SIZE / 2 ? (int) (0xFFFF_FFFFL >>> shift) : Integer.MAX_VALUE;
      }
      default -> Integer.MAX_VALUE;
    };
  }

  /// Machine blocks in final order: as in SSA, each followed by its edge blocks, cold ones last.
  int[] layout() {
    IntList hot = new IntList(out.blocks.size());
    IntList cold = new IntList();
    for (int b = ssa.entry(); b != SsaFunction.NONE; b = ssa.nextBlock(b)) {
      if (low.machBlock(b) == SsaFunction.NONE) {
        continue;
      }
      place(low.machBlock(b), b == ssa.entry(), hot, cold);
      IntList edges = edgeBlocks[b];
      for (int k = 0; edges != null && k < edges.size(); k++) {
        place(edges.get(k), false, hot, cold);
      }
    }
    int[] order = Arrays.copyOf(hot.toArray(), hot.size() + cold.size());
    for (int k = 0; k < cold.size(); k++) {
      order[hot.size() + k] = cold.get(k);
    }
    return order;
  }

  private void place(int block, boolean entry, IntList hot, IntList cold) {
    (out.blocks.get(block).cold && !entry ? cold : hot).add(block);
  }
}
