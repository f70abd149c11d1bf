package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.base.IntList;
import dev.troupe.engine.contract.TrapMode;
import dev.troupe.engine.ssa.IntCondition;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import dev.troupe.engine.ssa.analysis.BlockFrequency;
import dev.troupe.engine.ssa.analysis.ControlFlow;
import dev.troupe.engine.ssa.analysis.DominatorTree;
import dev.troupe.engine.ssa.analysis.LoopTree;
import dev.troupe.engine.ssa.analysis.UnsignedRanges;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Instruction selection: blocks in postorder, each from its end to its start, so that every use is
/// seen before the definition. A definition that all users took over (a compare that became flags,
/// a load that became a memory operand, an address) is then simply not selected.
final class Lowering {
  final SsaFunction ssa;
  final BackendContext context;
  final ValueFacts facts;
  final MachBuilder out;

  private final ControlFlow flow;
  private final LoopTree loops;
  private final BlockFrequency frequency;
  private final int[] vregOf;
  private final boolean[] absorbed;
  private final int[] memoryBase;

  /// Where the function calls, and the registers that values from outside have in there.
  private final CallRegion region;

  private final int[] insideOf;
  private final IntList inside = new IntList();
  private final int[] memoryBaseInside;
  private boolean isInside;

  private final int[] machBlock;
  private int vectorZero = NONE;
  private final DominatorTree dominators;
  private @Nullable UnsignedRanges ranges;
  private final IntegerLowering integers;
  private final FloatLowering floats;
  private final VectorLowering vectors;
  private final ConditionLowering conditions;
  private final MemoryLowering memory;
  private final CallLowering calls;
  private final BranchLowering branches;

  private int effectBlock = NONE;
  private int effectEpoch;
  private int effect = NONE;

  Lowering(SsaFunction ssa, BackendContext context) {
    this.ssa = ssa;
    this.context = context;
    this.out = new MachBuilder(liveInstructions(ssa));
    this.flow = ControlFlow.of(ssa);
    this.dominators = DominatorTree.of(flow);
    this.loops = LoopTree.of(flow, dominators);
    this.frequency = BlockFrequency.of(flow, loops, dominators);
    this.facts = new ValueFacts(ssa, flow, !context.tunables().spectre());
    this.region = CallRegion.of(flow, dominators, loops, frequency, facts);
    this.insideOf = new int[region.start() == NONE ? 0 : ssa.valueCount()];
    Arrays.fill(insideOf, NONE);
    this.vregOf = new int[ssa.valueCount()];
    this.absorbed = new boolean[ssa.instructionCount()];
    this.memoryBase = new int[context.layout().shape().memories()];
    this.machBlock = new int[ssa.blockCount()];
    Arrays.fill(vregOf, NONE);
    Arrays.fill(memoryBase, NONE);
    this.memoryBaseInside = memoryBase.clone();
    Arrays.fill(machBlock, NONE);
    this.memory = new MemoryLowering(this);
    this.conditions = new ConditionLowering(this);
    this.integers = new IntegerLowering(this);
    this.floats = new FloatLowering(this);
    this.vectors = new VectorLowering(this);
    this.calls = new CallLowering(this);
    this.branches = new BranchLowering(this);
  }

  /// Selection makes about as many instructions: some take others in, some need several.
  private static int liveInstructions(SsaFunction ssa) {
    int count = 0;
    for (int b = ssa.entry(); b != NONE; b = ssa.nextBlock(b)) {
      for (int i = ssa.firstInstruction(b); i != NONE; i = ssa.next(i)) {
        count++;
      }
    }
    return count;
  }

  /// Selects the whole function.
  MachFunction run() {
    for (int i = 0; i < flow.size(); i++) {
      int block = flow.block(i);
      machBlock[block] = out.newBlock();
      MachBuilder.MachBlock mach = out.blocks.get(machBlock[block]);
      mach.frequency = frequency.frequency(block);
      mach.cold = ssa.isCold(block);
      mach.inCallRegion = region.contains(block);
      mach.startsCallRegion = block == region.start();
    }
    for (int i = flow.size() - 1; i >= 0; i--) {
      block(flow.block(i));
    }
    return new MachFunction(out, branches.layout());
  }

  private void block(int block) {
    isInside = region.contains(block);
    for (int i = ssa.lastInstruction(block); i != NONE; i = ssa.previous(i)) {
      SsaOp op = ssa.op(i);
      boolean isNeeded = op.hasSideEffect() || isRequested(i) || facts.checkedAccess(i) != NONE;
      if (absorbed[i] || !isNeeded) {
        continue;
      }
      out.currentWasmOffset = ssa.wasmOffset(i);
      instruction(i, op);
      out.endChunk();
      isInside &= i != region.firstCall();
    }
    if (block == region.start()) {
      enterRegion();
    }
    MachBuilder.MachBlock mach = out.blocks.get(machBlock[block]);
    if (block == ssa.entry()) {
      out.currentWasmOffset = -1;
      sharedValues();
      calls.entry(block);
    } else {
      IntList parameters = new IntList(ssa.parameterCount(block));
      for (int p = 0; p < ssa.parameterCount(block); p++) {
        parameters.add(definition(ssa.parameter(block, p)));
      }
      mach.parameters = parameters.toArray();
    }
    out.endBlock(machBlock[block]);
  }

  /// Whether a result is wanted in a register of its own.
  private boolean isRequested(int instruction) {
    for (int r = 0; r < ssa.resultCount(instruction); r++) {
      int result = ssa.result(instruction, r);
      if (facts.root(result) == result && vregOf[result] != NONE) {
        return true;
      }
    }
    return false;
  }

  private void instruction(int i, SsaOp op) {
    switch (op) {
      case VCONST -> vectors.constant(i);
      case ICONST, FCONST ->
          throw new IllegalStateException("constants are selected where they are used");
      case IADD, ISUB, IMUL, UMULHI, SMULHI, SDIV, UDIV, SREM, UREM, IAND, IOR, IXOR ->
          integers.arithmetic(i, op);
      case ADD128, SUB128 -> integers.wideSum(i, op);
      case MUL_WIDE_S, MUL_WIDE_U -> integers.wideProduct(i, op);
      case SHL, SSHR, USHR, ROTL, ROTR -> integers.shift(i, op);
      case CLZ, CTZ, POPCNT, BSWAP, EXTEND8_S, EXTEND16_S, EXTEND32_S, SEXTEND, UEXTEND ->
          integers.unary(i, op);
      case WRAP ->
          out.row(X64Op.MOV32_RM, null, 0, definition(ssa.result(i)), use(ssa.operand(i, 0)));
      case ICMP, FCMP -> conditions.materialize(i);
      case SELECT -> conditions.select(i);
      case SPECTRE_GUARD -> conditions.guard(i);
      case INDEX_CLAMP -> memory.clamp(i);
      case FADD, FSUB, FMUL, FDIV, FMIN, FMAX, FCOPYSIGN -> floats.binary(i, op);
      case FABS, FNEG, FCEIL, FFLOOR, FTRUNC, FNEAREST, FSQRT, PROMOTE, DEMOTE ->
          floats.unary(i, op);
      case SPLAT -> vectors.splat(i);
      case EXTRACT -> vectors.extract(i);
      case REPLACE -> vectors.replace(i);
      case VUNARY -> vectors.unary(i);
      case VBINARY -> vectors.binary(i);
      case VTERNARY -> vectors.ternary(i);
      case VSHIFT -> vectors.shift(i);
      case VTEST -> {
        if (VectorLowering.setsFlags(ssa.vectorOp(i))) {
          conditions.materialize(i);
        } else {
          vectors.bitmask(i);
        }
      }
      case VSHUFFLE -> vectors.shuffle(i);
      case FTOSI, FTOUI, FTOSI_SAT, FTOUI_SAT, SITOF, UITOF, BITCAST -> floats.convert(i, op);
      case LOAD, CTX_LOAD, RAW_LOAD, FIELD_LOAD, ELEMENT_LOAD -> memory.load(i);
      case STORE, CTX_STORE, RAW_STORE, FIELD_STORE, ELEMENT_STORE -> memory.store(i);
      case REF_TO_BITS, REF_ADDRESS, BITS_TO_REF ->
          copy(definition(ssa.result(i)), use(ssa.operand(i, 0)));
      case ATOMIC_LOAD,
          ATOMIC_STORE,
          ATOMIC_ADD,
          ATOMIC_AND,
          ATOMIC_OR,
          ATOMIC_XOR,
          ATOMIC_EXCHANGE,
          ATOMIC_COMPARE_EXCHANGE ->
          new AtomicLowering(this).access(i, op);
      case FENCE -> {
        int unused = out.row(X64Op.MFENCE, null, 0);
      }
      case CTX_ADDRESS ->
          out.row(X64Op.LEA64, Addr.instance((int) ssa.offset(i)), 0, definition(ssa.result(i)));
      case TRAP_IF -> {
        int condition = conditions.flags(ssa.operand(i, 0), i);
        trapIf(condition, ssa.trapKind(i).ordinal());
      }
      case CALL, CALL_INDIRECT, CALL_BUILTIN -> calls.call(i, op);
      case TRY_CALL, TRY_CALL_INDIRECT -> calls.tryCall(i, op);
      case THROW -> calls.throwTag(i);
      case THROW_REF -> calls.throwReference(i);
      case CAUGHT -> calls.caught(i);
      case RETURN -> calls.returns(i);
      case RETURN_CALL, RETURN_CALL_INDIRECT -> calls.tailCall(i, op);
      case BR, BR_IF, BR_TABLE -> branches.branch(i, op);
      case TRAP -> {
        int instruction = out.add(MachPseudo.TRAP, 0);
        out.trap[instruction] = (byte) ssa.trapKind(i).ordinal();
      }
    }
  }

  /// Makes what the whole function shares: the bases of the memories that it touches, which never
  /// move, and zero. Each is a value of the entry block that the allocator may make again wherever
  /// it likes.
  private void sharedValues() {
    loadMemoryBases(memoryBase);
    if (vectorZero != NONE) {
      out.add(MachPseudo.VECTOR_ZERO, 0);
      out.define(vectorZero);
    }
    out.endChunk();
  }

  private void loadMemoryBases(int[] vregs) {
    for (int m = 0; m < vregs.length; m++) {
      if (vregs[m] != NONE) {
        Addr field = Addr.instance(context.layout().memoryBase(m));
        out.row(X64Op.MOV64_RM, field, 0, vregs[m]);
      }
    }
  }

  /// Gives the values that are wanted in the region of calls their registers there.
  private void enterRegion() {
    isInside = false;
    out.currentWasmOffset = -1;
    loadMemoryBases(memoryBaseInside);
    for (int k = 0; k < inside.size(); k++) {
      copy(insideOf[inside.get(k)], vregOf[inside.get(k)]);
    }
    out.endChunk();
  }

  private void copy(int to, int from) {
    out.add(MachPseudo.COPY, 0);
    out.define(to);
    out.use(from);
  }

  /// What an edge passes on: where it leaves the region of calls, in a register of its own.
  int argument(int edge, int position) {
    int value = ssa.argument(edge, position);
    int vreg = use(value);
    boolean leaves = region.contains(ssa.sourceBlock(edge)) && !region.contains(ssa.target(edge));
    if (!leaves || isConstant(value)) {
      return vreg;
    }
    int passed = newVreg(ssa.valueType(facts.root(value)));
    copy(passed, vreg);
    return passed;
  }

  // ---- values

  /// The register that holds a memory's base.
  int memoryBase(int memoryIndex) {
    int[] bases = isInside ? memoryBaseInside : memoryBase;
    if (bases[memoryIndex] == NONE) {
      bases[memoryIndex] = out.rematerializable(out.newInteger());
    }
    return bases[memoryIndex];
  }

  /// A vector register with zeros that all users share.
  int vectorZero() {
    if (vectorZero == NONE) {
      vectorZero = out.rematerializable(out.newVector());
    }
    return vectorZero;
  }

  /// The machine block of an SSA block.
  int machBlock(int block) {
    return machBlock[block];
  }

  ControlFlow flow() {
    return flow;
  }

  BlockFrequency frequency() {
    return frequency;
  }

  /// Whether an instruction stands in a loop.
  boolean isInLoop(int instruction) {
    return loops.depth(ssa.block(instruction)) > 0;
  }

  /// The most that an integer can be as an unsigned number; negative if that is unknown.
  long max(int value) {
    if (ranges == null) {
      ranges = UnsignedRanges.of(flow, dominators, loops);
    }
    return ranges.max(value);
  }

  ConditionLowering conditions() {
    return conditions;
  }

  BranchLowering branches() {
    return branches;
  }

  VectorLowering vectors() {
    return vectors;
  }

  MemoryLowering memory() {
    return memory;
  }

  /// The register to define for a value; a fresh one if nobody wants it.
  int definition(int value) {
    if (facts.root(value) != value) {
      throw new IllegalStateException("v" + value + " is another name and defines nothing");
    }
    if (vregOf[value] == NONE) {
      vregOf[value] = newVreg(ssa.valueType(value));
    }
    return vregOf[value];
  }

  int newVreg(SsaType type) {
    return switch (type) {
      case I32 -> out.newNarrow();
      case I64 -> out.newInteger();
      case REF -> out.newReference();
      case F32, F64 -> out.newVector();
      case V128 -> out.newWideVector();
    };
  }

  /// A register that holds a value, for use by the instruction being selected. Constants are made
  /// anew for every user.
  int use(int value) {
    int root = facts.root(value);
    int definer = ssa.definingInstruction(root);
    if (definer != NONE) {
      if (ssa.op(definer) == SsaOp.ICONST) {
        return integerConstant(constant(value), ssa.valueType(value));
      }
      if (ssa.op(definer) == SsaOp.FCONST) {
        return floats.constant(ssa.valueType(root), ssa.immediate(definer));
      }
    }
    if (vregOf[root] == NONE) {
      vregOf[root] = newVreg(ssa.valueType(root));
    }
    if (!isInside || !region.enters(root)) {
      return vregOf[root];
    }
    if (insideOf[root] == NONE) {
      insideOf[root] = newVreg(ssa.valueType(root));
      inside.add(root);
    }
    return insideOf[root];
  }

  /// A register that holds an i32 with zeros above, or an i64.
  int useExtended(int value) {
    if (ssa.valueType(value) != SsaType.I32 || isConstant(value) || facts.isZeroUpper(value)) {
      return use(value);
    }
    int extended = out.newInteger();
    out.row(X64Op.MOV32_RM, null, 0, extended, use(value));
    return extended;
  }

  /// A fresh register with a constant; an i32 is zero-extended.
  int integerConstant(long bits, SsaType type) {
    int vreg = out.rematerializable(out.newInteger());
    long value = type == SsaType.I32 ? bits & 0xFFFF_FFFFL : bits;
    if (value >>> 32 == 0) {
      out.row(X64Op.MOV32_RI, null, value, vreg);
    } else if (value == (int) value) {
      out.row(X64Op.MOV64_MI, null, value, vreg);
    } else {
      out.row(X64Op.MOV64_RI, null, value, vreg);
    }
    return vreg;
  }

  /// Whether a value is an integer constant.
  boolean isConstant(int value) {
    return constantDefiner(value) != NONE;
  }

  private int constantDefiner(int value) {
    int definer = ssa.definingInstruction(facts.root(value));
    return definer != NONE && ssa.op(definer) == SsaOp.ICONST ? definer : NONE;
  }

  /// The bits of an integer constant, sign-extended from the type of the value. The root of an i64
  /// may be an i32, which then was zero-extended.
  long constant(int value) {
    int definer = constantDefiner(value);
    long bits = ssa.immediate(definer);
    if (ssa.valueType(value) == SsaType.I32) {
      return (int) bits;
    }
    return ssa.controllingType(definer) == SsaType.I32 ? bits & 0xFFFF_FFFFL : bits;
  }

  /// Whether a value is a constant that an instruction can hold as sign-extended 32-bit immediate.
  boolean isImmediate(int value) {
    return isConstant(value) && constant(value) == (int) constant(value);
  }

  /// The instruction that defines a value, if it has this operation; else [SsaFunction#NONE].
  int definer(int value, SsaOp op) {
    int definer = ssa.definingInstruction(facts.root(value));
    return definer != NONE && ssa.op(definer) == op ? definer : NONE;
  }

  /// The check just before `access`, with no effect in between, that traps if `base` is null: it is
  /// left to the access, which faults. All accesses through the reference up to the next effect
  /// have to ask, because any may be the first. NONE if there is none, or faults are no traps.
  int absorbNullCheck(int access, int base) {
    if (context.tunables().traps() != TrapMode.SIGNALS) {
      return NONE;
    }
    int effect = effectBefore(access);
    if (effect == NONE
        || ssa.op(effect) != SsaOp.TRAP_IF
        || !isNullCheck(effect, facts.root(base))) {
      return NONE;
    }
    absorb(effect);
    return effect;
  }

  /// The last instruction before `instruction` in its block that has an effect, or NONE. Selection
  /// asks from the end of the block to its start, so every instruction is passed once.
  private int effectBefore(int instruction) {
    int block = ssa.block(instruction);
    int epoch = facts.epoch(instruction);
    if (block != effectBlock || epoch != effectEpoch) {
      int i = ssa.previous(instruction);
      while (i != NONE && facts.epoch(i) == epoch) {
        i = ssa.previous(i);
      }
      effectBlock = block;
      effectEpoch = epoch;
      effect = i;
    }
    return effect;
  }

  private boolean isNullCheck(int trap, int root) {
    int compare = definer(ssa.operand(trap, 0), SsaOp.ICMP);
    return compare != NONE
        && ssa.intCondition(compare) == IntCondition.EQ
        && ssa.valueType(ssa.operand(compare, 0)).bytes() == Long.BYTES
        && facts.root(ssa.operand(compare, 0)) == root
        && isConstant(ssa.operand(compare, 1))
        && constant(ssa.operand(compare, 1)) == 0;
  }

  /// Like [#definer] for a value whose only use is the one that asks.
  int onlyUser(int value, SsaOp op, int user) {
    int definer = definer(value, op);
    boolean mine = definer != NONE && isExclusive(value) && ssa.block(definer) == ssa.block(user);
    return mine ? definer : NONE;
  }

  /// Whether a value has one use, and nobody asked for it yet. The latter is not implied:
  /// comparisons are repeated at every consumer, and so are the uses in them.
  boolean isExclusive(int value) {
    int root = facts.root(value);
    return facts.uses(value) == 1
        && vregOf[root] == NONE
        && !absorbed[ssa.definingInstruction(root)];
  }

  /// Whether anybody wants a value in a register so far.
  boolean isWanted(int value) {
    return vregOf[value] != NONE;
  }

  /// Marks an instruction as done by its user.
  void absorb(int instruction) {
    absorbed[instruction] = true;
  }

  /// The register-or-memory form of a two-address instruction: result = first op second, where
  /// second may be a load that happens here.
  void twoAddress(X64Op op, int result, int first, int second, int user) {
    Addr address = memory.operand(second, user, op);
    int left = use(first);
    if (address != null) {
      out.row(op, address, 0, result, left);
    } else {
      out.row(op, null, 0, result, left, use(second));
    }
  }

  /// A one-operand instruction whose source may be a load that happens here.
  void unaryRow(X64Op op, int result, int source, int user) {
    Addr address = memory.operand(source, user, op);
    if (address != null) {
      out.row(op, address, 0, result);
    } else {
      out.row(op, null, 0, result, use(source));
    }
  }

  void trapIf(int condition, int trapKind) {
    int instruction = out.add(MachPseudo.TRAP_IF, condition);
    out.trap[instruction] = (byte) trapKind;
  }
}
