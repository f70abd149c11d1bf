package dev.troupe.engine.backend.x64;

/// The memory operand of a machine instruction over virtual registers, with what an access through
/// it means for traps.
///
/// @param kind one of the constants
/// @param base virtual register of [#VALUE], else -1
/// @param index virtual register, or -1
/// @param scaleLog2 0 to 3
/// @param displacement bytes, or the literal's id
/// @param trap ordinal of the kind of trap that the access may raise by fault, or -1
/// @param wasmOffset of the load or store that this is, or -1: that of the instruction
record Addr(
    int kind, int base, int index, int scaleLog2, int displacement, int trap, int wasmOffset) {
  static final int NONE = 0;

  /// `[base + index * scale + displacement]`, index optional.
  static final int VALUE = 1;

  /// `[instance pointer + displacement]`.
  static final int INSTANCE = 2;

  /// `[rsp + displacement]`: the area for arguments and results of calls.
  static final int OUTGOING = 3;

  /// The function's own stack area, behind its frame and return address.
  static final int INCOMING = 4;

  /// A constant behind the function's code.
  static final int LITERAL = 5;

  /// `[index * scale + displacement]`.
  static final int INDEX_ONLY = 6;

  static Addr value(int base, int displacement) {
    return new Addr(VALUE, base, -1, 0, displacement, -1, -1);
  }

  static Addr indexed(int base, int index, int scaleLog2, int displacement) {
    return new Addr(VALUE, base, index, scaleLog2, displacement, -1, -1);
  }

  static Addr scaled(int index, int scaleLog2, int displacement) {
    return new Addr(INDEX_ONLY, -1, index, scaleLog2, displacement, -1, -1);
  }

  static Addr instance(int displacement) {
    return new Addr(INSTANCE, -1, -1, 0, displacement, -1, -1);
  }

  static Addr outgoing(int displacement) {
    return new Addr(OUTGOING, -1, -1, 0, displacement, -1, -1);
  }

  static Addr incoming(int displacement) {
    return new Addr(INCOMING, -1, -1, 0, displacement, -1, -1);
  }

  static Addr literal(int id) {
    return new Addr(LITERAL, -1, -1, 0, id, -1, -1);
  }

  /// The same address; an access may fault with this kind of trap.
  Addr trapping(int kindOrdinal) {
    return new Addr(kind, base, index, scaleLog2, displacement, kindOrdinal, wasmOffset);
  }

  /// The same address, only computed.
  Addr withoutTrap() {
    return trapping(-1);
  }

  /// The same address; the access stems from this WebAssembly instruction.
  Addr at(int offset) {
    return new Addr(kind, base, index, scaleLog2, displacement, trap, offset);
  }

  /// Kind, presence of an index and scale in one int, as [MachFunction] keeps them.
  int packed() {
    return kind | (index >= 0 ? 8 : 0) | scaleLog2 << 4;
  }

  static int kindOf(int packed) {
    return packed & 7;
  }

  static boolean hasBase(int packed) {
    return (packed & 7) == VALUE;
  }

  static boolean hasIndex(int packed) {
    return (packed & 8) != 0;
  }

  static int scaleLog2Of(int packed) {
    return packed >> 4 & 3;
  }
}
