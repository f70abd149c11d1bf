package dev.troupe.engine.ssa;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One function. Values, blocks, instructions and edges are dense int ids into parallel arrays.
 *
 * <ul>
 *   <li>A <em>value</em> is a parameter of a block or a result of an instruction. The results of
 *       one instruction have consecutive ids.
 *   <li>A <em>block</em> has parameters and a doubly linked list of instructions that ends in one
 *       terminator. Blocks form a doubly linked layout order; the entry is the first, its
 *       parameters are those of the function.
 *   <li>An <em>edge</em> leads from a terminator to a target block and carries one argument for
 *       each parameter of the target. The edges of one terminator have consecutive ids.
 * </ul>
 *
 * Ids are never reused. Instructions and blocks that were removed keep their ids and are linked
 * nowhere. Attribute accessors are meaningful only for operations that carry the attribute (see
 * {@link SsaOp#attributes()}). Not thread-safe.
 */
public final class SsaFunction extends InstructionAttributes {
  /** No value, block or instruction. */
  public static final int NONE = -1;

  private static final SsaType[] TYPES = SsaType.values();

  private final int index;
  private final String name;
  private final SsaSignature signature;
  private final ListPool pool = new ListPool();
  private long[] memoryMinimumBytes = {};

  // Values. A parameter's definer is ~block, a result's its instruction.
  private int valueCount;
  private byte[] valueType = new byte[64];
  private int[] valueDefiner = new int[64];
  private int[] valuePosition = new int[64];

  // Blocks.
  private int blockCount;
  private int[] blockFirst = new int[16];
  private int[] blockLast = new int[16];
  private int[] blockNext = new int[16];
  private int[] blockPrevious = new int[16];
  private int[] parameterStart = new int[16];
  private int[] parameterCount = new int[16];
  private boolean[] blockCold = new boolean[16];
  private int layoutFirst = NONE;
  private int layoutLast = NONE;

  // Instructions.
  private int instructionCount;
  private int[] operandStart = new int[64];
  private int[] operandCount = new int[64];
  private int[] firstResult = new int[64];
  private int[] resultCount = new int[64];
  private int[] firstEdge = new int[64];
  private int[] edgeCount = new int[64];
  private int[] instructionBlock = new int[64];
  private int[] instructionNext = new int[64];
  private int[] instructionPrevious = new int[64];

  // Edges.
  private int edgesUsed;
  private int[] edgeTarget = new int[16];
  private int[] edgeSource = new int[16];
  private int[] argumentStart = new int[16];
  private int[] argumentCount = new int[16];

  private final InlinedCalls inlinedCalls = new InlinedCalls();

  // Changes of the graph are counted, so that what was computed from it can be kept with it.
  private int graphVersion;
  private int keptVersion;
  private @Nullable GraphAnalysis kept;

  /**
   * An empty function without blocks.
   *
   * @param index index in the function index space of the module
   * @param name for people only
   */
  public SsaFunction(int index, String name, SsaSignature signature) {
    this.index = index;
    this.name = name;
    this.signature = signature;
  }

  /** Index in the function index space of the module. */
  public int index() {
    return index;
  }

  /** Name for people; may be empty. */
  public String name() {
    return name;
  }

  /** Parameter and result types. */
  public SsaSignature signature() {
    return signature;
  }

  /** Says that memories are never smaller than this; index = memory. Not part of the text form. */
  public void setMemoryMinimumBytes(long[] bytes) {
    memoryMinimumBytes = bytes;
  }

  /** Bytes of a memory that are there from the start; 0 if nothing is known. */
  public long memoryMinimumBytes(int memory) {
    return memory < memoryMinimumBytes.length ? memoryMinimumBytes[memory] : 0;
  }

  /** The calls that were inlined here; it explains positions below {@link #NO_OFFSET}. */
  public InlinedCalls inlinedCalls() {
    return inlinedCalls;
  }

  // ---- analyses

  /** The analysis that was kept last, if blocks and edges are still the same, else null. */
  public @Nullable GraphAnalysis keptAnalysis() {
    return keptVersion == graphVersion ? kept : null;
  }

  /** Keeps what was computed from the blocks and edges as they are now. */
  public void keepAnalysis(GraphAnalysis analysis) {
    kept = analysis;
    keptVersion = graphVersion;
  }

  // ---- values

  /** Number of value ids, live or not. */
  public int valueCount() {
    return valueCount;
  }

  /** Type of {@code value}. */
  public SsaType valueType(int value) {
    return TYPES[valueType[value]];
  }

  /** Whether {@code value} is a parameter of a block. */
  public boolean isParameter(int value) {
    return valueDefiner[value] < 0;
  }

  /** The instruction that defines {@code value}, or {@link #NONE} for a block parameter. */
  public int definingInstruction(int value) {
    return Math.max(valueDefiner[value], NONE);
  }

  /** The block that defines {@code value}. */
  public int definingBlock(int value) {
    int definer = valueDefiner[value];
    return definer < 0 ? ~definer : instructionBlock[definer];
  }

  /** Position of {@code value} among the parameters or results of its definer. */
  public int definingPosition(int value) {
    return valuePosition[value];
  }

  /** Operation that defines {@code value}; null-free: parameters give {@code fallback}. */
  public SsaOp definingOp(int value, SsaOp fallback) {
    int definer = valueDefiner[value];
    return definer < 0 ? fallback : op(definer);
  }

  private int newValue(SsaType valueTypeOf, int definer, int position) {
    if (valueCount == valueType.length) {
      int size = valueCount * 2;
      valueType = Arrays.copyOf(valueType, size);
      valueDefiner = Arrays.copyOf(valueDefiner, size);
      valuePosition = Arrays.copyOf(valuePosition, size);
    }
    int value = valueCount++;
    valueType[value] = (byte) valueTypeOf.ordinal();
    valueDefiner[value] = definer;
    valuePosition[value] = position;
    return value;
  }

  /**
   * Makes ids below {@code count} exist; those nobody adopts are defined nowhere. For the parser.
   */
  void reserveValues(int count) {
    while (valueCount < count) {
      newValue(SsaType.I32, ~0, 0);
    }
  }

  /** Appends the reserved id {@code value} to the parameters of {@code block}. For the parser. */
  void adoptParameter(int block, int value, SsaType parameterType) {
    valueType[value] = (byte) parameterType.ordinal();
    valueDefiner[value] = ~block;
    valuePosition[value] = parameterCount[block];
    parameterStart[block] = pool.append(parameterStart[block], parameterCount[block]++, value);
  }

  /** Makes the reserved id {@code value} the next result of {@code instruction}. For the parser. */
  void adoptResult(int instruction, int value, SsaType resultType) {
    valueType[value] = (byte) resultType.ordinal();
    valueDefiner[value] = instruction;
    valuePosition[value] = resultCount[instruction];
    if (resultCount[instruction]++ == 0) {
      firstResult[instruction] = value;
    }
  }

  /** Turns the results of {@code instruction} into parameters of {@code block}, which has none. */
  void moveResultsToParameters(int instruction, int block) {
    for (int i = 0; i < resultCount[instruction]; i++) {
      int value = firstResult[instruction] + i;
      adoptParameter(block, value, valueType(value));
    }
    resultCount[instruction] = 0;
    firstResult[instruction] = NONE;
  }

  // ---- blocks

  /** Number of block ids, live or not. */
  public int blockCount() {
    return blockCount;
  }

  /** First block of the layout, which is the entry; {@link #NONE} in an empty function. */
  public int entry() {
    return layoutFirst;
  }

  /** Last block of the layout. */
  public int lastBlock() {
    return layoutLast;
  }

  /** Block after {@code block} in the layout, or {@link #NONE}. */
  public int nextBlock(int block) {
    return blockNext[block];
  }

  /** Block before {@code block} in the layout, or {@link #NONE}. */
  public int previousBlock(int block) {
    return blockPrevious[block];
  }

  /** Whether {@code block} is part of the layout. */
  public boolean isInLayout(int block) {
    return block == layoutFirst || blockPrevious[block] != NONE;
  }

  /** Creates a block that is not yet part of the layout. */
  public int newBlock() {
    if (blockCount == blockFirst.length) {
      int size = blockCount * 2;
      blockFirst = Arrays.copyOf(blockFirst, size);
      blockLast = Arrays.copyOf(blockLast, size);
      blockNext = Arrays.copyOf(blockNext, size);
      blockPrevious = Arrays.copyOf(blockPrevious, size);
      parameterStart = Arrays.copyOf(parameterStart, size);
      parameterCount = Arrays.copyOf(parameterCount, size);
      blockCold = Arrays.copyOf(blockCold, size);
    }
    int block = blockCount++;
    graphVersion++;
    blockFirst[block] = NONE;
    blockLast[block] = NONE;
    blockNext[block] = NONE;
    blockPrevious[block] = NONE;
    return block;
  }

  /** Appends {@code block} to the layout. */
  public void appendBlock(int block) {
    insertBlockAfter(block, layoutLast);
  }

  /** Inserts {@code block} into the layout after {@code place}; {@link #NONE}: at the front. */
  public void insertBlockAfter(int block, int place) {
    assert !isInLayout(block) : "block" + block + " is already in the layout";
    graphVersion++;
    int next = place == NONE ? layoutFirst : blockNext[place];
    blockPrevious[block] = place;
    blockNext[block] = next;
    if (place == NONE) {
      layoutFirst = block;
    } else {
      blockNext[place] = block;
    }
    if (next == NONE) {
      layoutLast = block;
    } else {
      blockPrevious[next] = block;
    }
  }

  /** Takes {@code block} out of the layout. Its instructions stay linked to it. */
  public void removeBlock(int block) {
    assert isInLayout(block) : "block" + block + " is not in the layout";
    graphVersion++;
    int next = blockNext[block];
    int previous = blockPrevious[block];
    if (previous == NONE) {
      layoutFirst = next;
    } else {
      blockNext[previous] = next;
    }
    if (next == NONE) {
      layoutLast = previous;
    } else {
      blockPrevious[next] = previous;
    }
    blockNext[block] = NONE;
    blockPrevious[block] = NONE;
  }

  /** Replaces the layout by {@code order}, which starts with the entry. */
  public void setLayout(int[] order, int length) {
    while (layoutLast != NONE) {
      removeBlock(layoutLast);
    }
    for (int i = 0; i < length; i++) {
      appendBlock(order[i]);
    }
  }

  /** Whether {@code block} is expected to run rarely: slow paths and traps. */
  public boolean isCold(int block) {
    return blockCold[block];
  }

  /** Sets whether {@code block} is expected to run rarely. */
  public void setCold(int block, boolean cold) {
    blockCold[block] = cold;
  }

  /** Number of parameters of {@code block}. */
  public int parameterCount(int block) {
    return parameterCount[block];
  }

  /** Parameter {@code position} of {@code block}. */
  public int parameter(int block, int position) {
    assert position < parameterCount[block];
    return pool.get(parameterStart[block] + position);
  }

  /** Appends a parameter; every edge to the block needs an argument for it. */
  public int addParameter(int block, SsaType parameterType) {
    int value = newValue(parameterType, ~block, parameterCount[block]);
    parameterStart[block] = pool.append(parameterStart[block], parameterCount[block]++, value);
    return value;
  }

  /**
   * Keeps the parameters whose position is set in {@code keep}, in order; every edge to the block
   * needs the same treatment by {@link #retainArguments}.
   */
  public void retainParameters(int block, boolean[] keep) {
    int kept = 0;
    for (int i = 0; i < parameterCount[block]; i++) {
      if (keep[i]) {
        int value = parameter(block, i);
        valuePosition[value] = kept;
        pool.set(parameterStart[block] + kept++, value);
      }
    }
    parameterCount[block] = kept;
  }

  /** First instruction of {@code block}, or {@link #NONE}. */
  public int firstInstruction(int block) {
    return blockFirst[block];
  }

  /** Last instruction of {@code block}, or {@link #NONE}. */
  public int lastInstruction(int block) {
    return blockLast[block];
  }

  /** Terminator of {@code block}; the block must have one. */
  public int terminator(int block) {
    int last = blockLast[block];
    assert last != NONE && op(last).isTerminator() : "block" + block + " has no terminator";
    return last;
  }

  // ---- instructions

  /** Number of instruction ids, live or not. */
  public int instructionCount() {
    return instructionCount;
  }

  /**
   * Creates an instruction that is linked nowhere. Attributes start at zero; {@code operands} is
   * copied.
   *
   * @param controllingType ignored by operations without one
   */
  public int newInstruction(SsaOp operation, SsaType controllingType, int[] operands, int length) {
    if (instructionCount == operandStart.length) {
      growInstructions(instructionCount * 2);
    }
    int instruction = instructionCount++;
    resetAttributes(instruction, operation, controllingType);
    operandStart[instruction] = pool.allocate(length);
    operandCount[instruction] = length;
    for (int i = 0; i < length; i++) {
      pool.set(operandStart[instruction] + i, operands[i]);
    }
    firstResult[instruction] = NONE;
    setWasmOffset(instruction, NO_OFFSET);
    instructionBlock[instruction] = NONE;
    instructionNext[instruction] = NONE;
    instructionPrevious[instruction] = NONE;
    return instruction;
  }

  /**
   * Creates a copy of an instruction of {@code from} that is linked nowhere: same operation,
   * attributes, types of results; operands still those of the original, no edges, no byte offset.
   */
  int copyInstruction(SsaFunction from, int original) {
    int count = from.operandCount[original];
    int[] uses = new int[count];
    for (int k = 0; k < count; k++) {
      uses[k] = from.operand(original, k);
    }
    SsaOp operation = from.op(original);
    SsaType copyType = operation.isTyped() ? from.controllingType(original) : SsaType.I32;
    int copy = newInstruction(operation, copyType, uses, count);
    copyAttributes(from, original, copy);
    for (int k = 0; k < from.resultCount[original]; k++) {
      addResult(copy, from.valueType(from.result(original, k)));
    }
    return copy;
  }

  /** Makes room for so many instructions before they come. */
  public void reserveInstructions(int count) {
    if (count > operandStart.length) {
      growInstructions(count);
    }
  }

  private void growInstructions(int size) {
    growAttributes(size);
    operandStart = Arrays.copyOf(operandStart, size);
    operandCount = Arrays.copyOf(operandCount, size);
    firstResult = Arrays.copyOf(firstResult, size);
    resultCount = Arrays.copyOf(resultCount, size);
    firstEdge = Arrays.copyOf(firstEdge, size);
    edgeCount = Arrays.copyOf(edgeCount, size);
    instructionBlock = Arrays.copyOf(instructionBlock, size);
    instructionNext = Arrays.copyOf(instructionNext, size);
    instructionPrevious = Arrays.copyOf(instructionPrevious, size);
  }

  /** Adds a result value; results of one instruction are added in one go. */
  public int addResult(int instruction, SsaType resultType) {
    int value = newValue(resultType, instruction, resultCount[instruction]);
    if (resultCount[instruction]++ == 0) {
      firstResult[instruction] = value;
    }
    assert value == firstResult[instruction] + resultCount[instruction] - 1
        : "results of one instruction have consecutive ids";
    return value;
  }

  /** Adds the results that the operation, its type and its signature call for. */
  public void addResults(int instruction) {
    SsaOp.Result rule = op(instruction).result();
    if (rule == SsaOp.Result.SAME) {
      addResult(instruction, controllingType(instruction));
      return;
    }
    List<SsaType> types = resultTypes(instruction);
    for (int i = 0; i < types.size(); i++) {
      addResult(instruction, types.get(i));
    }
  }

  /** The types of the results that the operation, its type and its signature call for. */
  public List<SsaType> resultTypes(int instruction) {
    return switch (op(instruction).result()) {
      case NOTHING -> List.of();
      case SAME -> List.of(controllingType(instruction));
      case I32_RESULT -> List.of(SsaType.I32);
      case I64_RESULT -> List.of(SsaType.I64);
      case I64_PAIR -> List.of(SsaType.I64, SsaType.I64);
      case VECTOR_RESULT -> List.of(SsaType.V128);
      case REF_RESULT -> List.of(SsaType.REF);
      case F32_RESULT -> List.of(SsaType.F32);
      case F64_RESULT -> List.of(SsaType.F64);
      case LIST -> callSignature(instruction).results();
    };
  }

  /** Links {@code instruction} at the end of {@code block}. */
  public void append(int instruction, int block) {
    int last = blockLast[block];
    instructionBlock[instruction] = block;
    instructionPrevious[instruction] = last;
    if (last == NONE) {
      blockFirst[block] = instruction;
    } else {
      instructionNext[last] = instruction;
    }
    blockLast[block] = instruction;
    graphVersion += op(instruction).isTerminator() ? 1 : 0;
  }

  /** Links {@code instruction} before {@code place}. */
  public void insertBefore(int instruction, int place) {
    int block = instructionBlock[place];
    int previous = instructionPrevious[place];
    instructionBlock[instruction] = block;
    instructionPrevious[instruction] = previous;
    instructionNext[instruction] = place;
    instructionPrevious[place] = instruction;
    if (previous == NONE) {
      blockFirst[block] = instruction;
    } else {
      instructionNext[previous] = instruction;
    }
  }

  /** Unlinks {@code instruction} from its block. */
  public void remove(int instruction) {
    int block = instructionBlock[instruction];
    int next = instructionNext[instruction];
    int previous = instructionPrevious[instruction];
    if (previous == NONE) {
      blockFirst[block] = next;
    } else {
      instructionNext[previous] = next;
    }
    if (next == NONE) {
      blockLast[block] = previous;
      graphVersion++;
    } else {
      instructionPrevious[next] = previous;
    }
    instructionBlock[instruction] = NONE;
    instructionNext[instruction] = NONE;
    instructionPrevious[instruction] = NONE;
  }

  /**
   * Turns {@code instruction} into another operation with the same result types. Its results, place
   * and byte offset stay; its attributes start at zero again.
   */
  public void replaceWith(int instruction, SsaOp operation, SsaType controllingType, int... uses) {
    graphVersion += edgeCount[instruction] > 0 || operation.isTerminator() ? 1 : 0;
    resetAttributes(instruction, operation, controllingType);
    if (uses.length > operandCount[instruction]) {
      operandStart[instruction] = pool.allocate(uses.length);
    }
    operandCount[instruction] = uses.length;
    for (int i = 0; i < uses.length; i++) {
      pool.set(operandStart[instruction] + i, uses[i]);
    }
  }

  /** Moves the instructions behind {@code instruction} to the empty block {@code tail}. */
  void splitAfter(int instruction, int tail) {
    int block = instructionBlock[instruction];
    int first = instructionNext[instruction];
    for (int i = first; i != NONE; i = instructionNext[i]) {
      instructionBlock[i] = tail;
    }
    blockFirst[tail] = first;
    blockLast[tail] = blockLast[block];
    instructionPrevious[first] = NONE;
    instructionNext[instruction] = NONE;
    blockLast[block] = instruction;
    graphVersion++;
  }

  /** Turns a terminator with several edges into {@code br} along the edge at {@code position}. */
  public void keepOnlyEdge(int instruction, int position) {
    int edge = edge(instruction, position);
    replaceWith(instruction, SsaOp.BR, SsaType.I32);
    firstEdge[instruction] = edge;
    edgeCount[instruction] = 1;
    graphVersion++;
  }

  /** Exchanges the edges of a {@code br_if}. */
  public void swapEdges(int instruction) {
    setLikelihood(instruction, likelihood(instruction).inverted());
    int first = firstEdge[instruction];
    int target = edgeTarget[first];
    int start = argumentStart[first];
    int count = argumentCount[first];
    edgeTarget[first] = edgeTarget[first + 1];
    argumentStart[first] = argumentStart[first + 1];
    argumentCount[first] = argumentCount[first + 1];
    edgeTarget[first + 1] = target;
    argumentStart[first + 1] = start;
    argumentCount[first + 1] = count;
    graphVersion++;
  }

  /** Replaces the terminator {@code br} of {@code block} by the instructions of {@code tail}. */
  public void absorb(int block, int tail) {
    remove(terminator(block));
    int first = blockFirst[tail];
    int last = blockLast[block];
    for (int i = first; i != NONE; i = instructionNext[i]) {
      instructionBlock[i] = block;
    }
    instructionPrevious[first] = last;
    if (last == NONE) {
      blockFirst[block] = first;
    } else {
      instructionNext[last] = first;
    }
    graphVersion++;
    blockLast[block] = blockLast[tail];
    blockFirst[tail] = NONE;
    blockLast[tail] = NONE;
    removeBlock(tail);
  }

  /** Block that {@code instruction} is linked to, or {@link #NONE}. */
  public int block(int instruction) {
    return instructionBlock[instruction];
  }

  /** Instruction after {@code instruction} in its block, or {@link #NONE}. */
  public int next(int instruction) {
    return instructionNext[instruction];
  }

  /** Instruction before {@code instruction} in its block, or {@link #NONE}. */
  public int previous(int instruction) {
    return instructionPrevious[instruction];
  }

  /** Number of operands, not counting arguments of edges. */
  public int operandCount(int instruction) {
    return operandCount[instruction];
  }

  /** Operand {@code position}. */
  public int operand(int instruction, int position) {
    assert position < operandCount[instruction];
    return pool.get(operandStart[instruction] + position);
  }

  /** Replaces operand {@code position}. */
  public void setOperand(int instruction, int position, int value) {
    assert position < operandCount[instruction];
    pool.set(operandStart[instruction] + position, value);
  }

  /** Number of results. */
  public int resultCount(int instruction) {
    return resultCount[instruction];
  }

  /** Result {@code position}. */
  public int result(int instruction, int position) {
    assert position < resultCount[instruction];
    return firstResult[instruction] + position;
  }

  /** The first result; {@link #NONE} if there is none. */
  public int result(int instruction) {
    return firstResult[instruction];
  }

  // ---- edges

  /** Number of edge ids, live or not. */
  public int edgeLimit() {
    return edgesUsed;
  }

  /** Number of edges of a terminator. */
  public int edgeCount(int instruction) {
    return edgeCount[instruction];
  }

  /** Edge {@code position} of a terminator. */
  public int edge(int instruction, int position) {
    assert position < edgeCount[instruction];
    return firstEdge[instruction] + position;
  }

  /** Adds an edge to a terminator; the edges of one terminator are added in one go. */
  public int addEdge(int instruction, int target, int[] arguments, int length) {
    if (edgesUsed == edgeTarget.length) {
      int size = edgesUsed * 2;
      edgeTarget = Arrays.copyOf(edgeTarget, size);
      edgeSource = Arrays.copyOf(edgeSource, size);
      argumentStart = Arrays.copyOf(argumentStart, size);
      argumentCount = Arrays.copyOf(argumentCount, size);
    }
    int edge = edgesUsed++;
    graphVersion++;
    edgeTarget[edge] = target;
    edgeSource[edge] = instruction;
    argumentStart[edge] = pool.allocateGrowable(length);
    argumentCount[edge] = length;
    for (int i = 0; i < length; i++) {
      pool.set(argumentStart[edge] + i, arguments[i]);
    }
    if (edgeCount[instruction]++ == 0) {
      firstEdge[instruction] = edge;
    }
    assert edge == firstEdge[instruction] + edgeCount[instruction] - 1
        : "edges of one terminator have consecutive ids";
    return edge;
  }

  /** Target block of {@code edge}. */
  public int target(int edge) {
    return edgeTarget[edge];
  }

  /** Terminator that {@code edge} leaves from. */
  public int sourceTerminator(int edge) {
    return edgeSource[edge];
  }

  /** Block that {@code edge} leaves from. */
  public int sourceBlock(int edge) {
    return instructionBlock[edgeSource[edge]];
  }

  /** Redirects {@code edge}; its arguments stay. */
  public void setTarget(int edge, int block) {
    edgeTarget[edge] = block;
    graphVersion++;
  }

  /** Number of arguments of {@code edge}. */
  public int argumentCount(int edge) {
    return argumentCount[edge];
  }

  /** Argument {@code position} of {@code edge}. */
  public int argument(int edge, int position) {
    assert position < argumentCount[edge];
    return pool.get(argumentStart[edge] + position);
  }

  /** Whether two edges lead to the same block with the same arguments. */
  public boolean isSameEdge(int edge, int other) {
    boolean same = edgeTarget[edge] == edgeTarget[other];
    for (int k = 0; same && k < argumentCount[edge]; k++) {
      same = argument(edge, k) == argument(other, k);
    }
    return same;
  }

  /** Replaces argument {@code position}. */
  public void setArgument(int edge, int position, int value) {
    assert position < argumentCount[edge];
    pool.set(argumentStart[edge] + position, value);
  }

  /** Appends an argument. */
  public void addArgument(int edge, int value) {
    argumentStart[edge] = pool.append(argumentStart[edge], argumentCount[edge]++, value);
  }

  /** Keeps the arguments whose position is set in {@code keep}, in order. */
  public void retainArguments(int edge, boolean[] keep) {
    int kept = 0;
    for (int i = 0; i < argumentCount[edge]; i++) {
      if (keep[i]) {
        pool.set(argumentStart[edge] + kept++, argument(edge, i));
      }
    }
    argumentCount[edge] = kept;
  }

  /** Removes all arguments. */
  public void clearArguments(int edge) {
    argumentCount[edge] = 0;
  }

  @Override
  public String toString() {
    return SsaPrinter.print(this);
  }
}
