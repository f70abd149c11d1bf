package dev.troupe.engine.backend.x64;

/// Machine instructions that are no single row of the instruction table: the emitter expands each
/// one. Operands in the order given; `imm` is the instruction's immediate.
enum MachPseudo {
  /// Fixed definitions: the parameters that arrive in registers.
  ENTRY,
  /// Direct call of function `imm`: fixed uses, then fixed definitions.
  CALL,
  /// Call through (code, instance), then as [#CALL].
  CALL_INDIRECT,
  /// Call through the code and instance fields at instance pointer + `imm`, then as [#CALL].
  CALL_CONTEXT,
  /// Call through the function reference in the first operand, then as [#CALL].
  CALL_REFERENCE,
  /// Call of the builtin at table offset `imm`, then as [#CALL].
  CALL_BUILTIN,
  /// Throws an exception with tag `imm`, whose values are in the area for callees.
  THROW,
  /// (reference, fixed): throws an exception again.
  THROW_REF,
  /// Ends a block that no way leads to.
  UNREACHED,
  /// Fixed uses: results that leave in registers.
  RETURN,
  /// Jump to function [TailCall#function] in the place of this one: fixed uses.
  TAIL_CALL,
  /// (instance), code in the scratch register, then as [#TAIL_CALL].
  TAIL_CALL_INDIRECT,
  /// To the only successor.
  JUMP,
  /// To successor 0 if condition `imm` holds, else to successor 1.
  BRANCH,
  /// (index below the number of successors, two temporaries): to that successor.
  JUMP_TABLE,
  /// Traps always; ends the block.
  TRAP,
  /// Traps if condition `imm` holds; the block goes on.
  TRAP_IF,
  /// (copy, value): a copy that need not be in the same place.
  COPY,
  /// (sum, a, b): `add` or `lea`, whichever the registers allow.
  ADD32,
  ADD64,
  /// (sum, a): plus `imm`.
  ADD32_IMMEDIATE,
  ADD64_IMMEDIATE,
  /// (result, a): shifted left by `imm`, 1 to 3: `shl` or `lea`, whichever needs no copy.
  SHIFT_LEFT32,
  SHIFT_LEFT64,
  /// (result, a): rotated right by `imm`: `ror`, which is shorter, or `rorx`, which needs no copy.
  ROTATE_RIGHT32,
  ROTATE_RIGHT64,
  /// (result) or (result = second operand, zero): the lowest byte becomes 1 if condition `imm`
  /// holds, else 0; last a temporary if floats are equal or not.
  SET_CONDITION,
  /// (result = third operand, value if true): vector select by condition `imm`.
  VECTOR_SELECT,
  /// (quotient in rax, remainder in rdx, dividend in rax, divisor): flags in `imm`, see
  /// [DivisionEmitter].
  DIVIDE,
  /// (result, source, temporary): count of leading or trailing zeros without LZCNT/TZCNT; `imm` is
  /// the width in bits, negative for trailing.
  BIT_SCAN,
  /// (result): +0.0 in a vector register.
  VECTOR_ZERO,
  /// (result): all bits of a vector register.
  VECTOR_ONES,
  /// (result, source): integer to float by row `imm`, without a dependency on the old result.
  CONVERT_FROM_INTEGER,
  /// (result, source, temporary): u64 to f32 (`imm` 0) or f64 (`imm` 1).
  CONVERT_FROM_U64,
  /// (result, source): float to integer; flags in `imm`, see [FloatToInteger]; a temporary where it
  /// is unsigned.
  CONVERT_TO_INTEGER,
  /// (result = first, first, second): WebAssembly minimum or maximum; bit 0 of `imm`: double, bit
  /// 1: maximum.
  MINIMUM_MAXIMUM,
  /// (old value in rax, temporary, address, value): replaces what is at the address by what an
  /// operation makes of it, in one step for everybody; see [AtomicEmitter] for `imm`.
  ATOMIC_LOOP;

  private static final MachPseudo[] VALUES = values();

  static MachPseudo of(int ordinal) {
    return VALUES[ordinal];
  }

  /// Whether it calls: return addresses, clobbers, stack alignment.
  boolean isCall() {
    return this == CALL
        || mayChangeInstance()
        || this == CALL_BUILTIN
        || this == THROW
        || this == THROW_REF;
  }

  /// Whether the pinned register must be restored from the frame afterwards.
  boolean mayChangeInstance() {
    return this == CALL_INDIRECT || this == CALL_CONTEXT || this == CALL_REFERENCE;
  }
}
