package dev.troupe.engine.frontend;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.ssa.SsaBuilder;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.wasm.LimitExceededException;
import java.util.Arrays;

/**
 * Turns reads and writes of locals into values while the body is read (Braun et al., "Simple and
 * Efficient Construction of Static Single Assignment Form", CC 2013). A block is <em>sealed</em>
 * when no further edge will arrive at it. A read that the current block does not answer walks to
 * the predecessors; where several meet, the block gets a parameter. A parameter whose arguments
 * turn out to be one value is replaced by that value, and leaves the function at the end.
 *
 * <p>Two differences from the paper. The recursion is a work list, so that depth costs no stack.
 * And since WebAssembly is structured, the start of a construct dominates its end: a local that was
 * not written since the start needs no parameter at the end, which most locals are.
 */
final class LocalVariables {
  /** Most steps to predecessors per function; only programs built for it come near. */
  private static final long MOST_STEPS = 200_000_000;

  /**
   * Most arguments of edges for locals per function: parameters times the edges that arrive. Each
   * takes about 40 bytes until the function is compiled. The largest of real programs had 52,000.
   */
  static final long MOST_ARGUMENTS = 4_000_000;

  private static final int NONE = SsaFunction.NONE;

  private final SsaFunction function;
  private final SsaBuilder builder;
  private final SsaType[] types;
  private final DefinitionTable definitions = new DefinitionTable();
  private final BlockAncestors ancestors = new BlockAncestors();
  private final int[] zeros = new int[SsaType.values().length];
  private long steps;
  private long arguments;

  // What the current block knows of each local, and the newest write in the program so far.
  private final int[] knownBlock;
  private final int[] knownValue;
  private final int[] writtenIn;
  private final int[] writtenAt;
  private int time;

  // Chains: blocks of which each but the first has the one before as its only predecessor. Per
  // block its first block and its place; of first blocks, the time at their start.
  private int[] chain = new int[16];
  private int[] chainPlace = new int[16];
  private int[] chainTime = new int[16];
  private int[] chainLength = new int[16];

  // Per block: sealed, arriving edges as a list, and the dominating construct start.
  private boolean[] sealed = new boolean[16];
  private int[] firstEdge = new int[16];
  private int[] dominator = new int[16];
  private int[] dominatorTime = new int[16];
  private int[] nextEdge = new int[16];

  // Parameters of unsealed blocks that wait for their arguments: pairs of local and parameter.
  private final IntList incompleteBlock = new IntList();
  private final IntList incompleteParameter = new IntList();
  private final IntList incompleteLocal = new IntList();

  // Work list: parameter and local; ~parameter asks whether the parameter is redundant.
  private final IntList workParameter = new IntList();
  private final IntList workLocal = new IntList();

  private int[] alias = new int[64];

  LocalVariables(SsaBuilder builder, SsaType[] types) {
    this.builder = builder;
    this.function = builder.function();
    this.types = types;
    this.knownBlock = new int[types.length];
    this.knownValue = new int[types.length];
    this.writtenIn = new int[types.length];
    this.writtenAt = new int[types.length];
    Arrays.fill(knownBlock, NONE);
    Arrays.fill(writtenIn, NONE);
    Arrays.fill(zeros, NONE);
    Arrays.fill(alias, NONE);
  }

  // ---- the graph, as the translator makes it known

  /** Makes a block known. Its dominator is the current block as it stands now. */
  int newBlock(int dominatingBlock) {
    int block = function.newBlock();
    if (block >= sealed.length) {
      int size = Math.max(block + 1, sealed.length * 2);
      sealed = Arrays.copyOf(sealed, size);
      chain = Arrays.copyOf(chain, size);
      chainPlace = Arrays.copyOf(chainPlace, size);
      chainTime = Arrays.copyOf(chainTime, size);
      chainLength = Arrays.copyOf(chainLength, size);
      firstEdge = Arrays.copyOf(firstEdge, size);
      dominator = Arrays.copyOf(dominator, size);
      dominatorTime = Arrays.copyOf(dominatorTime, size);
    }
    ancestors.addRoot(block);
    firstEdge[block] = NONE;
    chain[block] = block;
    chainPlace[block] = 0;
    chainLength[block] = 1;
    chainTime[block] = time;
    dominator[block] = dominatingBlock;
    dominatorTime[block] = time;
    return block;
  }

  /** Creates a block whose dominator was current at {@code since}, a result of {@link #now}. */
  int newBlock(int dominatingBlock, int since) {
    int block = newBlock(dominatingBlock);
    dominatorTime[block] = since;
    return block;
  }

  /** The current moment, for {@link #newBlock(int, int)}. */
  int now() {
    return time;
  }

  /** Makes the edges of a terminator known. */
  void addEdges(int terminator) {
    for (int i = 0; i < function.edgeCount(terminator); i++) {
      int edge = function.edge(terminator, i);
      int target = function.target(edge);
      assert !sealed[target] : "edge to a sealed block";
      if (edge >= nextEdge.length) {
        nextEdge = Arrays.copyOf(nextEdge, Math.max(edge + 1, nextEdge.length * 2));
      }
      nextEdge[edge] = firstEdge[target];
      firstEdge[target] = edge;
    }
  }

  /** Whether an edge arrives at {@code block}. */
  boolean isReached(int block) {
    return firstEdge[block] != NONE;
  }

  /** No further edge will arrive at {@code block}. */
  void seal(int block) {
    assert !sealed[block] : "sealed twice";
    sealed[block] = true;
    if (block == builder.block()) {
      start(block);
    }
    int first = incompleteBlock.size();
    while (first > 0 && incompleteBlock.get(first - 1) == block) {
      first--;
    }
    // Blocks are sealed in the reverse order of their start, so their entries are on top.
    for (int i = first; i < incompleteBlock.size(); i++) {
      addPlaceholders(block);
    }
    for (int i = first; i < incompleteBlock.size(); i++) {
      workParameter.add(incompleteParameter.get(i));
      workLocal.add(incompleteLocal.get(i));
    }
    incompleteBlock.truncate(first);
    incompleteParameter.truncate(first);
    incompleteLocal.truncate(first);
    drain();
  }

  /** Puts a block that is sealed when it starts behind its only predecessor, if it has just one. */
  private void start(int block) {
    chainTime[block] = time;
    if (firstEdge[block] == NONE || nextEdge[firstEdge[block]] != NONE) {
      return;
    }
    int before = function.sourceBlock(firstEdge[block]);
    ancestors.setParent(block, before);
    int first = chain[before];
    if (chainPlace[before] == chainLength[first] - 1) {
      chain[block] = first;
      chainPlace[block] = chainLength[first]++;
    }
  }

  // ---- reads and writes

  /** Sets {@code local} in the current block. */
  void write(int local, int value) {
    int block = builder.block();
    knownBlock[local] = block;
    knownValue[local] = value;
    writtenIn[local] = block;
    writtenAt[local] = ++time;
    ancestors.write(block, local);
    definitions.put(block, local, value);
  }

  /** The value of {@code local} at this point of the current block. */
  int read(int local) {
    int block = builder.block();
    if (knownBlock[local] != block) {
      knownValue[local] = find(block, local);
      knownBlock[local] = block;
      drain();
    }
    return resolve(knownValue[local]);
  }

  /** The value at the end of {@code block}; may put parameters on the work list. */
  private int find(int from, int local) {
    int block = from;
    int value = definitions.get(block, local);
    int join = from;
    while (value == NONE) {
      if (++steps > MOST_STEPS) {
        throw new LimitExceededException("control flow too complex", steps, MOST_STEPS, 0);
      }
      if (block == function.entry()) {
        value = zero(types[local]);
      } else if (sealed[block] && nextEdge[firstEdge[block]] == NONE) {
        block = predecessor(block, local);
        value = definitions.get(block, local);
      } else if (dominator[block] != NONE
          && writtenAt[local] <= dominatorTime[block]
          && sealed[block]) {
        join = join == from ? block : join;
        block = dominator[block];
        value = definitions.get(block, local);
      } else {
        value = addParameter(block, local);
      }
    }
    if (block != from) {
      definitions.put(from, local, value);
      if (join != block) {
        // The next to look this far finds it there: reads behind thousands of joins are not slow.
        definitions.put(join, local, value);
      }
    }
    return value;
  }

  /**
   * Where to go on looking from a block with one predecessor: over the whole chain if the newest
   * write is older than it, to that write if it is earlier in the chain, else over blocks that do
   * not write it.
   */
  private int predecessor(int block, int local) {
    int first = chain[block];
    if (first != block) {
      if (writtenAt[local] <= chainTime[first]) {
        return first;
      }
      int written = writtenIn[local];
      if (chain[written] == first && chainPlace[written] < chainPlace[block]) {
        return written;
      }
    }
    int ancestor = ancestors.unwritten(block, local);
    return ancestor == block ? function.sourceBlock(firstEdge[block]) : ancestor;
  }

  private int addParameter(int block, int local) {
    int parameter = function.addParameter(block, types[local]);
    definitions.put(block, local, parameter);
    if (sealed[block]) {
      addPlaceholders(block);
      workParameter.add(parameter);
      workLocal.add(local);
    } else {
      incompleteBlock.add(block);
      incompleteParameter.add(parameter);
      incompleteLocal.add(local);
    }
    return parameter;
  }

  private void addPlaceholders(int block) {
    for (int edge = firstEdge[block]; edge != NONE; edge = nextEdge[edge]) {
      if (++arguments > MOST_ARGUMENTS) {
        throw new LimitExceededException("control flow too complex", arguments, MOST_ARGUMENTS, 0);
      }
      function.addArgument(edge, NONE);
    }
  }

  private void drain() {
    while (!workParameter.isEmpty()) {
      int parameter = workParameter.removeLast();
      int local = workLocal.removeLast();
      if (parameter < 0) {
        dropIfRedundant(~parameter);
      } else {
        // Asked again after the parameters that its arguments bring in have been dealt with.
        workParameter.add(~parameter);
        workLocal.add(local);
        int block = function.definingBlock(parameter);
        int position = function.definingPosition(parameter);
        for (int edge = firstEdge[block]; edge != NONE; edge = nextEdge[edge]) {
          function.setArgument(edge, position, find(function.sourceBlock(edge), local));
        }
      }
    }
  }

  private void dropIfRedundant(int parameter) {
    int block = function.definingBlock(parameter);
    int position = function.definingPosition(parameter);
    int same = NONE;
    for (int edge = firstEdge[block]; edge != NONE; edge = nextEdge[edge]) {
      int argument = resolve(function.argument(edge, position));
      if (argument != parameter && argument != same) {
        if (same != NONE) {
          return;
        }
        same = argument;
      }
    }
    assert same != NONE : "parameter of an unreachable block";
    setAlias(parameter, same);
  }

  /** Locals start as zero; one constant per type, at the start of the function. */
  private int zero(SsaType type) {
    int known = zeros[type.ordinal()];
    if (known != NONE) {
      return known;
    }
    SsaOp op =
        switch (type) {
          case I32, I64, REF -> SsaOp.ICONST;
          case F32, F64 -> SsaOp.FCONST;
          case V128 -> SsaOp.VCONST;
        };
    int instruction = function.newInstruction(op, type, new int[0], 0);
    if (op == SsaOp.VCONST) {
      function.setImmediate(instruction, function.internVector(0, 0));
    }
    function.addResults(instruction);
    int first = function.firstInstruction(function.entry());
    if (first == NONE) {
      function.append(instruction, function.entry());
    } else {
      function.insertBefore(instruction, first);
    }
    zeros[type.ordinal()] = function.result(instruction);
    return zeros[type.ordinal()];
  }

  // ---- replaced parameters

  private void setAlias(int parameter, int value) {
    if (parameter >= alias.length) {
      int old = alias.length;
      alias = Arrays.copyOf(alias, Math.max(parameter + 1, old * 2));
      Arrays.fill(alias, old, alias.length, NONE);
    }
    alias[parameter] = value;
  }

  /** What {@code value} was replaced by, itself if nothing. */
  private int resolve(int value) {
    if (value >= alias.length || value < 0 || alias[value] == NONE) {
      return value;
    }
    int root = alias[value];
    while (root < alias.length && alias[root] != NONE) {
      root = alias[root];
    }
    int each = value;
    while (each != root) {
      int next = alias[each];
      alias[each] = root;
      each = next;
    }
    return root;
  }

  /** Rewrites every use of a replaced parameter and removes the parameters and their arguments. */
  void finish() {
    assert incompleteBlock.isEmpty() : "a block was never sealed";
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      for (int i = function.firstInstruction(b); i != NONE; i = function.next(i)) {
        for (int k = 0; k < function.operandCount(i); k++) {
          function.setOperand(i, k, resolve(function.operand(i, k)));
        }
        for (int k = 0; k < function.edgeCount(i); k++) {
          int edge = function.edge(i, k);
          for (int n = 0; n < function.argumentCount(edge); n++) {
            function.setArgument(edge, n, resolve(function.argument(edge, n)));
          }
        }
      }
    }
    for (int b = function.entry(); b != NONE; b = function.nextBlock(b)) {
      removeReplaced(b);
    }
  }

  private void removeReplaced(int block) {
    boolean[] keep = new boolean[function.parameterCount(block)];
    boolean all = true;
    for (int k = 0; k < keep.length; k++) {
      int parameter = function.parameter(block, k);
      keep[k] = resolve(parameter) == parameter;
      all &= keep[k];
    }
    if (!all) {
      function.retainParameters(block, keep);
      for (int edge = firstEdge[block]; edge != NONE; edge = nextEdge[edge]) {
        function.retainArguments(edge, keep);
      }
    }
  }
}
