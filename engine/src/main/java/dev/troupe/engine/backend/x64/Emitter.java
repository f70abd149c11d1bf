package dev.troupe.engine.backend.x64;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.asm.x64.X64Operand;
import dev.troupe.engine.base.IntList;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.InstanceLayout;
import dev.troupe.engine.contract.Registers;
import dev.troupe.engine.contract.StoreContext;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.regalloc.Allocation;
import dev.troupe.engine.regalloc.Location;
import dev.troupe.engine.regalloc.RegisterClass;
import dev.troupe.engine.ssa.InlinedCalls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Writes an allocated machine function through the assembler: prologue, blocks in order, then what
/// is rarely run (slow halves of instructions, traps), jump tables and constants.
final class Emitter {
  private static final int LOOP_ALIGNMENT = 64;
  private static final int FUNCTION_ALIGNMENT = 16;

  final MachFunction function;
  final Allocation allocation;
  final BackendContext context;
  final Assembler asm;
  final FrameLayout frame;

  private final SavePlan saves;
  private final BlockForwarding forwarding;
  private final BlockPlacement placement;
  private final PseudoEmitter pseudos;
  private final FlagReuse flags;
  private final int[] labels;
  private final List<Runnable> cold = new ArrayList<>();
  private final List<Runnable> tables = new ArrayList<>();
  private final IntList trapMarks = new IntList();
  private final IntList trapKinds = new IntList();
  private final IntList addressMarks = new IntList();
  private final IntList addressWasmOffsets = new IntList();
  private final IntList returnMarks = new IntList();
  private final IntList safepointMarks = new IntList();
  private final List<int[]> safepointSlots = new ArrayList<>();
  private final IntList siteMarks = new IntList();
  private final IntList siteBlocks = new IntList();
  private int currentBlock;
  private int currentWasmOffset = -1;
  private int prologueEnd;

  Emitter(MachFunction function, Allocation allocation, BackendContext context, Assembler asm) {
    this.function = function;
    this.allocation = allocation;
    this.context = context;
    this.asm = asm;
    this.frame = FrameLayout.of(function, allocation);
    this.saves = SavePlan.of(function, allocation, frame);
    this.forwarding = new BlockForwarding(function, allocation, saves);
    this.placement = new BlockPlacement(function, forwarding);
    this.labels = new int[function.blockCount()];
    this.pseudos = new PseudoEmitter(this);
    this.flags = new FlagReuse(function, asm);
  }

  CompiledFunction run(int functionIndex, InlinedCalls inlinedCalls) {
    for (int b = 0; b < labels.length; b++) {
      labels[b] = asm.newLabel();
    }
    prologue();
    for (int b : placement.order()) {
      block(b);
    }
    // Cold code may itself add cold traps.
    for (int i = 0; i < cold.size(); i++) {
      cold.get(i).run();
    }
    tables.forEach(Runnable::run);
    function.literals.emit(asm);
    byte[] code = asm.finish();
    return result(functionIndex, inlinedCalls, code);
  }

  private CompiledFunction result(int functionIndex, InlinedCalls inlinedCalls, byte[] code) {
    int[] callOffsets = new int[asm.externalCount()];
    int[] callTargets = new int[callOffsets.length];
    for (int i = 0; i < callOffsets.length; i++) {
      callOffsets[i] = asm.externalOffset(i);
      callTargets[i] = asm.externalSymbol(i);
    }
    IntList addressOffsets = new IntList(addressMarks.size());
    IntList addressSources = new IntList(addressMarks.size());
    for (int i = 0; i < addressMarks.size(); i++) {
      int offset = asm.offsetOf(addressMarks.get(i));
      int count = addressOffsets.size();
      if (count > 0 && addressOffsets.get(count - 1) == offset) {
        addressSources.set(count - 1, addressWasmOffsets.get(i));
      } else {
        addressOffsets.add(offset);
        addressSources.add(addressWasmOffsets.get(i));
      }
    }
    byte[] kinds = new byte[trapKinds.size()];
    for (int i = 0; i < kinds.length; i++) {
      kinds[i] = (byte) trapKinds.get(i);
    }
    return new CompiledFunction(
        functionIndex,
        code,
        Math.max(FUNCTION_ALIGNMENT, asm.maxAlignment()),
        callOffsets,
        callTargets,
        offsets(trapMarks),
        kinds,
        addressOffsets.toArray(),
        addressSources.toArray(),
        inlinedCalls,
        frame.frameBytes(),
        frame.frameBytes() == 0 ? 0 : asm.offsetOf(prologueEnd),
        offsets(returnMarks),
        offsets(safepointMarks),
        safepointSlots.toArray(new int[0][]),
        frame.saves(),
        callSites());
  }

  private List<CallSite> callSites() {
    List<CallSite> sites = new ArrayList<>(siteMarks.size());
    for (int s = 0; s < siteMarks.size(); s++) {
      int b = siteBlocks.get(s);
      int[] landings = new int[function.handlers(b).size()];
      for (int k = 0; k < landings.length; k++) {
        landings[k] = asm.offsetOf(label(function.successor(b, k + 1)));
      }
      sites.add(new CallSite(asm.offsetOf(siteMarks.get(s)), function.handlers(b), landings));
    }
    return sites;
  }

  private int[] offsets(IntList marks) {
    int[] offsets = marks.toArray();
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = asm.offsetOf(offsets[i]);
    }
    return offsets;
  }

  // ---- blocks

  private void block(int b) {
    if (placement.isAligned(b)) {
      asm.align(LOOP_ALIGNMENT);
    }
    asm.bind(labels[b]);
    currentBlock = b;
    flags.forget();
    if (saves.startsAt(b)) {
      save(saves.late());
      startCalls(saves.free());
    }
    for (int i = function.firstInstruction(b); i < function.firstInstruction(b + 1); i++) {
      at(function.wasmOffset(i));
      moves(i);
      if (!forwarding.emitsNothing(i)) {
        instruction(b, i);
      }
    }
  }

  private void instruction(int b, int i) {
    if (!function.isPseudo(i)) {
      row(i, Location.NONE, i);
      return;
    }
    switch (function.pseudo(i)) {
      case JUMP -> {
        if (saves.leavesAt(b)) {
          restore(saves.late());
        }
        jump(b, function.successor(b, 0));
      }
      case BRANCH -> branch(b, (int) function.immediate(i));
      case JUMP_TABLE -> jumpTable(b, i);
      case RETURN -> epilogue(b);
      case TAIL_CALL -> TailCall.direct(this, function.immediate(i), saves.saved(b));
      case TAIL_CALL_INDIRECT ->
          TailCall.indirect(this, function.immediate(i), register(i, 0), saves.saved(b));
      case CALL, CALL_INDIRECT, CALL_CONTEXT, CALL_REFERENCE -> {
        pseudos.emit(i, Location.NONE);
        if (i + 1 == function.firstInstruction(b + 1)) {
          jump(b, function.successor(b, 0));
        }
      }
      default -> pseudos.emit(i, Location.NONE);
    }
  }

  /// The label of a block, jumps through blocks in which nothing happens followed.
  private int label(int block) {
    return labels[forwarding.target(block)];
  }

  private boolean isNext(int block, int target) {
    return placement.next(block) == forwarding.target(target);
  }

  private void jump(int b, int target) {
    if (!isNext(b, target)) {
      asm.jmp(label(target));
    }
  }

  private void branch(int b, int condition) {
    int taken = function.successor(b, 0);
    int other = function.successor(b, 1);
    if (MachCond.isFloat(condition)) {
      boolean equal = condition == MachCond.FLOAT_EQUAL;
      int unequal = label(equal ? other : taken);
      asm.jcc(X64Cond.NE, unequal);
      asm.jcc(X64Cond.P, unequal);
      jump(b, equal ? taken : other);
    } else if (isNext(b, taken)) {
      asm.jcc(MachCond.hardware(MachCond.negate(condition)), label(other));
    } else {
      asm.jcc(MachCond.hardware(condition), label(taken));
      jump(b, other);
    }
  }

  private void jumpTable(int b, int i) {
    int index = register(i, 0);
    int base = register(i, 1);
    int distance = register(i, 2);
    int table = asm.newLabel();
    asm.rm(X64Op.LEA64, base, Mem.rip(table));
    asm.rm(X64Op.MOVSXD64_32, distance, Mem.baseIndex(base, index, 4, 0));
    asm.rr(X64Op.ADD64_RM, base, distance);
    asm.r(X64Op.JMP_M, base);
    tables.add(() -> {
      asm.align(4);
      asm.bind(table);
      for (int successor : function.table(b)) {
        asm.dataDistance32(label(function.successor(b, successor)), table);
      }
    });
  }

  // ---- frame

  private void prologue() {
    int bytes = frame.frameBytes();
    if (frame.isLarge()) {
      checkLargeFrame(bytes);
    }
    if (bytes > 0) {
      asm.ri(X64Op.SUB64_MI, Registers.RSP, bytes);
      prologueEnd = asm.mark();
    }
    if (saves.hasRegion()) {
      save(saves.early());
    } else {
      startCalls(Registers.SCRATCH);
      save(saves.early());
    }
  }

  /// What must be done before the first call, with a register that is free.
  private void startCalls(int free) {
    at(-1);
    if (function.hasCalls && !frame.isLarge()) {
      asm.rm(X64Op.MOV64_RM, free, storeContext());
      asm.rm(X64Op.CMP64_RM, Registers.RSP, Mem.base(free, StoreContext.STACK_LIMIT));
      asm.jcc(X64Cond.B, coldTrap(TrapKind.STACK_OVERFLOW.ordinal()));
    }
    if (frame.instanceOffset() >= 0) {
      asm.mr(X64Op.MOV64_MR, instanceSlot(), Registers.INSTANCE);
    }
  }

  private void save(long registers) {
    for (int r = 0; r < 16; r++) {
      if ((registers >> r & 1) != 0) {
        asm.mr(X64Op.MOV64_MR, savedSlot(r), r);
      }
    }
  }

  void restore(long registers) {
    for (int r = 0; r < 16; r++) {
      if ((registers >> r & 1) != 0) {
        asm.rm(X64Op.MOV64_RM, r, savedSlot(r));
      }
    }
  }

  private Mem savedSlot(int register) {
    int below = Long.bitCount(frame.saved() & (1L << register) - 1);
    return Mem.base(Registers.RSP, frame.savedOffset() + below * Long.BYTES);
  }

  /// rsp has not moved yet, so the trap stands inside the prologue, where the return address is
  /// known to be at rsp.
  private void checkLargeFrame(int bytes) {
    int enough = asm.newLabel();
    asm.rm(X64Op.MOV64_RM, Registers.SCRATCH, storeContext());
    Mem limit = Mem.base(Registers.SCRATCH, StoreContext.STACK_LIMIT);
    asm.rm(X64Op.MOV64_RM, Registers.SCRATCH, limit);
    asm.ri(X64Op.ADD64_MI, Registers.SCRATCH, bytes);
    asm.rr(X64Op.CMP64_RM, Registers.RSP, Registers.SCRATCH);
    asm.jcc(X64Cond.AE, enough);
    trap(TrapKind.STACK_OVERFLOW.ordinal());
    asm.bind(enough);
  }

  private static Mem storeContext() {
    return Mem.base(Registers.INSTANCE, InstanceLayout.STORE_CONTEXT);
  }

  /// Where the frame keeps the instance pointer.
  Mem instanceSlot() {
    return Mem.base(Registers.RSP, frame.instanceOffset());
  }

  private void epilogue(int b) {
    restore(saves.saved(b));
    if (frame.frameBytes() > 0) {
      asm.ri(X64Op.ADD64_MI, Registers.RSP, frame.frameBytes());
    }
    framePopped();
    asm.op(X64Op.RET);
  }

  /// The return address is at rsp again.
  void framePopped() {
    returnMarks.add(asm.mark());
  }

  // ---- positions and traps

  FlagReuse flags() {
    return flags;
  }

  /// What follows stems from this WebAssembly instruction.
  void at(int wasmOffset) {
    if (wasmOffset != currentWasmOffset) {
      currentWasmOffset = wasmOffset;
      addressMarks.add(asm.mark());
      addressWasmOffsets.add(wasmOffset);
    }
  }

  /// The next instruction may fault with this kind of trap.
  void mayFault(int trapKind) {
    trapMarks.add(asm.mark());
    trapKinds.add(trapKind);
  }

  /// Traps here and now.
  void trap(int trapKind) {
    if (context.signals()) {
      mayFault(trapKind);
      asm.op(X64Op.UD2);
    } else {
      asm.movImm(Registers.RDI, trapKind);
      callBuiltin(Builtin.TRAP.tableOffset());
      trapMarks.add(asm.mark());
      trapKinds.add(trapKind);
      // Never reached; keeps the return address inside the function.
      asm.op(X64Op.INT3);
    }
  }

  void callBuiltin(int tableOffset) {
    asm.rm(
        X64Op.MOV64_RM, Registers.SCRATCH, Mem.base(Registers.INSTANCE, InstanceLayout.BUILTINS));
    asm.m(X64Op.CALL_M, Mem.base(Registers.SCRATCH, tableOffset));
  }

  /// Label of a trap out of line.
  int coldTrap(int trapKind) {
    int label = asm.newLabel();
    outOfLine(() -> {
      asm.bind(label);
      trap(trapKind);
    });
    return label;
  }

  /// Code to write behind the function's blocks, attributed to the current WebAssembly instruction.
  void outOfLine(Runnable code) {
    int wasmOffset = currentWasmOffset;
    cold.add(() -> {
      at(wasmOffset);
      code.run();
    });
  }

  // ---- operands

  private int location(int instruction, int operand) {
    return allocation.operandLocation(function.firstOperand(instruction) + operand);
  }

  /// The register of an operand that must be one.
  int register(int instruction, int operand) {
    int location = location(instruction, operand);
    if (!Location.isRegister(location)) {
      throw new IllegalStateException(
          "operand "
              + operand
              + " of instruction "
              + instruction
              + " is in "
              + Location.describe(location));
    }
    return location;
  }

  private Mem slot(int location) {
    return Mem.base(Registers.RSP, slotOffset(Location.slot(location)));
  }

  private int slotOffset(int slot) {
    return frame.spillOffset() + allocation.slotOffsetBytes(slot);
  }

  /// Behind a call: where the collector finds the references that live across it.
  void called(int instruction) {
    boolean ends = instruction + 1 == function.firstInstruction(currentBlock + 1);
    if (ends && !function.handlers(currentBlock).isEmpty()) {
      siteMarks.add(asm.mark());
      siteBlocks.add(currentBlock);
    }
    int[] slots = allocation.liveReferences(instruction);
    if (slots.length == 0) {
      return;
    }
    int[] words = new int[slots.length];
    for (int k = 0; k < slots.length; k++) {
      words[k] = slotOffset(slots[k]) / Long.BYTES;
    }
    Arrays.sort(words);
    safepointMarks.add(asm.mark());
    safepointSlots.add(words);
  }

  /// The memory operand of an instruction whose base and index start at operand `next`.
  private Mem memory(int i, int next) {
    int packed = function.memory(i);
    int displacement = function.displacement(i);
    return switch (Addr.kindOf(packed)) {
      case Addr.VALUE -> {
        int base = register(i, next);
        yield Addr.hasIndex(packed)
            ? Mem.sum(base, register(i, next + 1), 1 << Addr.scaleLog2Of(packed), displacement)
            : Mem.base(base, displacement);
      }
      case Addr.INSTANCE -> Mem.base(Registers.INSTANCE, displacement);
      case Addr.OUTGOING -> Mem.base(Registers.RSP, displacement);
      case Addr.INCOMING -> Mem.base(Registers.RSP, frame.frameBytes() + Long.BYTES + displacement);
      case Addr.LITERAL -> Mem.rip(function.literals.label(asm, displacement));
      case Addr.INDEX_ONLY ->
          Mem.index(register(i, next), 1 << Addr.scaleLog2Of(packed), displacement);
      default -> throw new IllegalStateException("memory operand of kind " + packed);
    };
  }

  // ---- rows

  /// Emits a row of the instruction table.
  ///
  /// @param target register to define instead of the operand's location, when a value is made again
  /// @param place the instruction in front of which, or as which, it is emitted
  private void row(int i, int target, int place) {
    X64Op op = function.op(i);
    int[] values = new int[4];
    Mem mem = Mem.NONE;
    int operand = 0;
    boolean hasMemory = function.memory(i) != Addr.NONE;
    for (int v = 0; v < op.valueCount(); v++) {
      if (hasMemory && v == op.memoryValue()) {
        values[v] = -1;
        continue;
      }
      X64Operand.Access access = op.valueOperand(v).access();
      int location =
          target != Location.NONE && access == X64Operand.Access.WRITE
              ? target
              : location(i, operand);
      operand += access == X64Operand.Access.READ_WRITE ? 2 : 1;
      if (Location.isSlot(location)) {
        values[v] = -1;
        mem = slot(location);
      } else {
        values[v] = location;
      }
    }
    if (hasMemory) {
      mem = memory(i, operand);
    }
    if (function.trap(i) >= 0) {
      mayFault(function.trap(i));
    }
    long imm = function.immediate(i);
    if (op == X64Op.MOV32_RI && imm == 0 && !flags.isLive(place)) {
      asm.rr(X64Op.XOR32_RM, values[0], values[0]);
    } else if (mem != Mem.NONE || !flags.isKnownTest(i, values[0], values[1])) {
      asm.emit(
          op,
          op.valueCount(),
          values[0],
          values[1],
          values[2],
          values[3],
          mem,
          imm,
          (int) imm & 15);
      flags.wrote(op, values[0]);
    }
  }

  // ---- moves

  /// The moves before an instruction. Those to slots from elsewhere than a register happen where no
  /// register is free: one is lent to them and has its number back behind them.
  private void moves(int place) {
    int lent = Location.NONE;
    for (int m = allocation.firstMove(place); m < allocation.firstMove(place + 1); m++) {
      int from = allocation.moveSource(m);
      int to = allocation.moveDestination(m);
      int vreg = allocation.moveVreg(m);
      boolean integer = function.registerClass(vreg) == RegisterClass.INTEGER;
      boolean lend = Location.isSlot(to) && !Location.isRegister(from);
      int wanted = integer ? Registers.RAX : Registers.XMM0;
      if (lent != Location.NONE && !(lend && lent == wanted)) {
        rescue(lent, false);
        lent = Location.NONE;
      }
      if (!lend) {
        move(from, to, vreg, place);
        continue;
      }
      if (lent == Location.NONE) {
        rescue(wanted, true);
        lent = wanted;
      }
      move(from, lent, vreg, place);
      move(lent, to, vreg, place);
    }
    if (lent != Location.NONE) {
      rescue(lent, false);
    }
  }

  private void rescue(int register, boolean save) {
    Mem memory = slot(Location.ofSlot(allocation.rescueSlot()));
    boolean integer = register < Registers.XMM0;
    if (save) {
      asm.mr(integer ? X64Op.MOV64_MR : X64Op.MOVUPS_MR, memory, register);
    } else {
      asm.rm(integer ? X64Op.MOV64_RM : X64Op.MOVUPS_RM, register, memory);
    }
  }

  private void move(int from, int to, int vreg, int place) {
    if (from == Location.REMATERIALIZE) {
      int definition = function.rematerializedBy(vreg);
      if (function.isPseudo(definition)) {
        pseudos.emit(definition, to);
      } else {
        row(definition, to, place);
      }
    } else if (function.registerClass(vreg) == RegisterClass.INTEGER) {
      // Slots are always written whole: an instruction of 64 bits may read one as its operand.
      X64Op copy = function.isNarrow(vreg) ? X64Op.MOV32_RM : X64Op.MOV64_RM;
      transfer(from, to, copy, copy, X64Op.MOV64_MR);
    } else if (function.isWide(vreg)) {
      transfer(from, to, X64Op.MOVAPS_RM, X64Op.MOVUPS_RM, X64Op.MOVUPS_MR);
    } else {
      transfer(from, to, X64Op.MOVAPS_RM, X64Op.MOVSD_RM, X64Op.MOVSD_MR);
    }
  }

  private void transfer(int from, int to, X64Op copy, X64Op load, X64Op store) {
    if (Location.isSlot(to)) {
      asm.mr(store, slot(to), from);
    } else if (Location.isSlot(from)) {
      asm.rm(load, to, slot(from));
    } else {
      asm.rr(copy, to, from);
    }
  }
}
