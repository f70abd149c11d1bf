package dev.troupe.engine.asm.x64;

import org.jspecify.annotations.Nullable;

/**
 * One operand of a row of {@link X64Op}, parsed from the row's notation.
 *
 * <p>Notation: an access mark ({@code =} written, {@code +} read and written, nothing for read),
 * then a kind:
 *
 * <ul>
 *   <li>{@code r8 r16 r32 r64 x y}: register in ModRM.reg
 *   <li>{@code r32m8 r32m16}: register of 32 bits, or memory of fewer, in ModRM.rm
 *   <li>{@code rm8 rm16 rm32 rm64}, {@code xm8 xm16 xm32 xm64 xm128}, {@code ym256}, {@code zm512}:
 *       register or memory in ModRM.rm; for {@code xm} the number is the width in memory
 *   <li>{@code m m8 m16 m32 m64 m128 m256 m512}: memory only ({@code m}: of no printed width)
 *   <li>{@code u…}: register in ModRM.rm, {@code v…}: register in VEX.vvvv, {@code o…}: register in
 *       the opcode's low bits, {@code sx sy}: register in the immediate's high nibble
 *   <li>{@code i8 i16 i32 i64}: immediate extended to the width of the operation; {@code u8 u16}:
 *       unsigned
 *   <li>{@code cl rax …}: a fixed register; {@code rel}: a branch target
 * </ul>
 *
 * @param place where the operand is encoded
 * @param vector whether a register here is a vector register
 * @param registerBits width of a register here; 0 if none is possible
 * @param memoryBits width of a memory access here; 0 if none is possible or none is printed
 * @param access what the instruction does with it
 * @param fixed the register of a {@link Place#FIXED} operand, else -1
 */
public record X64Operand(
    Place place, boolean vector, int registerBits, int memoryBits, Access access, int fixed) {

  /**
   * What the instruction does with an operand. A written general register of 32 bits has its upper
   * half cleared; one of 8 or 16 bits keeps its upper bits.
   */
  public enum Access {
    READ,
    WRITE,
    READ_WRITE
  }

  /** Where an operand is encoded. */
  public enum Place {
    /** ModRM.reg. */
    REG,
    /** ModRM.rm: register or memory. */
    RM,
    /** ModRM.rm: register only. */
    RM_REGISTER,
    /** ModRM.rm: memory only. */
    RM_MEMORY,
    /** VEX.vvvv. */
    VVVV,
    /** Low bits of the opcode. */
    OPCODE,
    /** High nibble of the immediate byte. */
    IMMEDIATE_REGISTER,
    /** Immediate, sign-extended to the width of the operation. */
    IMMEDIATE,
    /** Unsigned immediate of 8 or 16 bits. */
    UNSIGNED_IMMEDIATE,
    /** Named by the instruction itself. */
    FIXED,
    /** Branch target. */
    RELATIVE
  }

  /** Whether a register may stand here (a fixed one included). */
  public boolean allowsRegister() {
    return registerBits != 0;
  }

  /** Whether a memory operand may stand here. */
  public boolean allowsMemory() {
    return place == Place.RM || place == Place.RM_MEMORY;
  }

  /** Whether the caller chooses this operand and it is a register or memory operand. */
  public boolean isValue() {
    return switch (place) {
      case REG, RM, RM_REGISTER, RM_MEMORY, VVVV, OPCODE, IMMEDIATE_REGISTER -> true;
      case IMMEDIATE, UNSIGNED_IMMEDIATE, FIXED, RELATIVE -> false;
    };
  }

  /** Whether this is an immediate. */
  public boolean isImmediate() {
    return place == Place.IMMEDIATE || place == Place.UNSIGNED_IMMEDIATE;
  }

  public boolean reads() {
    return access != Access.WRITE;
  }

  public boolean writes() {
    return access != Access.READ;
  }

  /**
   * Parses one operand of a row.
   *
   * @throws IllegalArgumentException if the notation is not one of the above
   */
  static X64Operand parse(String text) {
    Access access = Access.READ;
    String kind = text;
    if (text.startsWith("=")) {
      access = Access.WRITE;
      kind = text.substring(1);
    } else if (text.startsWith("+")) {
      access = Access.READ_WRITE;
      kind = text.substring(1);
    }
    X64Operand fixed = parseFixed(kind, access);
    return fixed != null ? fixed : parsePlaced(kind, access);
  }

  private static X64Operand parsePlaced(String kind, Access access) {
    return switch (kind) {
      case "rel" -> new X64Operand(Place.RELATIVE, false, 0, 0, access, -1);
      case "i8", "i16", "i32", "i64" ->
          new X64Operand(Place.IMMEDIATE, false, 0, number(kind, 1), access, -1);
      case "u8", "u16" ->
          new X64Operand(Place.UNSIGNED_IMMEDIATE, false, 0, number(kind, 1), access, -1);
      case "m" -> new X64Operand(Place.RM_MEMORY, false, 0, 0, access, -1);
      case "rm8", "rm16", "rm32", "rm64" -> {
        int bits = number(kind, 2);
        yield new X64Operand(Place.RM, false, bits, bits, access, -1);
      }
      case "r32m8", "r32m16" -> new X64Operand(Place.RM, false, 32, number(kind, 4), access, -1);
      case "xm8", "xm16", "xm32", "xm64", "xm128" ->
          new X64Operand(Place.RM, true, 128, number(kind, 2), access, -1);
      case "ym256" -> new X64Operand(Place.RM, true, 256, 256, access, -1);
      case "zm512" -> new X64Operand(Place.RM, true, 512, 512, access, -1);
      default -> {
        if (kind.startsWith("m")) {
          yield new X64Operand(Place.RM_MEMORY, false, 0, number(kind, 1), access, -1);
        }
        Place place =
            switch (kind.charAt(0)) {
              case 'v' -> Place.VVVV;
              case 'o' -> Place.OPCODE;
              case 'u' -> Place.RM_REGISTER;
              case 's' -> Place.IMMEDIATE_REGISTER;
              default -> Place.REG;
            };
        String register = place == Place.REG ? kind : kind.substring(1);
        yield switch (register) {
          case "x" -> new X64Operand(place, true, 128, 0, access, -1);
          case "y" -> new X64Operand(place, true, 256, 0, access, -1);
          case "z" -> new X64Operand(place, true, 512, 0, access, -1);
          case "r8", "r16", "r32", "r64" ->
              new X64Operand(place, false, number(register, 1), 0, access, -1);
          default -> throw new IllegalArgumentException("unknown operand kind: " + kind);
        };
      }
    };
  }

  private static @Nullable X64Operand parseFixed(String kind, Access access) {
    return switch (kind) {
      case "cl" -> fixed(X64Reg.RCX, 8, access);
      case "al" -> fixed(X64Reg.RAX, 8, access);
      case "ax" -> fixed(X64Reg.RAX, 16, access);
      case "eax" -> fixed(X64Reg.RAX, 32, access);
      case "ebx" -> fixed(X64Reg.RBX, 32, access);
      case "ecx" -> fixed(X64Reg.RCX, 32, access);
      case "edx" -> fixed(X64Reg.RDX, 32, access);
      case "rax" -> fixed(X64Reg.RAX, 64, access);
      case "rbx" -> fixed(X64Reg.RBX, 64, access);
      case "rcx" -> fixed(X64Reg.RCX, 64, access);
      case "rdx" -> fixed(X64Reg.RDX, 64, access);
      case "rsp" -> fixed(X64Reg.RSP, 64, access);
      case "rsi" -> fixed(X64Reg.RSI, 64, access);
      case "rdi" -> fixed(X64Reg.RDI, 64, access);
      case "r11" -> fixed(X64Reg.R11, 64, access);
      case "xmm0" -> new X64Operand(Place.FIXED, true, 128, 0, access, X64Reg.XMM0);
      default -> null;
    };
  }

  private static X64Operand fixed(int register, int bits, Access access) {
    return new X64Operand(Place.FIXED, false, bits, 0, access, register);
  }

  private static int number(String kind, int from) {
    try {
      return Integer.parseInt(kind, from, kind.length(), 10);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("unknown operand kind: " + kind, e);
    }
  }
}
