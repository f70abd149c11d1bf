package dev.troupe.engine.asm.x64;

/**
 * Turns one row with its operands into bytes. The row says everything; nothing here knows a
 * mnemonic.
 */
final class Encoder {
  /** A value that stands for the memory operand. */
  static final int MEMORY = -1;

  private Encoder() {}

  /** The first encoding of the row that can express these operands. */
  static X64Encoding choose(X64Op op, int rmValue, long immediate) {
    X64Row row = op.row();
    for (X64Encoding encoding : row.encodings) {
      if (encoding.immediateIsOne && immediate != 1
          || encoding.accumulatorOnly && rmValue != X64Reg.RAX) {
        continue;
      }
      if (row.immediateOperand < 0 || fits(row, encoding, immediate)) {
        return encoding;
      }
    }
    throw new IllegalStateException(op + " cannot encode the immediate " + immediate);
  }

  private static boolean fits(X64Row row, X64Encoding encoding, long immediate) {
    int bytes = encoding.immediateBytes;
    if (bytes == 0 || bytes == 8) {
      return true;
    }
    if (row.operands[row.immediateOperand].place() == X64Operand.Place.UNSIGNED_IMMEDIATE) {
      return immediate >= 0 && immediate < 1L << 8 * bytes;
    }
    int shift = 64 - 8 * bytes;
    return immediate << shift >> shift == immediate;
  }

  /**
   * The immediate as the instruction sees it: sign-extended from the width of the operation, so
   * that 0xFFFFFFFF and -1 are the same 32-bit value.
   */
  static long normalize(X64Op op, long immediate) {
    X64Row row = op.row();
    X64Operand operand = row.operands[row.immediateOperand];
    int bits = row.operationBits;
    if (operand.place() == X64Operand.Place.UNSIGNED_IMMEDIATE || bits >= 64) {
      return immediate;
    }
    int shift = 64 - bits;
    boolean signed = immediate << shift >> shift == immediate;
    boolean unsigned = immediate << shift >>> shift == immediate;
    if (!signed && !unsigned) {
      throw new IllegalStateException(op + " cannot encode the immediate " + immediate);
    }
    return immediate << shift >> shift;
  }

  /**
   * Appends the instruction.
   *
   * @return position of a rip-relative displacement in the buffer, or -1
   */
  static int encode(
      CodeBuffer out, X64Op op, int v0, int v1, int v2, int v3, Mem mem, long imm, int condition) {
    X64Row row = op.row();
    int rm = value(row.rmValue, v0, v1, v2, v3);
    X64Encoding encoding = choose(op, rm, imm);
    int reg = encoding.digit >= 0 ? encoding.digit : low(value(row.regValue, v0, v1, v2, v3));
    boolean memory = row.rmValue >= 0 && rm == MEMORY;
    int base = memory ? Math.max(mem.base, 0) : row.rmValue >= 0 ? rm & 15 : 0;
    int index = memory ? Math.max(mem.index, 0) : 0;
    int inOpcode = row.opcodeValue >= 0 ? value(row.opcodeValue, v0, v1, v2, v3) & 15 : 0;
    base |= inOpcode;
    if (encoding.evex) {
      int vvvv = row.vvvvValue >= 0 ? value(row.vvvvValue, v0, v1, v2, v3) & 15 : 0;
      putEvex(out, encoding, reg, index, base, vvvv);
    } else if (encoding.vex) {
      int vvvv = row.vvvvValue >= 0 ? value(row.vvvvValue, v0, v1, v2, v3) & 15 : 0;
      putVex(out, encoding, reg, index, base, vvvv);
    } else {
      boolean byteRegister = needsRexForByte(row, v0, v1, v2, v3);
      putLegacy(out, encoding, reg, index, base, byteRegister);
    }
    int opcode = encoding.opcode;
    if (encoding.registerInOpcode) {
      opcode += inOpcode & 7;
    }
    if (encoding.conditionInOpcode) {
      opcode += condition;
    }
    out.put8(opcode);
    if (encoding.opcode2 >= 0) {
      out.put8(encoding.opcode2);
    }
    int ripAt = -1;
    if (encoding.modRm) {
      int scale = encoding.evex && memory ? row.values[row.rmValue].memoryBits() / Byte.SIZE : 1;
      ripAt = memory ? putMemory(out, reg, mem, scale) : putDirect(out, reg, rm);
    }
    if (encoding.registerInImmediate) {
      out.put8((value(row.nibbleValue, v0, v1, v2, v3) & 15) << 4);
    }
    out.putLow(imm, encoding.immediateBytes);
    return ripAt;
  }

  static int value(int position, int v0, int v1, int v2, int v3) {
    return switch (position) {
      case 0 -> v0;
      case 1 -> v1;
      case 2 -> v2;
      case 3 -> v3;
      default -> 0;
    };
  }

  private static int low(int register) {
    return register & 15;
  }

  /** spl, bpl, sil and dil exist only with a REX prefix. */
  private static boolean needsRexForByte(X64Row row, int v0, int v1, int v2, int v3) {
    if (!row.hasByteRegister) {
      return false;
    }
    for (int i = 0; i < row.values.length; i++) {
      int register = value(i, v0, v1, v2, v3);
      if (register >= 4 && register < 8 && row.values[i].registerBits() == 8) {
        return true;
      }
    }
    return false;
  }

  private static void putLegacy(
      CodeBuffer out, X64Encoding encoding, int reg, int index, int base, boolean force) {
    if (encoding.lock) {
      out.put8(0xF0);
    }
    if (encoding.prefix != 0) {
      out.put8(encoding.prefix);
    }
    int rex = (encoding.wide ? 8 : 0) | reg >> 3 << 2 | index >> 3 << 1 | base >> 3;
    if (rex != 0 || force) {
      out.put8(0x40 | rex);
    }
    if (encoding.map != 0) {
      out.put8(0x0F);
    }
    if (encoding.map == 2) {
      out.put8(0x38);
    } else if (encoding.map == 3) {
      out.put8(0x3A);
    }
  }

  private static void putVex(
      CodeBuffer out, X64Encoding encoding, int reg, int index, int base, int vvvv) {
    int notR = (~reg >> 3 & 1) << 7;
    int tail = (~vvvv & 15) << 3 | (encoding.vex256 ? 4 : 0) | encoding.vexPrefixCode();
    if (encoding.map == 1 && !encoding.wide && index < 8 && base < 8) {
      out.put8(0xC5);
      out.put8(notR | tail);
      return;
    }
    out.put8(0xC4);
    out.put8(notR | (~index >> 3 & 1) << 6 | (~base >> 3 & 1) << 5 | encoding.map);
    out.put8((encoding.wide ? 0x80 : 0) | tail);
  }

  private static void putEvex(
      CodeBuffer out, X64Encoding encoding, int reg, int index, int base, int vvvv) {
    out.put8(0x62);
    // R', the fourth bit of a register number above 15, is inverted as the others.
    out.put8(
        (~reg >> 3 & 1) << 7
            | (~index >> 3 & 1) << 6
            | (~base >> 3 & 1) << 5
            | 0x10
            | encoding.map);
    out.put8((encoding.wide ? 0x80 : 0) | (~vvvv & 15) << 3 | 4 | encoding.vexPrefixCode());
    // No mask, no broadcast, the length; V' inverted.
    out.put8((encoding.evex512 ? 0x40 : 0) | 0x08);
  }

  private static int putDirect(CodeBuffer out, int reg, int rm) {
    out.put8(0xC0 | (reg & 7) << 3 | rm & 7);
    return -1;
  }

  /** The displacement of one byte counts in units of {@code scale} bytes. */
  private static int putMemory(CodeBuffer out, int reg, Mem mem, int scale) {
    int regBits = (reg & 7) << 3;
    if (mem.isRipRelative()) {
      out.put8(regBits | 5);
      out.put32(0);
      return out.size() - 4;
    }
    int displacement = mem.displacement;
    int index = mem.index < 0 ? 4 : mem.index & 7;
    if (mem.base < 0) {
      out.put8(regBits | 4);
      out.put8(mem.scaleLog2 << 6 | index << 3 | 5);
      out.put32(displacement);
      return -1;
    }
    int base = mem.base & 7;
    int units = displacement / scale;
    boolean small = units == (byte) units && units * scale == displacement;
    int mod = displacement == 0 && base != 5 ? 0 : small ? 1 : 2;
    if (mem.index >= 0 || base == 4) {
      out.put8(mod << 6 | regBits | 4);
      out.put8(mem.scaleLog2 << 6 | index << 3 | base);
    } else {
      out.put8(mod << 6 | regBits | base);
    }
    if (mod == 1) {
      out.put8(units);
    } else if (mod == 2) {
      out.put32(displacement);
    }
    return -1;
  }
}
