package dev.troupe.engine.backend.x64;

import static dev.troupe.engine.ssa.SsaFunction.NONE;

import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.asm.x64.X64Operand;
import dev.troupe.engine.contract.MemoryDef;
import dev.troupe.engine.contract.TrapKind;
import dev.troupe.engine.ssa.MemoryAccess;
import dev.troupe.engine.ssa.Region;
import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.SsaOp;
import dev.troupe.engine.ssa.SsaType;
import org.jspecify.annotations.Nullable;

/// Selection of loads, stores and addresses.
final class MemoryLowering {
  /// Nothing is ever mapped there.
  private static final int NULL_PAGE_BYTES = 4096;

  private final Lowering low;
  private final SsaFunction ssa;
  private final MachBuilder out;

  MemoryLowering(Lowering low) {
    this.low = low;
    this.ssa = low.ssa;
    this.out = low.out;
  }

  // ---- loads and stores

  void load(int i) {
    SsaType type = ssa.controllingType(i);
    int result = low.definition(ssa.result(i));
    Addr address = address(i);
    if (address.kind() == Addr.INSTANCE && Region.isImmutable(ssa.region(i))) {
      out.rematerializable(result);
    }
    if (ssa.access(i).isPartialVector()) {
      low.vectors().load(i, address);
    } else {
      out.row(loadRow(type, ssa.access(i)), address, 0, result);
    }
  }

  private static X64Op loadRow(SsaType type, MemoryAccess access) {
    return switch (access) {
      case INT8_S -> type == SsaType.I64 ? X64Op.MOVSX64_8 : X64Op.MOVSX32_8;
      case INT8_U -> X64Op.MOVZX32_8;
      case INT16_S -> type == SsaType.I64 ? X64Op.MOVSX64_16 : X64Op.MOVSX32_16;
      case INT16_U -> X64Op.MOVZX32_16;
      case INT32_S -> X64Op.MOVSXD64_32;
      case INT32_U -> X64Op.MOV32_RM;
      case INT64 -> X64Op.MOV64_RM;
      case FLOAT32 -> X64Op.MOVSS_RM;
      case FLOAT64 -> X64Op.MOVSD_RM;
      case VECTOR128 -> X64Op.MOVUPS_RM;
      default -> throw new IllegalStateException("no load in one instruction: " + access);
    };
  }

  void store(int i) {
    int value = ssa.operand(i, ssa.operandCount(i) - 1);
    MemoryAccess access = ssa.access(i);
    X64Op immediateRow = storeImmediateRow(access);
    if (immediateRow != null && low.isConstant(value)) {
      long bits = low.constant(value);
      if (access.bytes() <= 4 || bits == (int) bits) {
        out.row(immediateRow, address(i), truncate(bits, access.bytes()));
        return;
      }
    }
    if (ReadModifyWrite.select(low, i, value)) {
      return;
    }
    int lane = low.onlyUser(value, SsaOp.EXTRACT, i);
    if (lane != NONE && low.vectors().isStorable(lane, access.bytes())) {
      low.absorb(lane);
      low.vectors().storeLane(lane, address(i));
      return;
    }
    int source = access.bytes() == 1 ? low.conditions().materializeByte(value, i) : NONE;
    if (source == NONE) {
      source = low.use(value);
    }
    out.row(storeRow(access), address(i), 0, source);
  }

  /// A constant as an immediate of as many bytes.
  static long truncate(long bits, int bytes) {
    return switch (bytes) {
      case 1 -> (byte) bits;
      case 2 -> (short) bits;
      default -> (int) bits;
    };
  }

  private static @Nullable X64Op storeImmediateRow(MemoryAccess access) {
    return switch (access) {
      case INT8_S, INT8_U -> X64Op.MOV8_MI;
      case INT16_S, INT16_U -> X64Op.MOV16_MI;
      case INT32_S, INT32_U -> X64Op.MOV32_MI;
      case INT64 -> X64Op.MOV64_MI;
      default -> null;
    };
  }

  private static X64Op storeRow(MemoryAccess access) {
    return switch (access) {
      case INT8_S, INT8_U -> X64Op.MOV8_MR;
      case INT16_S, INT16_U -> X64Op.MOV16_MR;
      case INT32_S, INT32_U -> X64Op.MOV32_MR;
      case INT64 -> X64Op.MOV64_MR;
      case FLOAT32 -> X64Op.MOVSS_MR;
      case FLOAT64 -> X64Op.MOVSD_MR;
      case VECTOR128 -> X64Op.MOVUPS_MR;
      default -> throw new IllegalStateException("no store of " + access);
    };
  }

  /// Loads a whole value from a place in the frame.
  void loadWhole(SsaType type, int result, Addr address) {
    X64Op row =
        switch (type) {
          case I32 -> X64Op.MOV32_RM;
          case I64, REF -> X64Op.MOV64_RM;
          case F32 -> X64Op.MOVSS_RM;
          case F64 -> X64Op.MOVSD_RM;
          case V128 -> X64Op.MOVUPS_RM;
        };
    out.row(row, address, 0, result);
  }

  /// Stores a whole value to a place in the frame.
  void storeWhole(SsaType type, int source, Addr address) {
    X64Op row =
        switch (type) {
          case I32, I64, REF -> X64Op.MOV64_MR;
          case F32 -> X64Op.MOVSS_MR;
          case F64 -> X64Op.MOVSD_MR;
          case V128 -> X64Op.MOVUPS_MR;
        };
    out.row(row, address, 0, source);
  }

  // ---- loads as memory operands

  /// Whether [#operand] would find a memory operand.
  boolean canFold(int value, int user, X64Op op) {
    return user != NONE && (isLiteral(value, op) || foldable(value, user, op) != NONE);
  }

  /// The memory operand for a value that is a load which may be executed by its only user, or a
  /// floating-point constant; null if the value must come in a register.
  ///
  /// @param user the instruction being selected, or [SsaFunction#NONE] if nothing may be folded
  @Nullable Addr operand(int value, int user, X64Op op) {
    if (user == NONE) {
      return null;
    }
    if (isLiteral(value, op)) {
      int constant = low.definer(value, SsaOp.FCONST);
      int bytes = ssa.controllingType(constant).bytes();
      return Addr.literal(out.literals.scalar(bytes, ssa.immediate(constant)));
    }
    int load = foldable(value, user, op);
    return load != NONE ? folded(load) : null;
  }

  /// The memory operand for a load that its user executes.
  Addr folded(int load) {
    low.absorb(load);
    return address(load).at(ssa.wasmOffset(load));
  }

  private boolean isLiteral(int value, X64Op op) {
    int constant = low.definer(value, SsaOp.FCONST);
    return constant != NONE && memoryBits(op) == ssa.controllingType(constant).bits();
  }

  private static int memoryBits(X64Op op) {
    int position = op.memoryValue();
    if (position < 0 || op.valueOperand(position).access() != X64Operand.Access.READ) {
      return -1;
    }
    return op.valueOperand(position).memoryBits();
  }

  private int foldable(int value, int user, X64Op op) {
    int load = foldableLoad(value, user);
    if (load == NONE) {
      return NONE;
    }
    int bits = ssa.access(load).bytes() * 8;
    boolean whole = bits == ssa.controllingType(load).bits();
    return whole && bits == memoryBits(op) ? load : NONE;
  }

  /// The load of any width behind a value that may be executed by its only user, or NONE. What the
  /// load is extended to is for the caller to see to.
  int foldableLoad(int value, int user) {
    int load = ssa.definingInstruction(low.facts.root(value));
    if (load == NONE
        || user == NONE
        || !low.isExclusive(value)
        || ssa.block(load) != ssa.block(user)) {
      return NONE;
    }
    boolean fits =
        switch (ssa.op(load)) {
          // The load itself is one effect: nothing else may lie between it and its user.
          case LOAD -> low.facts.epoch(load) + 1 == low.facts.epoch(user);
          case CTX_LOAD, RAW_LOAD, FIELD_LOAD, ELEMENT_LOAD ->
              low.facts.epoch(load) == low.facts.epoch(user);
          default -> false;
        };
    return fits ? load : NONE;
  }

  // ---- addresses

  Addr address(int i) {
    return switch (ssa.op(i)) {
      case CTX_LOAD, CTX_STORE -> Addr.instance((int) ssa.offset(i));
      case RAW_LOAD, RAW_STORE -> nullChecked(i, rawAddress(i));
      case FIELD_LOAD, FIELD_STORE ->
          nullChecked(i, Addr.value(low.use(ssa.operand(i, 0)), (int) ssa.offset(i)));
      case ELEMENT_LOAD, ELEMENT_STORE -> elementAddress(i);
      default -> memoryAddress(i);
    };
  }

  /// The address of an access through a reference that was compared with null just before: the
  /// access takes the place of the comparison where null is an address that faults.
  private Addr nullChecked(int i, Addr address) {
    boolean near = ssa.offset(i) >= 0 && ssa.offset(i) + ssa.access(i).bytes() <= NULL_PAGE_BYTES;
    int check = near ? low.absorbNullCheck(i, ssa.operand(i, 0)) : NONE;
    return check == NONE ? address : address.trapping(ssa.trapKind(check).ordinal());
  }

  /// Base, index, and the size of an element as the scale; 16 is none, so vectors' indexes are
  /// doubled before.
  private Addr elementAddress(int i) {
    int bytes = ssa.access(i).bytes();
    int offset = (int) ssa.offset(i);
    int index = ssa.operand(i, 1);
    int array = low.use(ssa.operand(i, 0));
    if (low.isConstant(index)) {
      long distance = low.constant(index) * bytes + offset;
      if (distance == (int) distance) {
        return Addr.value(array, (int) distance);
      }
    }
    int scale = Integer.numberOfTrailingZeros(bytes);
    int register = low.use(index);
    if (scale > SumLowering.MOST_SCALE_LOG2) {
      int doubled = out.newInteger();
      out.row(X64Op.LEA64, Addr.indexed(register, register, 0, 0), 0, doubled);
      return Addr.indexed(array, doubled, SumLowering.MOST_SCALE_LOG2, offset);
    }
    return Addr.indexed(array, register, scale, offset);
  }

  private Addr rawAddress(int i) {
    int base = ssa.operand(i, 0);
    long offset = ssa.offset(i);
    int context = low.definer(base, SsaOp.CTX_ADDRESS);
    if (context != NONE) {
      return Addr.instance((int) (ssa.offset(context) + offset));
    }
    int sum = low.onlyUser(base, SsaOp.IADD, i);
    if (sum == NONE || ssa.controllingType(sum) != SsaType.I64) {
      return Addr.value(low.use(base), (int) offset);
    }
    low.absorb(sum);
    int a = ssa.operand(sum, 0);
    int b = ssa.operand(sum, 1);
    if (low.isImmediate(b) && low.constant(b) + offset == (int) (low.constant(b) + offset)) {
      return Addr.value(low.use(a), (int) (low.constant(b) + offset));
    }
    Addr tree = SumLowering.address(low, sum, SsaType.I64, a, b, offset);
    if (tree != null) {
      return tree;
    }
    int left = low.use(a);
    int right = low.use(b);
    return Addr.indexed(left, right, 0, (int) offset);
  }

  // ---- linear memory

  private Addr memoryAddress(int i) {
    int memory = ssa.memory(i);
    int index = ssa.operand(i, 0);
    long offset = ssa.offset(i);
    int bytes = ssa.access(i).bytes();
    boolean index32 = ssa.valueType(index) == SsaType.I32;
    if (low.isConstant(index)) {
      long known = index32 ? low.constant(index) & 0xFFFF_FFFFL : low.constant(index);
      MemoryPolicy policy =
          MemoryPolicy.ofConstant(
              low.context, memory, reservationBytes(index32), known, offset, bytes);
      switch (policy) {
        case IN_BOUNDS -> {
          return Addr.value(low.memoryBase(memory), (int) (known + offset));
        }
        case GUARDED -> {
          return guarded(Addr.value(low.memoryBase(memory), (int) (known + offset)));
        }
        case CHECKED -> {}
      }
    } else if (isGuarded(memory, index, index32, offset, bytes)) {
      int base = low.memoryBase(memory);
      int scaled = scaledIndex(index);
      if (scaled != NONE) {
        int scale = (int) low.constant(ssa.operand(scaled, 1));
        int unscaled = low.useExtended(ssa.operand(scaled, 0));
        return guarded(Addr.indexed(base, unscaled, scale, (int) offset));
      }
      return guarded(Addr.indexed(base, low.useExtended(index), 0, (int) offset));
    }
    return checked(i, memory, index, offset, bytes);
  }

  /// The least address space of memories with such indexes.
  private long reservationBytes(boolean index32) {
    return index32
        ? low.context.tunables().memoryReservationBytes()
        : low.context.tunables().memory64ReservationBytes();
  }

  private boolean isGuarded(int memory, int index, boolean index32, long offset, int bytes) {
    long most = index32 ? 0xFFFF_FFFFL : most64(index);
    return MemoryPolicy.of(low.context, memory, reservationBytes(index32), most, offset, bytes)
        == MemoryPolicy.GUARDED;
  }

  private long most64(int index) {
    int clamp = ssa.definingInstruction(index);
    boolean isClamp = clamp != NONE && ssa.op(clamp) == SsaOp.INDEX_CLAMP;
    return isClamp && low.isConstant(ssa.operand(clamp, 1))
        ? low.constant(ssa.operand(clamp, 1))
        : low.max(index);
  }

  /// The unsigned minimum, without a branch that could be mispredicted; or where that is no
  /// concern, a comparison and a branch, which the address need not wait for.
  void clamp(int i) {
    int access = low.facts.checkedAccess(i);
    if (access != NONE) {
      out.currentWasmOffset = ssa.wasmOffset(access);
      Addr end = Addr.literal(out.literals.scalar(Long.BYTES, low.constant(ssa.operand(i, 1))));
      out.row(X64Op.CMP64_RM, end, 0, low.use(ssa.operand(i, 0)));
      low.trapIf(MachCond.of(X64Cond.A), TrapKind.MEMORY_OUT_OF_BOUNDS.ordinal());
      return;
    }
    int result = low.definition(ssa.result(i));
    int index = low.use(ssa.operand(i, 0));
    int end = low.use(ssa.operand(i, 1));
    out.row(X64Op.CMP64_RM, null, 0, index, end);
    out.row(X64Op.CMOV64, null, X64Cond.B.ordinal(), result, end, index);
  }

  /// The shift behind an i32 index if the address may do it: no bit is shifted out, and nobody has
  /// asked for the result yet. Else NONE.
  private int scaledIndex(int index) {
    int shift = low.definer(index, SsaOp.SHL);
    if (shift == NONE
        || ssa.controllingType(shift) != SsaType.I32
        || ssa.valueType(index) != SsaType.I32
        || low.isWanted(low.facts.root(index))) {
      return NONE;
    }
    int amount = ssa.operand(shift, 1);
    boolean small =
        low.isConstant(amount)
            && low.constant(amount) >= 1
            && low.constant(amount) <= SumLowering.MOST_SCALE_LOG2
            && !low.isConstant(ssa.operand(shift, 0));
    if (!small) {
      return NONE;
    }
    long most = low.max(ssa.operand(shift, 0));
    return most >= 0 && most << low.constant(amount) <= 0xFFFF_FFFFL ? shift : NONE;
  }

  private static Addr guarded(Addr address) {
    return address.trapping(TrapKind.MEMORY_OUT_OF_BOUNDS.ordinal());
  }

  /// Compares the end of the access with the length of the memory; the arithmetic cannot wrap
  /// around unnoticed. With `spectre` the address becomes 0 where the check fails, so that not even
  /// a mispredicted path reads out of bounds.
  private Addr checked(int i, int memory, int index, long offset, int bytes) {
    int outerOffset = out.currentWasmOffset;
    out.currentWasmOffset = ssa.wasmOffset(i);
    int end = accessEnd(index, offset, bytes);
    int base = low.memoryBase(memory);
    Addr length = byteLength(memory);
    Addr result = Addr.indexed(base, end, 0, -bytes);
    int trapKind = TrapKind.MEMORY_OUT_OF_BOUNDS.ordinal();
    if (low.context.tunables().spectre()) {
      int address = out.newInteger();
      int masked = out.newInteger();
      out.row(X64Op.LEA64, result, 0, address);
      int zero = low.integerConstant(0, SsaType.I64);
      out.row(X64Op.CMP64_RM, length, 0, end);
      low.trapIf(MachCond.of(X64Cond.A), trapKind);
      out.row(X64Op.CMOV64, null, X64Cond.A.ordinal(), masked, address, zero);
      result = Addr.value(masked, 0);
    } else {
      out.row(X64Op.CMP64_RM, length, 0, end);
      low.trapIf(MachCond.of(X64Cond.A), trapKind);
    }
    out.currentWasmOffset = outerOffset;
    return result;
  }

  /// Index + offset + bytes, trapping on the way where that exceeds 64 bits.
  private int accessEnd(int index, long offset, int bytes) {
    int trapKind = TrapKind.MEMORY_OUT_OF_BOUNDS.ordinal();
    boolean index32 = ssa.valueType(index) == SsaType.I32;
    int start = low.useExtended(index);
    long distance = offset + bytes;
    int end = out.newInteger();
    if (Long.compareUnsigned(distance, offset) < 0) {
      // The offset alone is beyond every memory.
      out.row(X64Op.CMP64_RM, null, 0, start, start);
      low.trapIf(MachCond.of(X64Cond.E), trapKind);
      return start;
    }
    boolean fits = distance == (int) distance && distance >= 0;
    if (index32 && fits) {
      out.add(MachPseudo.ADD64_IMMEDIATE, distance);
      out.define(end);
      out.use(start);
      return end;
    }
    if (fits) {
      out.row(X64Op.ADD64_MI, null, distance, end, start);
    } else {
      int addend = low.integerConstant(distance, SsaType.I64);
      out.row(X64Op.ADD64_RM, null, 0, end, start, addend);
    }
    if (!index32) {
      low.trapIf(MachCond.of(X64Cond.B), trapKind);
    }
    return end;
  }

  private Addr byteLength(int memory) {
    if (low.context.layout().isDefinedMemory(memory) && !low.context.sharedMemories().get(memory)) {
      return Addr.instance(low.context.layout().definedMemory(memory) + MemoryDef.BYTE_LENGTH);
    }
    int definition = out.rematerializable(out.newInteger());
    Addr pointer = Addr.instance(low.context.layout().memoryPointer(memory));
    out.row(X64Op.MOV64_RM, pointer, 0, definition);
    return Addr.value(definition, MemoryDef.BYTE_LENGTH);
  }
}
