package dev.troupe.engine.asm.x64;

import static dev.troupe.engine.asm.x64.X64Feature.ADX;
import static dev.troupe.engine.asm.x64.X64Feature.AVX;
import static dev.troupe.engine.asm.x64.X64Feature.AVX2;
import static dev.troupe.engine.asm.x64.X64Feature.AVX512F;
import static dev.troupe.engine.asm.x64.X64Feature.BMI1;
import static dev.troupe.engine.asm.x64.X64Feature.BMI2;
import static dev.troupe.engine.asm.x64.X64Feature.CX16;
import static dev.troupe.engine.asm.x64.X64Feature.FMA;
import static dev.troupe.engine.asm.x64.X64Feature.LZCNT;
import static dev.troupe.engine.asm.x64.X64Feature.MOVBE;
import static dev.troupe.engine.asm.x64.X64Feature.POPCNT;
import static dev.troupe.engine.asm.x64.X64Feature.SHA;
import static dev.troupe.engine.asm.x64.X64Feature.SSE3;
import static dev.troupe.engine.asm.x64.X64Feature.SSE41;
import static dev.troupe.engine.asm.x64.X64Feature.SSE42;
import static dev.troupe.engine.asm.x64.X64Feature.SSSE3;
import static dev.troupe.engine.asm.x64.X64Feature.XSAVE;
import static dev.troupe.engine.asm.x64.X64Feature.XSAVEC;
import static dev.troupe.engine.asm.x64.X64Feature.XSAVEOPT;

import org.jspecify.annotations.Nullable;

/**
 * The instruction table: one row per instruction form. Encoder, printer and operand constraints are
 * derived from the row; adding an instruction is adding a line.
 *
 * <p>A row is: mnemonic as objdump prints it in Intel syntax; operands in that order (notation in
 * {@link X64Operand}); encodings, the first usable one taken (notation in {@code X64Encoding});
 * flags written, then {@code <} and flags read (letters {@code oszapc} and {@code d} for direction;
 * a flag left undefined counts as written); operands that are used but not printed; required CPU
 * feature ({@link X64Feature#BASE} if none). A row is parsed and checked when it is first used, all
 * of them in a test: that keeps the table out of the start-up time of a process that assembles a
 * few stubs.
 *
 * <p>A register-or-memory operand is one row, not two: {@code ADD32_RM} is {@code add r32, r/m32},
 * so the register allocator may replace the register of such an operand by its spill slot without
 * changing the row.
 *
 * <p>Names: mnemonic, width, then {@code _RM} (register from register or memory), {@code _MR} (the
 * other direction), {@code _MI} (register or memory with an immediate) where several forms exist.
 */
public enum X64Op {
  // --- Integer arithmetic and logic: r, rm / rm, r / rm, imm
  ADD8_RM("add", "+r8, rm8", "02 /r", "oszapc"),
  ADD8_MR("add", "+rm8, r8", "00 /r", "oszapc"),
  ADD8_MI("add", "+rm8, i8", "04 acc ib|80 /0 ib", "oszapc"),
  ADD16_RM("add", "+r16, rm16", "66 03 /r", "oszapc"),
  ADD16_MR("add", "+rm16, r16", "66 01 /r", "oszapc"),
  ADD16_MI("add", "+rm16, i16", "66 83 /0 ib|66 05 acc iw|66 81 /0 iw", "oszapc"),
  ADD32_RM("add", "+r32, rm32", "03 /r", "oszapc"),
  ADD32_MR("add", "+rm32, r32", "01 /r", "oszapc"),
  ADD32_MI("add", "+rm32, i32", "83 /0 ib|05 acc id|81 /0 id", "oszapc"),
  ADD64_RM("add", "+r64, rm64", "W 03 /r", "oszapc"),
  ADD64_MR("add", "+rm64, r64", "W 01 /r", "oszapc"),
  ADD64_MI("add", "+rm64, i32", "W 83 /0 ib|W 05 acc id|W 81 /0 id", "oszapc"),
  OR8_RM("or", "+r8, rm8", "0A /r", "oszapc"),
  OR8_MR("or", "+rm8, r8", "08 /r", "oszapc"),
  OR8_MI("or", "+rm8, i8", "0C acc ib|80 /1 ib", "oszapc"),
  OR16_RM("or", "+r16, rm16", "66 0B /r", "oszapc"),
  OR16_MR("or", "+rm16, r16", "66 09 /r", "oszapc"),
  OR16_MI("or", "+rm16, i16", "66 83 /1 ib|66 0D acc iw|66 81 /1 iw", "oszapc"),
  OR32_RM("or", "+r32, rm32", "0B /r", "oszapc"),
  OR32_MR("or", "+rm32, r32", "09 /r", "oszapc"),
  OR32_MI("or", "+rm32, i32", "83 /1 ib|0D acc id|81 /1 id", "oszapc"),
  OR64_RM("or", "+r64, rm64", "W 0B /r", "oszapc"),
  OR64_MR("or", "+rm64, r64", "W 09 /r", "oszapc"),
  OR64_MI("or", "+rm64, i32", "W 83 /1 ib|W 0D acc id|W 81 /1 id", "oszapc"),
  ADC8_RM("adc", "+r8, rm8", "12 /r", "oszapc<c"),
  ADC8_MR("adc", "+rm8, r8", "10 /r", "oszapc<c"),
  ADC8_MI("adc", "+rm8, i8", "14 acc ib|80 /2 ib", "oszapc<c"),
  ADC16_RM("adc", "+r16, rm16", "66 13 /r", "oszapc<c"),
  ADC16_MR("adc", "+rm16, r16", "66 11 /r", "oszapc<c"),
  ADC16_MI("adc", "+rm16, i16", "66 83 /2 ib|66 15 acc iw|66 81 /2 iw", "oszapc<c"),
  ADC32_RM("adc", "+r32, rm32", "13 /r", "oszapc<c"),
  ADC32_MR("adc", "+rm32, r32", "11 /r", "oszapc<c"),
  ADC32_MI("adc", "+rm32, i32", "83 /2 ib|15 acc id|81 /2 id", "oszapc<c"),
  ADC64_RM("adc", "+r64, rm64", "W 13 /r", "oszapc<c"),
  ADC64_MR("adc", "+rm64, r64", "W 11 /r", "oszapc<c"),
  ADC64_MI("adc", "+rm64, i32", "W 83 /2 ib|W 15 acc id|W 81 /2 id", "oszapc<c"),
  SBB8_RM("sbb", "+r8, rm8", "1A /r", "oszapc<c"),
  SBB8_MR("sbb", "+rm8, r8", "18 /r", "oszapc<c"),
  SBB8_MI("sbb", "+rm8, i8", "1C acc ib|80 /3 ib", "oszapc<c"),
  SBB16_RM("sbb", "+r16, rm16", "66 1B /r", "oszapc<c"),
  SBB16_MR("sbb", "+rm16, r16", "66 19 /r", "oszapc<c"),
  SBB16_MI("sbb", "+rm16, i16", "66 83 /3 ib|66 1D acc iw|66 81 /3 iw", "oszapc<c"),
  SBB32_RM("sbb", "+r32, rm32", "1B /r", "oszapc<c"),
  SBB32_MR("sbb", "+rm32, r32", "19 /r", "oszapc<c"),
  SBB32_MI("sbb", "+rm32, i32", "83 /3 ib|1D acc id|81 /3 id", "oszapc<c"),
  SBB64_RM("sbb", "+r64, rm64", "W 1B /r", "oszapc<c"),
  SBB64_MR("sbb", "+rm64, r64", "W 19 /r", "oszapc<c"),
  SBB64_MI("sbb", "+rm64, i32", "W 83 /3 ib|W 1D acc id|W 81 /3 id", "oszapc<c"),
  AND8_RM("and", "+r8, rm8", "22 /r", "oszapc"),
  AND8_MR("and", "+rm8, r8", "20 /r", "oszapc"),
  AND8_MI("and", "+rm8, i8", "24 acc ib|80 /4 ib", "oszapc"),
  AND16_RM("and", "+r16, rm16", "66 23 /r", "oszapc"),
  AND16_MR("and", "+rm16, r16", "66 21 /r", "oszapc"),
  AND16_MI("and", "+rm16, i16", "66 83 /4 ib|66 25 acc iw|66 81 /4 iw", "oszapc"),
  AND32_RM("and", "+r32, rm32", "23 /r", "oszapc"),
  AND32_MR("and", "+rm32, r32", "21 /r", "oszapc"),
  AND32_MI("and", "+rm32, i32", "83 /4 ib|25 acc id|81 /4 id", "oszapc"),
  AND64_RM("and", "+r64, rm64", "W 23 /r", "oszapc"),
  AND64_MR("and", "+rm64, r64", "W 21 /r", "oszapc"),
  AND64_MI("and", "+rm64, i32", "W 83 /4 ib|W 25 acc id|W 81 /4 id", "oszapc"),
  SUB8_RM("sub", "+r8, rm8", "2A /r", "oszapc"),
  SUB8_MR("sub", "+rm8, r8", "28 /r", "oszapc"),
  SUB8_MI("sub", "+rm8, i8", "2C acc ib|80 /5 ib", "oszapc"),
  SUB16_RM("sub", "+r16, rm16", "66 2B /r", "oszapc"),
  SUB16_MR("sub", "+rm16, r16", "66 29 /r", "oszapc"),
  SUB16_MI("sub", "+rm16, i16", "66 83 /5 ib|66 2D acc iw|66 81 /5 iw", "oszapc"),
  SUB32_RM("sub", "+r32, rm32", "2B /r", "oszapc"),
  SUB32_MR("sub", "+rm32, r32", "29 /r", "oszapc"),
  SUB32_MI("sub", "+rm32, i32", "83 /5 ib|2D acc id|81 /5 id", "oszapc"),
  SUB64_RM("sub", "+r64, rm64", "W 2B /r", "oszapc"),
  SUB64_MR("sub", "+rm64, r64", "W 29 /r", "oszapc"),
  SUB64_MI("sub", "+rm64, i32", "W 83 /5 ib|W 2D acc id|W 81 /5 id", "oszapc"),
  XOR8_RM("xor", "+r8, rm8", "32 /r", "oszapc"),
  XOR8_MR("xor", "+rm8, r8", "30 /r", "oszapc"),
  XOR8_MI("xor", "+rm8, i8", "34 acc ib|80 /6 ib", "oszapc"),
  XOR16_RM("xor", "+r16, rm16", "66 33 /r", "oszapc"),
  XOR16_MR("xor", "+rm16, r16", "66 31 /r", "oszapc"),
  XOR16_MI("xor", "+rm16, i16", "66 83 /6 ib|66 35 acc iw|66 81 /6 iw", "oszapc"),
  XOR32_RM("xor", "+r32, rm32", "33 /r", "oszapc"),
  XOR32_MR("xor", "+rm32, r32", "31 /r", "oszapc"),
  XOR32_MI("xor", "+rm32, i32", "83 /6 ib|35 acc id|81 /6 id", "oszapc"),
  XOR64_RM("xor", "+r64, rm64", "W 33 /r", "oszapc"),
  XOR64_MR("xor", "+rm64, r64", "W 31 /r", "oszapc"),
  XOR64_MI("xor", "+rm64, i32", "W 83 /6 ib|W 35 acc id|W 81 /6 id", "oszapc"),
  CMP8_RM("cmp", "r8, rm8", "3A /r", "oszapc"),
  CMP8_MR("cmp", "rm8, r8", "38 /r", "oszapc"),
  CMP8_MI("cmp", "rm8, i8", "3C acc ib|80 /7 ib", "oszapc"),
  CMP16_RM("cmp", "r16, rm16", "66 3B /r", "oszapc"),
  CMP16_MR("cmp", "rm16, r16", "66 39 /r", "oszapc"),
  CMP16_MI("cmp", "rm16, i16", "66 83 /7 ib|66 3D acc iw|66 81 /7 iw", "oszapc"),
  CMP32_RM("cmp", "r32, rm32", "3B /r", "oszapc"),
  CMP32_MR("cmp", "rm32, r32", "39 /r", "oszapc"),
  CMP32_MI("cmp", "rm32, i32", "83 /7 ib|3D acc id|81 /7 id", "oszapc"),
  CMP64_RM("cmp", "r64, rm64", "W 3B /r", "oszapc"),
  CMP64_MR("cmp", "rm64, r64", "W 39 /r", "oszapc"),
  CMP64_MI("cmp", "rm64, i32", "W 83 /7 ib|W 3D acc id|W 81 /7 id", "oszapc"),
  TEST8_MR("test", "rm8, r8", "84 /r", "oszapc"),
  TEST8_MI("test", "rm8, i8", "A8 acc ib|F6 /0 ib", "oszapc"),
  TEST16_MR("test", "rm16, r16", "66 85 /r", "oszapc"),
  TEST16_MI("test", "rm16, i16", "66 A9 acc iw|66 F7 /0 iw", "oszapc"),
  TEST32_MR("test", "rm32, r32", "85 /r", "oszapc"),
  TEST32_MI("test", "rm32, i32", "A9 acc id|F7 /0 id", "oszapc"),
  TEST64_MR("test", "rm64, r64", "W 85 /r", "oszapc"),
  TEST64_MI("test", "rm64, i32", "W A9 acc id|W F7 /0 id", "oszapc"),
  NOT8("not", "+rm8", "F6 /2"),
  NOT16("not", "+rm16", "66 F7 /2"),
  NOT32("not", "+rm32", "F7 /2"),
  NOT64("not", "+rm64", "W F7 /2"),
  NEG8("neg", "+rm8", "F6 /3", "oszapc"),
  NEG16("neg", "+rm16", "66 F7 /3", "oszapc"),
  NEG32("neg", "+rm32", "F7 /3", "oszapc"),
  NEG64("neg", "+rm64", "W F7 /3", "oszapc"),
  INC8("inc", "+rm8", "FE /0", "oszap"),
  INC16("inc", "+rm16", "66 FF /0", "oszap"),
  INC32("inc", "+rm32", "FF /0", "oszap"),
  INC64("inc", "+rm64", "W FF /0", "oszap"),
  DEC8("dec", "+rm8", "FE /1", "oszap"),
  DEC16("dec", "+rm16", "66 FF /1", "oszap"),
  DEC32("dec", "+rm32", "FF /1", "oszap"),
  DEC64("dec", "+rm64", "W FF /1", "oszap"),
  IMUL16_RM("imul", "+r16, rm16", "66 0F AF /r", "oszapc"),
  IMUL16_RMI("imul", "=r16, rm16, i16", "66 6B /r ib|66 69 /r iw", "oszapc"),
  IMUL32_RM("imul", "+r32, rm32", "0F AF /r", "oszapc"),
  IMUL32_RMI("imul", "=r32, rm32, i32", "6B /r ib|69 /r id", "oszapc"),
  IMUL64_RM("imul", "+r64, rm64", "W 0F AF /r", "oszapc"),
  IMUL64_RMI("imul", "=r64, rm64, i32", "W 6B /r ib|W 69 /r id", "oszapc"),
  MUL32("mul", "rm32", "F7 /4", "oszapc", "+eax, =edx"),
  IMUL32_M("imul", "rm32", "F7 /5", "oszapc", "+eax, =edx"),
  DIV32("div", "rm32", "F7 /6", "oszapc", "+eax, +edx"),
  IDIV32("idiv", "rm32", "F7 /7", "oszapc", "+eax, +edx"),
  MUL64("mul", "rm64", "W F7 /4", "oszapc", "+rax, =rdx"),
  IMUL64_M("imul", "rm64", "W F7 /5", "oszapc", "+rax, =rdx"),
  DIV64("div", "rm64", "W F7 /6", "oszapc", "+rax, +rdx"),
  IDIV64("idiv", "rm64", "W F7 /7", "oszapc", "+rax, +rdx"),
  CDQ("cdq", "", "99", "", "eax, =edx"),
  CQO("cqo", "", "W 99", "", "rax, =rdx"),
  CDQE("cdqe", "", "W 98", "", "+rax"),
  ADCX32("adcx", "+r32, rm32", "66 0F38 F6 /r", "c<c", ADX),
  ADOX32("adox", "+r32, rm32", "F3 0F38 F6 /r", "o<o", ADX),
  ADCX64("adcx", "+r64, rm64", "66 W 0F38 F6 /r", "c<c", ADX),
  ADOX64("adox", "+r64, rm64", "F3 W 0F38 F6 /r", "o<o", ADX),

  // --- Moves, extensions, addresses
  MOV8_RM("mov", "=r8, rm8", "8A /r"),
  MOV8_MR("mov", "=rm8, r8", "88 /r"),
  MOV8_MI("mov", "=rm8, i8", "C6 /0 ib"),
  MOV16_RM("mov", "=r16, rm16", "66 8B /r"),
  MOV16_MR("mov", "=rm16, r16", "66 89 /r"),
  MOV16_MI("mov", "=rm16, i16", "66 C7 /0 iw"),
  MOV32_RM("mov", "=r32, rm32", "8B /r"),
  MOV32_MR("mov", "=rm32, r32", "89 /r"),
  MOV32_MI("mov", "=rm32, i32", "C7 /0 id"),
  MOV64_RM("mov", "=r64, rm64", "W 8B /r"),
  MOV64_MR("mov", "=rm64, r64", "W 89 /r"),
  MOV64_MI("mov", "=rm64, i32", "W C7 /0 id"),
  MOV32_RI("mov", "=or32, i32", "B8 +r id"),
  MOV64_RI("movabs", "=or64, i64", "W B8 +r io"),
  MOVZX16_8("movzx", "=r16, rm8", "66 0F B6 /r"),
  MOVZX32_8("movzx", "=r32, rm8", "0F B6 /r"),
  MOVZX32_16("movzx", "=r32, rm16", "0F B7 /r"),
  MOVZX64_8("movzx", "=r64, rm8", "W 0F B6 /r"),
  MOVZX64_16("movzx", "=r64, rm16", "W 0F B7 /r"),
  MOVSX16_8("movsx", "=r16, rm8", "66 0F BE /r"),
  MOVSX32_8("movsx", "=r32, rm8", "0F BE /r"),
  MOVSX32_16("movsx", "=r32, rm16", "0F BF /r"),
  MOVSX64_8("movsx", "=r64, rm8", "W 0F BE /r"),
  MOVSX64_16("movsx", "=r64, rm16", "W 0F BF /r"),
  MOVSXD64_32("movsxd", "=r64, rm32", "W 63 /r"),
  LEA32("lea", "=r32, m", "8D /r"),
  LEA64("lea", "=r64, m", "W 8D /r"),
  BSWAP32("bswap", "+or32", "0F C8 +r"),
  BSWAP64("bswap", "+or64", "W 0F C8 +r"),
  MOVBE16_RM("movbe", "=r16, m16", "66 0F38 F0 /r", MOVBE),
  MOVBE16_MR("movbe", "=m16, r16", "66 0F38 F1 /r", MOVBE),
  MOVBE32_RM("movbe", "=r32, m32", "0F38 F0 /r", MOVBE),
  MOVBE32_MR("movbe", "=m32, r32", "0F38 F1 /r", MOVBE),
  MOVBE64_RM("movbe", "=r64, m64", "W 0F38 F0 /r", MOVBE),
  MOVBE64_MR("movbe", "=m64, r64", "W 0F38 F1 /r", MOVBE),
  MOVNTI32("movnti", "=m32, r32", "0F C3 /r"),
  MOVNTI64("movnti", "=m64, r64", "W 0F C3 /r"),

  // --- Shifts and rotates: by cl, by immediate, by register without flags (BMI2)
  ROL8_CL("rol", "+rm8, cl", "D2 /0", "oc"),
  ROL8_I("rol", "+rm8, u8", "D0 /0 1|C0 /0 ib", "oc"),
  ROL16_CL("rol", "+rm16, cl", "66 D3 /0", "oc"),
  ROL16_I("rol", "+rm16, u8", "66 D1 /0 1|66 C1 /0 ib", "oc"),
  ROL32_CL("rol", "+rm32, cl", "D3 /0", "oc"),
  ROL32_I("rol", "+rm32, u8", "D1 /0 1|C1 /0 ib", "oc"),
  ROL64_CL("rol", "+rm64, cl", "W D3 /0", "oc"),
  ROL64_I("rol", "+rm64, u8", "W D1 /0 1|W C1 /0 ib", "oc"),
  ROR8_CL("ror", "+rm8, cl", "D2 /1", "oc"),
  ROR8_I("ror", "+rm8, u8", "D0 /1 1|C0 /1 ib", "oc"),
  ROR16_CL("ror", "+rm16, cl", "66 D3 /1", "oc"),
  ROR16_I("ror", "+rm16, u8", "66 D1 /1 1|66 C1 /1 ib", "oc"),
  ROR32_CL("ror", "+rm32, cl", "D3 /1", "oc"),
  ROR32_I("ror", "+rm32, u8", "D1 /1 1|C1 /1 ib", "oc"),
  ROR64_CL("ror", "+rm64, cl", "W D3 /1", "oc"),
  ROR64_I("ror", "+rm64, u8", "W D1 /1 1|W C1 /1 ib", "oc"),
  RCL8_CL("rcl", "+rm8, cl", "D2 /2", "oc<c"),
  RCL8_I("rcl", "+rm8, u8", "D0 /2 1|C0 /2 ib", "oc<c"),
  RCL16_CL("rcl", "+rm16, cl", "66 D3 /2", "oc<c"),
  RCL16_I("rcl", "+rm16, u8", "66 D1 /2 1|66 C1 /2 ib", "oc<c"),
  RCL32_CL("rcl", "+rm32, cl", "D3 /2", "oc<c"),
  RCL32_I("rcl", "+rm32, u8", "D1 /2 1|C1 /2 ib", "oc<c"),
  RCL64_CL("rcl", "+rm64, cl", "W D3 /2", "oc<c"),
  RCL64_I("rcl", "+rm64, u8", "W D1 /2 1|W C1 /2 ib", "oc<c"),
  RCR8_CL("rcr", "+rm8, cl", "D2 /3", "oc<c"),
  RCR8_I("rcr", "+rm8, u8", "D0 /3 1|C0 /3 ib", "oc<c"),
  RCR16_CL("rcr", "+rm16, cl", "66 D3 /3", "oc<c"),
  RCR16_I("rcr", "+rm16, u8", "66 D1 /3 1|66 C1 /3 ib", "oc<c"),
  RCR32_CL("rcr", "+rm32, cl", "D3 /3", "oc<c"),
  RCR32_I("rcr", "+rm32, u8", "D1 /3 1|C1 /3 ib", "oc<c"),
  RCR64_CL("rcr", "+rm64, cl", "W D3 /3", "oc<c"),
  RCR64_I("rcr", "+rm64, u8", "W D1 /3 1|W C1 /3 ib", "oc<c"),
  SHL8_CL("shl", "+rm8, cl", "D2 /4", "oszapc"),
  SHL8_I("shl", "+rm8, u8", "D0 /4 1|C0 /4 ib", "oszapc"),
  SHL16_CL("shl", "+rm16, cl", "66 D3 /4", "oszapc"),
  SHL16_I("shl", "+rm16, u8", "66 D1 /4 1|66 C1 /4 ib", "oszapc"),
  SHL32_CL("shl", "+rm32, cl", "D3 /4", "oszapc"),
  SHL32_I("shl", "+rm32, u8", "D1 /4 1|C1 /4 ib", "oszapc"),
  SHL64_CL("shl", "+rm64, cl", "W D3 /4", "oszapc"),
  SHL64_I("shl", "+rm64, u8", "W D1 /4 1|W C1 /4 ib", "oszapc"),
  SHR8_CL("shr", "+rm8, cl", "D2 /5", "oszapc"),
  SHR8_I("shr", "+rm8, u8", "D0 /5 1|C0 /5 ib", "oszapc"),
  SHR16_CL("shr", "+rm16, cl", "66 D3 /5", "oszapc"),
  SHR16_I("shr", "+rm16, u8", "66 D1 /5 1|66 C1 /5 ib", "oszapc"),
  SHR32_CL("shr", "+rm32, cl", "D3 /5", "oszapc"),
  SHR32_I("shr", "+rm32, u8", "D1 /5 1|C1 /5 ib", "oszapc"),
  SHR64_CL("shr", "+rm64, cl", "W D3 /5", "oszapc"),
  SHR64_I("shr", "+rm64, u8", "W D1 /5 1|W C1 /5 ib", "oszapc"),
  SAR8_CL("sar", "+rm8, cl", "D2 /7", "oszapc"),
  SAR8_I("sar", "+rm8, u8", "D0 /7 1|C0 /7 ib", "oszapc"),
  SAR16_CL("sar", "+rm16, cl", "66 D3 /7", "oszapc"),
  SAR16_I("sar", "+rm16, u8", "66 D1 /7 1|66 C1 /7 ib", "oszapc"),
  SAR32_CL("sar", "+rm32, cl", "D3 /7", "oszapc"),
  SAR32_I("sar", "+rm32, u8", "D1 /7 1|C1 /7 ib", "oszapc"),
  SAR64_CL("sar", "+rm64, cl", "W D3 /7", "oszapc"),
  SAR64_I("sar", "+rm64, u8", "W D1 /7 1|W C1 /7 ib", "oszapc"),
  SHLD32_I("shld", "+rm32, r32, u8", "0F A4 /r ib", "oszapc"),
  SHLD32_CL("shld", "+rm32, r32, cl", "0F A5 /r", "oszapc"),
  SHLD64_I("shld", "+rm64, r64, u8", "W 0F A4 /r ib", "oszapc"),
  SHLD64_CL("shld", "+rm64, r64, cl", "W 0F A5 /r", "oszapc"),
  SHRD32_I("shrd", "+rm32, r32, u8", "0F AC /r ib", "oszapc"),
  SHRD32_CL("shrd", "+rm32, r32, cl", "0F AD /r", "oszapc"),
  SHRD64_I("shrd", "+rm64, r64, u8", "W 0F AC /r ib", "oszapc"),
  SHRD64_CL("shrd", "+rm64, r64, cl", "W 0F AD /r", "oszapc"),
  SHLX32("shlx", "=r32, rm32, vr32", "VEX.LZ.66.0F38.W0 F7 /r", BMI2),
  SHRX32("shrx", "=r32, rm32, vr32", "VEX.LZ.F2.0F38.W0 F7 /r", BMI2),
  SARX32("sarx", "=r32, rm32, vr32", "VEX.LZ.F3.0F38.W0 F7 /r", BMI2),
  RORX32("rorx", "=r32, rm32, u8", "VEX.LZ.F2.0F3A.W0 F0 /r ib", BMI2),
  MULX32("mulx", "=r32, =vr32, rm32", "VEX.LZ.F2.0F38.W0 F6 /r", "", "edx", BMI2),
  PDEP32("pdep", "=r32, vr32, rm32", "VEX.LZ.F2.0F38.W0 F5 /r", BMI2),
  PEXT32("pext", "=r32, vr32, rm32", "VEX.LZ.F3.0F38.W0 F5 /r", BMI2),
  BZHI32("bzhi", "=r32, rm32, vr32", "VEX.LZ.NP.0F38.W0 F5 /r", "oszapc", BMI2),
  ANDN32("andn", "=r32, vr32, rm32", "VEX.LZ.NP.0F38.W0 F2 /r", "oszapc", BMI1),
  BEXTR32("bextr", "=r32, rm32, vr32", "VEX.LZ.NP.0F38.W0 F7 /r", "oszapc", BMI1),
  BLSR32("blsr", "=vr32, rm32", "VEX.LZ.NP.0F38.W0 F3 /1", "oszapc", BMI1),
  BLSMSK32("blsmsk", "=vr32, rm32", "VEX.LZ.NP.0F38.W0 F3 /2", "oszapc", BMI1),
  BLSI32("blsi", "=vr32, rm32", "VEX.LZ.NP.0F38.W0 F3 /3", "oszapc", BMI1),
  SHLX64("shlx", "=r64, rm64, vr64", "VEX.LZ.66.0F38.W1 F7 /r", BMI2),
  SHRX64("shrx", "=r64, rm64, vr64", "VEX.LZ.F2.0F38.W1 F7 /r", BMI2),
  SARX64("sarx", "=r64, rm64, vr64", "VEX.LZ.F3.0F38.W1 F7 /r", BMI2),
  RORX64("rorx", "=r64, rm64, u8", "VEX.LZ.F2.0F3A.W1 F0 /r ib", BMI2),
  MULX64("mulx", "=r64, =vr64, rm64", "VEX.LZ.F2.0F38.W1 F6 /r", "", "rdx", BMI2),
  PDEP64("pdep", "=r64, vr64, rm64", "VEX.LZ.F2.0F38.W1 F5 /r", BMI2),
  PEXT64("pext", "=r64, vr64, rm64", "VEX.LZ.F3.0F38.W1 F5 /r", BMI2),
  BZHI64("bzhi", "=r64, rm64, vr64", "VEX.LZ.NP.0F38.W1 F5 /r", "oszapc", BMI2),
  ANDN64("andn", "=r64, vr64, rm64", "VEX.LZ.NP.0F38.W1 F2 /r", "oszapc", BMI1),
  BEXTR64("bextr", "=r64, rm64, vr64", "VEX.LZ.NP.0F38.W1 F7 /r", "oszapc", BMI1),
  BLSR64("blsr", "=vr64, rm64", "VEX.LZ.NP.0F38.W1 F3 /1", "oszapc", BMI1),
  BLSMSK64("blsmsk", "=vr64, rm64", "VEX.LZ.NP.0F38.W1 F3 /2", "oszapc", BMI1),
  BLSI64("blsi", "=vr64, rm64", "VEX.LZ.NP.0F38.W1 F3 /3", "oszapc", BMI1),

  // --- Bits
  BT32_RR("bt", "ur32, r32", "0F A3 /r", "oszapc"),
  BT32_MI("bt", "rm32, u8", "0F BA /4 ib", "oszapc"),
  BT64_RR("bt", "ur64, r64", "W 0F A3 /r", "oszapc"),
  BT64_MI("bt", "rm64, u8", "W 0F BA /4 ib", "oszapc"),
  BTS32_RR("bts", "+ur32, r32", "0F AB /r", "oszapc"),
  BTS32_MI("bts", "+rm32, u8", "0F BA /5 ib", "oszapc"),
  BTS64_RR("bts", "+ur64, r64", "W 0F AB /r", "oszapc"),
  BTS64_MI("bts", "+rm64, u8", "W 0F BA /5 ib", "oszapc"),
  BTR32_RR("btr", "+ur32, r32", "0F B3 /r", "oszapc"),
  BTR32_MI("btr", "+rm32, u8", "0F BA /6 ib", "oszapc"),
  BTR64_RR("btr", "+ur64, r64", "W 0F B3 /r", "oszapc"),
  BTR64_MI("btr", "+rm64, u8", "W 0F BA /6 ib", "oszapc"),
  BTC32_RR("btc", "+ur32, r32", "0F BB /r", "oszapc"),
  BTC32_MI("btc", "+rm32, u8", "0F BA /7 ib", "oszapc"),
  BTC64_RR("btc", "+ur64, r64", "W 0F BB /r", "oszapc"),
  BTC64_MI("btc", "+rm64, u8", "W 0F BA /7 ib", "oszapc"),
  BSF32("bsf", "+r32, rm32", "0F BC /r", "oszapc"),
  BSF64("bsf", "+r64, rm64", "W 0F BC /r", "oszapc"),
  BSR32("bsr", "+r32, rm32", "0F BD /r", "oszapc"),
  BSR64("bsr", "+r64, rm64", "W 0F BD /r", "oszapc"),
  TZCNT32("tzcnt", "=r32, rm32", "F3 0F BC /r", "oszapc", BMI1),
  TZCNT64("tzcnt", "=r64, rm64", "F3 W 0F BC /r", "oszapc", BMI1),
  LZCNT32("lzcnt", "=r32, rm32", "F3 0F BD /r", "oszapc", LZCNT),
  LZCNT64("lzcnt", "=r64, rm64", "F3 W 0F BD /r", "oszapc", LZCNT),
  POPCNT32("popcnt", "=r32, rm32", "F3 0F B8 /r", "oszapc", POPCNT),
  POPCNT64("popcnt", "=r64, rm64", "F3 W 0F B8 /r", "oszapc", POPCNT),

  // --- Conditions: the condition is an argument of the assembler call
  SETCC("set", "=rm8", "0F 90 +cc /0", "<oszpc"),
  CMOV16("cmov", "+r16, rm16", "66 0F 40 +cc /r", "<oszpc"),
  CMOV32("cmov", "+r32, rm32", "0F 40 +cc /r", "<oszpc"),
  CMOV64("cmov", "+r64, rm64", "W 0F 40 +cc /r", "<oszpc"),
  JCC("j", "rel", "70 +cc cb|0F 80 +cc cd", "<oszpc"),

  // --- Control flow and stack
  JMP("jmp", "rel", "EB cb|E9 cd"),
  JMP_M("jmp", "rm64", "FF /4"),
  CALL("call", "rel", "E8 cd", "", "+rsp"),
  CALL_M("call", "rm64", "FF /2", "", "+rsp"),
  RET("ret", "", "C3", "", "+rsp"),
  RET_I("ret", "u16", "C2 iw", "", "+rsp"),
  PUSH_R("push", "or64", "50 +r", "", "+rsp"),
  PUSH_M("push", "rm64", "FF /6", "", "+rsp"),
  PUSH_I("push", "i32", "6A ib|68 id", "", "+rsp"),
  POP_R("pop", "=or64", "58 +r", "", "+rsp"),
  POP_M("pop", "=rm64", "8F /0", "", "+rsp"),
  PUSHFQ("pushf", "", "9C", "<oszapcd", "+rsp"),
  POPFQ("popf", "", "9D", "oszapcd", "+rsp"),
  LEAVE("leave", "", "C9", "", "+rsp"),
  UD2("ud2", "", "0F 0B"),
  INT3("int3", "", "CC"),
  HLT("hlt", "", "F4"),
  NOP("nop", "", "90"),
  NOP_M16("nop", "m16", "66 0F 1F /0"),
  NOP_M32("nop", "m32", "0F 1F /0"),
  ENDBR64("endbr64", "", "F3 0F 1E FA"),
  SYSCALL("syscall", "", "0F 05", "", "+rax, =rcx, =r11"),

  // --- String operations and flags
  CLD("cld", "", "FC", "d"),
  STD("std", "", "FD", "d"),
  CLC("clc", "", "F8", "c"),
  STC("stc", "", "F9", "c"),
  REP_MOVSB("rep movs BYTE PTR es:[rdi],BYTE PTR ds:[rsi]", "", "F3 A4", "<d", "+rcx, +rsi, +rdi"),
  REP_MOVSQ(
      "rep movs QWORD PTR es:[rdi],QWORD PTR ds:[rsi]", "", "F3 W A5", "<d", "+rcx, +rsi, +rdi"),
  REP_STOSB("rep stos BYTE PTR es:[rdi],al", "", "F3 AA", "<d", "+rcx, al, +rdi"),
  REP_STOSQ("rep stos QWORD PTR es:[rdi],rax", "", "F3 W AB", "<d", "+rcx, rax, +rdi"),
  LAHF("lahf", "", "9F", "<szapc", "+rax"),
  SAHF("sahf", "", "9E", "szapc", "rax"),

  // --- Atomics and fences
  XCHG8("xchg", "+rm8, +r8", "86 /r"),
  XCHG16("xchg", "+rm16, +r16", "66 87 /r"),
  XCHG32("xchg", "+rm32, +r32", "87 /r"),
  XCHG64("xchg", "+rm64, +r64", "W 87 /r"),
  LOCK_CMPXCHG8("lock cmpxchg", "+m8, r8", "F0 0F B0 /r", "oszapc", "+al"),
  LOCK_XADD8("lock xadd", "+m8, +r8", "F0 0F C0 /r", "oszapc"),
  LOCK_CMPXCHG16("lock cmpxchg", "+m16, r16", "F0 66 0F B1 /r", "oszapc", "+ax"),
  LOCK_XADD16("lock xadd", "+m16, +r16", "F0 66 0F C1 /r", "oszapc"),
  LOCK_CMPXCHG32("lock cmpxchg", "+m32, r32", "F0 0F B1 /r", "oszapc", "+eax"),
  LOCK_XADD32("lock xadd", "+m32, +r32", "F0 0F C1 /r", "oszapc"),
  LOCK_CMPXCHG64("lock cmpxchg", "+m64, r64", "F0 W 0F B1 /r", "oszapc", "+rax"),
  LOCK_XADD64("lock xadd", "+m64, +r64", "F0 W 0F C1 /r", "oszapc"),
  LOCK_ADD8("lock add", "+m8, r8", "F0 00 /r", "oszapc"),
  LOCK_ADD16("lock add", "+m16, r16", "F0 66 01 /r", "oszapc"),
  LOCK_ADD32("lock add", "+m32, r32", "F0 01 /r", "oszapc"),
  LOCK_ADD64("lock add", "+m64, r64", "F0 W 01 /r", "oszapc"),
  LOCK_OR8("lock or", "+m8, r8", "F0 08 /r", "oszapc"),
  LOCK_OR16("lock or", "+m16, r16", "F0 66 09 /r", "oszapc"),
  LOCK_OR32("lock or", "+m32, r32", "F0 09 /r", "oszapc"),
  LOCK_OR64("lock or", "+m64, r64", "F0 W 09 /r", "oszapc"),
  LOCK_AND8("lock and", "+m8, r8", "F0 20 /r", "oszapc"),
  LOCK_AND16("lock and", "+m16, r16", "F0 66 21 /r", "oszapc"),
  LOCK_AND32("lock and", "+m32, r32", "F0 21 /r", "oszapc"),
  LOCK_AND64("lock and", "+m64, r64", "F0 W 21 /r", "oszapc"),
  LOCK_SUB8("lock sub", "+m8, r8", "F0 28 /r", "oszapc"),
  LOCK_SUB16("lock sub", "+m16, r16", "F0 66 29 /r", "oszapc"),
  LOCK_SUB32("lock sub", "+m32, r32", "F0 29 /r", "oszapc"),
  LOCK_SUB64("lock sub", "+m64, r64", "F0 W 29 /r", "oszapc"),
  LOCK_XOR8("lock xor", "+m8, r8", "F0 30 /r", "oszapc"),
  LOCK_XOR16("lock xor", "+m16, r16", "F0 66 31 /r", "oszapc"),
  LOCK_XOR32("lock xor", "+m32, r32", "F0 31 /r", "oszapc"),
  LOCK_XOR64("lock xor", "+m64, r64", "F0 W 31 /r", "oszapc"),
  LOCK_CMPXCHG16B(
      "lock cmpxchg16b OWORD PTR", "+m", "F0 W 0F C7 /1", "z", "+rax, +rdx, rbx, rcx", CX16),
  MFENCE("mfence", "", "0F AE F0"),
  LFENCE("lfence", "", "0F AE E8"),
  SFENCE("sfence", "", "0F AE F8"),
  PAUSE("pause", "", "F3 90"),
  PREFETCHNTA("prefetchnta", "m8", "0F 18 /0"),
  PREFETCHT0("prefetcht0", "m8", "0F 18 /1"),
  PREFETCHT1("prefetcht1", "m8", "0F 18 /2"),
  PREFETCHT2("prefetcht2", "m8", "0F 18 /3"),

  // --- Processor state
  CPUID("cpuid", "", "0F A2", "", "+eax, =ebx, +ecx, =edx"),
  XGETBV("xgetbv", "", "0F 01 D0", "", "=eax, ecx, =edx", XSAVE),
  RDTSC("rdtsc", "", "0F 31", "", "=eax, =edx"),
  LDMXCSR("ldmxcsr", "m32", "0F AE /2"),
  STMXCSR("stmxcsr", "=m32", "0F AE /3"),
  FLDCW("fldcw", "m16", "D9 /5"),
  FNSTCW("fnstcw", "=m16", "D9 /7"),
  FNINIT("fninit", "", "DB E3"),
  FXSAVE64("fxsave64", "=m", "W 0F AE /0"),
  FXRSTOR64("fxrstor64", "m", "W 0F AE /1"),
  XSAVE64("xsave64", "+m", "W 0F AE /4", "", "eax, edx", XSAVE),
  XRSTOR64("xrstor64", "m", "W 0F AE /5", "", "eax, edx", XSAVE),
  XSAVEOPT64("xsaveopt64", "+m", "W 0F AE /6", "", "eax, edx", XSAVEOPT),
  XSAVEC64("xsavec64", "+m", "W 0F C7 /4", "", "eax, edx", XSAVEC),
  VZEROUPPER("vzeroupper", "", "VEX.128.NP.0F.WIG 77", AVX),
  VZEROALL("vzeroall", "", "VEX.256.NP.0F.WIG 77", AVX),

  // --- SSE moves
  MOVSS_RR("movss", "+x, ux", "F3 0F 10 /r"),
  MOVSS_RM("movss", "=x, m32", "F3 0F 10 /r"),
  MOVSS_MR("movss", "=m32, x", "F3 0F 11 /r"),
  MOVSD_RR("movsd", "+x, ux", "F2 0F 10 /r"),
  MOVSD_RM("movsd", "=x, m64", "F2 0F 10 /r"),
  MOVSD_MR("movsd", "=m64, x", "F2 0F 11 /r"),
  MOVAPS_RM("movaps", "=x, xm128", "0F 28 /r"),
  MOVAPS_MR("movaps", "=m128, x", "0F 29 /r"),
  MOVAPD_RM("movapd", "=x, xm128", "66 0F 28 /r"),
  MOVAPD_MR("movapd", "=m128, x", "66 0F 29 /r"),
  MOVUPS_RM("movups", "=x, xm128", "0F 10 /r"),
  MOVUPS_MR("movups", "=m128, x", "0F 11 /r"),
  MOVUPD_RM("movupd", "=x, xm128", "66 0F 10 /r"),
  MOVUPD_MR("movupd", "=m128, x", "66 0F 11 /r"),
  MOVDQA_RM("movdqa", "=x, xm128", "66 0F 6F /r"),
  MOVDQA_MR("movdqa", "=m128, x", "66 0F 7F /r"),
  MOVDQU_RM("movdqu", "=x, xm128", "F3 0F 6F /r"),
  MOVDQU_MR("movdqu", "=m128, x", "F3 0F 7F /r"),
  MOVD_XR("movd", "=x, rm32", "66 0F 6E /r"),
  MOVQ_XR("movq", "=x, rm64", "66 W 0F 6E /r"),
  MOVD_RX("movd", "=rm32, x", "66 0F 7E /r"),
  MOVQ_RX("movq", "=rm64, x", "66 W 0F 7E /r"),
  MOVQ_XX("movq", "=x, xm64", "F3 0F 7E /r"),
  MOVQ_MX("movq", "=m64, x", "66 0F D6 /r"),
  MOVHLPS("movhlps", "+x, ux", "0F 12 /r"),
  MOVLHPS("movlhps", "+x, ux", "0F 16 /r"),
  MOVLPS_RM("movlps", "+x, m64", "0F 12 /r"),
  MOVLPS_MR("movlps", "=m64, x", "0F 13 /r"),
  MOVHPS_RM("movhps", "+x, m64", "0F 16 /r"),
  MOVHPS_MR("movhps", "=m64, x", "0F 17 /r"),
  MOVMSKPS("movmskps", "=r32, ux", "0F 50 /r"),
  MOVMSKPD("movmskpd", "=r32, ux", "66 0F 50 /r"),
  PMOVMSKB("pmovmskb", "=r32, ux", "66 0F D7 /r"),
  MOVDDUP("movddup", "=x, xm64", "F2 0F 12 /r", SSE3),
  MOVNTDQ("movntdq", "=m128, x", "66 0F E7 /r"),

  // --- SSE arithmetic
  ADDSS("addss", "+x, xm32", "F3 0F 58 /r"),
  ADDSD("addsd", "+x, xm64", "F2 0F 58 /r"),
  ADDPS("addps", "+x, xm128", "0F 58 /r"),
  ADDPD("addpd", "+x, xm128", "66 0F 58 /r"),
  MULSS("mulss", "+x, xm32", "F3 0F 59 /r"),
  MULSD("mulsd", "+x, xm64", "F2 0F 59 /r"),
  MULPS("mulps", "+x, xm128", "0F 59 /r"),
  MULPD("mulpd", "+x, xm128", "66 0F 59 /r"),
  SUBSS("subss", "+x, xm32", "F3 0F 5C /r"),
  SUBSD("subsd", "+x, xm64", "F2 0F 5C /r"),
  SUBPS("subps", "+x, xm128", "0F 5C /r"),
  SUBPD("subpd", "+x, xm128", "66 0F 5C /r"),
  MINSS("minss", "+x, xm32", "F3 0F 5D /r"),
  MINSD("minsd", "+x, xm64", "F2 0F 5D /r"),
  MINPS("minps", "+x, xm128", "0F 5D /r"),
  MINPD("minpd", "+x, xm128", "66 0F 5D /r"),
  DIVSS("divss", "+x, xm32", "F3 0F 5E /r"),
  DIVSD("divsd", "+x, xm64", "F2 0F 5E /r"),
  DIVPS("divps", "+x, xm128", "0F 5E /r"),
  DIVPD("divpd", "+x, xm128", "66 0F 5E /r"),
  MAXSS("maxss", "+x, xm32", "F3 0F 5F /r"),
  MAXSD("maxsd", "+x, xm64", "F2 0F 5F /r"),
  MAXPS("maxps", "+x, xm128", "0F 5F /r"),
  MAXPD("maxpd", "+x, xm128", "66 0F 5F /r"),
  SQRTSS("sqrtss", "+x, xm32", "F3 0F 51 /r"),
  SQRTSD("sqrtsd", "+x, xm64", "F2 0F 51 /r"),
  SQRTPS("sqrtps", "=x, xm128", "0F 51 /r"),
  SQRTPD("sqrtpd", "=x, xm128", "66 0F 51 /r"),
  CMPSS("cmpss", "+x, xm32, u8", "F3 0F C2 /r ib"),
  CMPSD("cmpsd", "+x, xm64, u8", "F2 0F C2 /r ib"),
  CMPPS("cmpps", "+x, xm128, u8", "0F C2 /r ib"),
  CMPPD("cmppd", "+x, xm128, u8", "66 0F C2 /r ib"),
  UCOMISS("ucomiss", "x, xm32", "0F 2E /r", "oszapc"),
  UCOMISD("ucomisd", "x, xm64", "66 0F 2E /r", "oszapc"),
  COMISS("comiss", "x, xm32", "0F 2F /r", "oszapc"),
  COMISD("comisd", "x, xm64", "66 0F 2F /r", "oszapc"),
  ANDPS("andps", "+x, xm128", "0F 54 /r"),
  ANDPD("andpd", "+x, xm128", "66 0F 54 /r"),
  ANDNPS("andnps", "+x, xm128", "0F 55 /r"),
  ANDNPD("andnpd", "+x, xm128", "66 0F 55 /r"),
  ORPS("orps", "+x, xm128", "0F 56 /r"),
  ORPD("orpd", "+x, xm128", "66 0F 56 /r"),
  XORPS("xorps", "+x, xm128", "0F 57 /r"),
  XORPD("xorpd", "+x, xm128", "66 0F 57 /r"),
  ROUNDSS("roundss", "+x, xm32, u8", "66 0F3A 0A /r ib", SSE41),
  ROUNDSD("roundsd", "+x, xm64, u8", "66 0F3A 0B /r ib", SSE41),
  ROUNDPS("roundps", "=x, xm128, u8", "66 0F3A 08 /r ib", SSE41),
  ROUNDPD("roundpd", "=x, xm128, u8", "66 0F3A 09 /r ib", SSE41),

  // --- SSE conversions
  CVTSI2SS_32("cvtsi2ss", "+x, rm32", "F3 0F 2A /r"),
  CVTSI2SS_64("cvtsi2ss", "+x, rm64", "F3 W 0F 2A /r"),
  CVTTSS2SI_32("cvttss2si", "=r32, xm32", "F3 0F 2C /r"),
  CVTSS2SI_32("cvtss2si", "=r32, xm32", "F3 0F 2D /r"),
  CVTTSS2SI_64("cvttss2si", "=r64, xm32", "F3 W 0F 2C /r"),
  CVTSS2SI_64("cvtss2si", "=r64, xm32", "F3 W 0F 2D /r"),
  CVTSI2SD_32("cvtsi2sd", "+x, rm32", "F2 0F 2A /r"),
  CVTSI2SD_64("cvtsi2sd", "+x, rm64", "F2 W 0F 2A /r"),
  CVTTSD2SI_32("cvttsd2si", "=r32, xm64", "F2 0F 2C /r"),
  CVTSD2SI_32("cvtsd2si", "=r32, xm64", "F2 0F 2D /r"),
  CVTTSD2SI_64("cvttsd2si", "=r64, xm64", "F2 W 0F 2C /r"),
  CVTSD2SI_64("cvtsd2si", "=r64, xm64", "F2 W 0F 2D /r"),
  CVTSS2SD("cvtss2sd", "+x, xm32", "F3 0F 5A /r"),
  CVTSD2SS("cvtsd2ss", "+x, xm64", "F2 0F 5A /r"),
  CVTPS2PD("cvtps2pd", "=x, xm64", "0F 5A /r"),
  CVTPD2PS("cvtpd2ps", "=x, xm128", "66 0F 5A /r"),
  CVTDQ2PS("cvtdq2ps", "=x, xm128", "0F 5B /r"),
  CVTDQ2PD("cvtdq2pd", "=x, xm64", "F3 0F E6 /r"),
  CVTPS2DQ("cvtps2dq", "=x, xm128", "66 0F 5B /r"),
  CVTTPS2DQ("cvttps2dq", "=x, xm128", "F3 0F 5B /r"),
  CVTTPD2DQ("cvttpd2dq", "=x, xm128", "66 0F E6 /r"),

  // --- SSE shuffles, blends and integer vectors
  UNPCKLPS("unpcklps", "+x, xm128", "0F 14 /r"),
  UNPCKHPS("unpckhps", "+x, xm128", "0F 15 /r"),
  UNPCKLPD("unpcklpd", "+x, xm128", "66 0F 14 /r"),
  UNPCKHPD("unpckhpd", "+x, xm128", "66 0F 15 /r"),
  SHUFPS("shufps", "+x, xm128, u8", "0F C6 /r ib"),
  SHUFPD("shufpd", "+x, xm128, u8", "66 0F C6 /r ib"),
  PSHUFD("pshufd", "=x, xm128, u8", "66 0F 70 /r ib"),
  PUNPCKLBW("punpcklbw", "+x, xm128", "66 0F 60 /r"),
  PUNPCKLWD("punpcklwd", "+x, xm128", "66 0F 61 /r"),
  PUNPCKLDQ("punpckldq", "+x, xm128", "66 0F 62 /r"),
  PUNPCKLQDQ("punpcklqdq", "+x, xm128", "66 0F 6C /r"),
  PUNPCKHBW("punpckhbw", "+x, xm128", "66 0F 68 /r"),
  PUNPCKHWD("punpckhwd", "+x, xm128", "66 0F 69 /r"),
  PUNPCKHDQ("punpckhdq", "+x, xm128", "66 0F 6A /r"),
  PUNPCKHQDQ("punpckhqdq", "+x, xm128", "66 0F 6D /r"),
  PAND("pand", "+x, xm128", "66 0F DB /r"),
  PANDN("pandn", "+x, xm128", "66 0F DF /r"),
  POR("por", "+x, xm128", "66 0F EB /r"),
  PXOR("pxor", "+x, xm128", "66 0F EF /r"),
  PADDB("paddb", "+x, xm128", "66 0F FC /r"),
  PADDW("paddw", "+x, xm128", "66 0F FD /r"),
  PADDD("paddd", "+x, xm128", "66 0F FE /r"),
  PADDQ("paddq", "+x, xm128", "66 0F D4 /r"),
  PSUBB("psubb", "+x, xm128", "66 0F F8 /r"),
  PSUBW("psubw", "+x, xm128", "66 0F F9 /r"),
  PSUBD("psubd", "+x, xm128", "66 0F FA /r"),
  PSUBQ("psubq", "+x, xm128", "66 0F FB /r"),
  PCMPEQB("pcmpeqb", "+x, xm128", "66 0F 74 /r"),
  PCMPEQW("pcmpeqw", "+x, xm128", "66 0F 75 /r"),
  PCMPEQD("pcmpeqd", "+x, xm128", "66 0F 76 /r"),
  PCMPGTB("pcmpgtb", "+x, xm128", "66 0F 64 /r"),
  PCMPGTW("pcmpgtw", "+x, xm128", "66 0F 65 /r"),
  PCMPGTD("pcmpgtd", "+x, xm128", "66 0F 66 /r"),
  PMULLW("pmullw", "+x, xm128", "66 0F D5 /r"),
  PMULUDQ("pmuludq", "+x, xm128", "66 0F F4 /r"),
  PSADBW("psadbw", "+x, xm128", "66 0F F6 /r"),
  PMINUB("pminub", "+x, xm128", "66 0F DA /r"),
  PMAXUB("pmaxub", "+x, xm128", "66 0F DE /r"),
  PSRLW_I("psrlw", "+ux, u8", "66 0F 71 /2 ib"),
  PSRLW_X("psrlw", "+x, xm128", "66 0F D1 /r"),
  PSRAW_I("psraw", "+ux, u8", "66 0F 71 /4 ib"),
  PSRAW_X("psraw", "+x, xm128", "66 0F E1 /r"),
  PSLLW_I("psllw", "+ux, u8", "66 0F 71 /6 ib"),
  PSLLW_X("psllw", "+x, xm128", "66 0F F1 /r"),
  PSRLD_I("psrld", "+ux, u8", "66 0F 72 /2 ib"),
  PSRLD_X("psrld", "+x, xm128", "66 0F D2 /r"),
  PSRAD_I("psrad", "+ux, u8", "66 0F 72 /4 ib"),
  PSRAD_X("psrad", "+x, xm128", "66 0F E2 /r"),
  PSLLD_I("pslld", "+ux, u8", "66 0F 72 /6 ib"),
  PSLLD_X("pslld", "+x, xm128", "66 0F F2 /r"),
  PSRLQ_I("psrlq", "+ux, u8", "66 0F 73 /2 ib"),
  PSRLQ_X("psrlq", "+x, xm128", "66 0F D3 /r"),
  PSLLQ_I("psllq", "+ux, u8", "66 0F 73 /6 ib"),
  PSLLQ_X("psllq", "+x, xm128", "66 0F F3 /r"),
  PSRLDQ_I("psrldq", "+ux, u8", "66 0F 73 /3 ib"),
  PSLLDQ_I("pslldq", "+ux, u8", "66 0F 73 /7 ib"),
  PSHUFB("pshufb", "+x, xm128", "66 0F38 00 /r", SSSE3),
  PALIGNR("palignr", "+x, xm128, u8", "66 0F3A 0F /r ib", SSSE3),
  SHA256RNDS2("sha256rnds2", "+x, xm128, xmm0", "0F38 CB /r", SHA),
  SHA256MSG1("sha256msg1", "+x, xm128", "0F38 CC /r", SHA),
  SHA256MSG2("sha256msg2", "+x, xm128", "0F38 CD /r", SHA),
  BLENDVPS("blendvps", "+x, xm128, xmm0", "66 0F38 14 /r", SSE41),
  BLENDVPD("blendvpd", "+x, xm128, xmm0", "66 0F38 15 /r", SSE41),
  PBLENDVB("pblendvb", "+x, xm128, xmm0", "66 0F38 10 /r", SSE41),
  BLENDPS("blendps", "+x, xm128, u8", "66 0F3A 0C /r ib", SSE41),
  BLENDPD("blendpd", "+x, xm128, u8", "66 0F3A 0D /r ib", SSE41),
  INSERTPS("insertps", "+x, xm32, u8", "66 0F3A 21 /r ib", SSE41),
  INSERTPS_RR("insertps", "+x, ux, u8", "66 0F3A 21 /r ib", SSE41),
  PINSRD("pinsrd", "+x, rm32, u8", "66 0F3A 22 /r ib", SSE41),
  PINSRQ("pinsrq", "+x, rm64, u8", "66 W 0F3A 22 /r ib", SSE41),
  PEXTRD("pextrd", "=rm32, x, u8", "66 0F3A 16 /r ib", SSE41),
  PEXTRQ("pextrq", "=rm64, x, u8", "66 W 0F3A 16 /r ib", SSE41),
  PTEST("ptest", "x, xm128", "66 0F38 17 /r", "oszapc", SSE41),
  PMULLD("pmulld", "+x, xm128", "66 0F38 40 /r", SSE41),
  PCMPEQQ("pcmpeqq", "+x, xm128", "66 0F38 29 /r", SSE41),
  PCMPGTQ("pcmpgtq", "+x, xm128", "66 0F38 37 /r", SSE42),
  PADDSB("paddsb", "+x, xm128", "66 0F EC /r"),
  PADDSW("paddsw", "+x, xm128", "66 0F ED /r"),
  PADDUSB("paddusb", "+x, xm128", "66 0F DC /r"),
  PADDUSW("paddusw", "+x, xm128", "66 0F DD /r"),
  PSUBSB("psubsb", "+x, xm128", "66 0F E8 /r"),
  PSUBSW("psubsw", "+x, xm128", "66 0F E9 /r"),
  PSUBUSB("psubusb", "+x, xm128", "66 0F D8 /r"),
  PSUBUSW("psubusw", "+x, xm128", "66 0F D9 /r"),
  PMINSW("pminsw", "+x, xm128", "66 0F EA /r"),
  PMAXSW("pmaxsw", "+x, xm128", "66 0F EE /r"),
  PAVGB("pavgb", "+x, xm128", "66 0F E0 /r"),
  PAVGW("pavgw", "+x, xm128", "66 0F E3 /r"),
  PMULHW("pmulhw", "+x, xm128", "66 0F E5 /r"),
  PMULHUW("pmulhuw", "+x, xm128", "66 0F E4 /r"),
  PMADDWD("pmaddwd", "+x, xm128", "66 0F F5 /r"),
  PACKSSWB("packsswb", "+x, xm128", "66 0F 63 /r"),
  PACKSSDW("packssdw", "+x, xm128", "66 0F 6B /r"),
  PACKUSWB("packuswb", "+x, xm128", "66 0F 67 /r"),
  PSHUFHW("pshufhw", "=x, xm128, u8", "F3 0F 70 /r ib"),
  PSHUFLW("pshuflw", "=x, xm128, u8", "F2 0F 70 /r ib"),
  MOVSLDUP("movsldup", "=x, xm128", "F3 0F 12 /r", SSE3),
  MOVSHDUP("movshdup", "=x, xm128", "F3 0F 16 /r", SSE3),
  PMADDUBSW("pmaddubsw", "+x, xm128", "66 0F38 04 /r", SSSE3),
  PMULHRSW("pmulhrsw", "+x, xm128", "66 0F38 0B /r", SSSE3),
  PABSB("pabsb", "=x, xm128", "66 0F38 1C /r", SSSE3),
  PABSW("pabsw", "=x, xm128", "66 0F38 1D /r", SSSE3),
  PABSD("pabsd", "=x, xm128", "66 0F38 1E /r", SSSE3),
  PMINSB("pminsb", "+x, xm128", "66 0F38 38 /r", SSE41),
  PMINSD("pminsd", "+x, xm128", "66 0F38 39 /r", SSE41),
  PMINUW("pminuw", "+x, xm128", "66 0F38 3A /r", SSE41),
  PMINUD("pminud", "+x, xm128", "66 0F38 3B /r", SSE41),
  PMAXSB("pmaxsb", "+x, xm128", "66 0F38 3C /r", SSE41),
  PMAXSD("pmaxsd", "+x, xm128", "66 0F38 3D /r", SSE41),
  PMAXUW("pmaxuw", "+x, xm128", "66 0F38 3E /r", SSE41),
  PMAXUD("pmaxud", "+x, xm128", "66 0F38 3F /r", SSE41),
  PMULDQ("pmuldq", "+x, xm128", "66 0F38 28 /r", SSE41),
  PACKUSDW("packusdw", "+x, xm128", "66 0F38 2B /r", SSE41),
  PMOVSXBW("pmovsxbw", "=x, xm64", "66 0F38 20 /r", SSE41),
  PMOVSXWD("pmovsxwd", "=x, xm64", "66 0F38 23 /r", SSE41),
  PMOVSXDQ("pmovsxdq", "=x, xm64", "66 0F38 25 /r", SSE41),
  PMOVZXBW("pmovzxbw", "=x, xm64", "66 0F38 30 /r", SSE41),
  PMOVZXWD("pmovzxwd", "=x, xm64", "66 0F38 33 /r", SSE41),
  PMOVZXDQ("pmovzxdq", "=x, xm64", "66 0F38 35 /r", SSE41),
  PBLENDW("pblendw", "+x, xm128, u8", "66 0F3A 0E /r ib", SSE41),
  PINSRB("pinsrb", "+x, r32m8, u8", "66 0F3A 20 /r ib", SSE41),
  PINSRW("pinsrw", "+x, r32m16, u8", "66 0F C4 /r ib"),
  PEXTRB("pextrb", "=r32m8, x, u8", "66 0F3A 14 /r ib", SSE41),
  PEXTRW("pextrw", "=r32m16, x, u8", "66 0F3A 15 /r ib", SSE41),
  CRC32_32_8("crc32", "+r32, rm8", "F2 0F38 F0 /r", SSE42),
  CRC32_32_32("crc32", "+r32, rm32", "F2 0F38 F1 /r", SSE42),
  CRC32_64_8("crc32", "+r64, rm8", "F2 W 0F38 F0 /r", SSE42),
  CRC32_64_64("crc32", "+r64, rm64", "F2 W 0F38 F1 /r", SSE42),

  // --- AVX moves
  VMOVSS_RR("vmovss", "=x, vx, ux", "VEX.LIG.F3.0F.WIG 10 /r", AVX),
  VMOVSS_RM("vmovss", "=x, m32", "VEX.LIG.F3.0F.WIG 10 /r", AVX),
  VMOVSS_MR("vmovss", "=m32, x", "VEX.LIG.F3.0F.WIG 11 /r", AVX),
  VMOVSD_RR("vmovsd", "=x, vx, ux", "VEX.LIG.F2.0F.WIG 10 /r", AVX),
  VMOVSD_RM("vmovsd", "=x, m64", "VEX.LIG.F2.0F.WIG 10 /r", AVX),
  VMOVSD_MR("vmovsd", "=m64, x", "VEX.LIG.F2.0F.WIG 11 /r", AVX),
  VMOVAPS_RM("vmovaps", "=x, xm128", "VEX.128.NP.0F.WIG 28 /r", AVX),
  VMOVAPS_MR("vmovaps", "=m128, x", "VEX.128.NP.0F.WIG 29 /r", AVX),
  VMOVAPD_RM("vmovapd", "=x, xm128", "VEX.128.66.0F.WIG 28 /r", AVX),
  VMOVAPD_MR("vmovapd", "=m128, x", "VEX.128.66.0F.WIG 29 /r", AVX),
  VMOVUPS_RM("vmovups", "=x, xm128", "VEX.128.NP.0F.WIG 10 /r", AVX),
  VMOVUPS_MR("vmovups", "=m128, x", "VEX.128.NP.0F.WIG 11 /r", AVX),
  VMOVUPD_RM("vmovupd", "=x, xm128", "VEX.128.66.0F.WIG 10 /r", AVX),
  VMOVUPD_MR("vmovupd", "=m128, x", "VEX.128.66.0F.WIG 11 /r", AVX),
  VMOVDQA_RM("vmovdqa", "=x, xm128", "VEX.128.66.0F.WIG 6F /r", AVX),
  VMOVDQA_MR("vmovdqa", "=m128, x", "VEX.128.66.0F.WIG 7F /r", AVX),
  VMOVDQU_RM("vmovdqu", "=x, xm128", "VEX.128.F3.0F.WIG 6F /r", AVX),
  VMOVDQU_MR("vmovdqu", "=m128, x", "VEX.128.F3.0F.WIG 7F /r", AVX),
  VMOVAPS_Y_RM("vmovaps", "=y, ym256", "VEX.256.NP.0F.WIG 28 /r", AVX),
  VMOVAPS_Y_MR("vmovaps", "=m256, y", "VEX.256.NP.0F.WIG 29 /r", AVX),
  VMOVUPS_Y_RM("vmovups", "=y, ym256", "VEX.256.NP.0F.WIG 10 /r", AVX),
  VMOVUPS_Y_MR("vmovups", "=m256, y", "VEX.256.NP.0F.WIG 11 /r", AVX),
  VMOVDQA_Y_RM("vmovdqa", "=y, ym256", "VEX.256.66.0F.WIG 6F /r", AVX),
  VMOVDQA_Y_MR("vmovdqa", "=m256, y", "VEX.256.66.0F.WIG 7F /r", AVX),
  VMOVDQU_Y_RM("vmovdqu", "=y, ym256", "VEX.256.F3.0F.WIG 6F /r", AVX),
  VMOVDQU_Y_MR("vmovdqu", "=m256, y", "VEX.256.F3.0F.WIG 7F /r", AVX),
  VMOVD_XR("vmovd", "=x, rm32", "VEX.128.66.0F.W0 6E /r", AVX),
  VMOVQ_XR("vmovq", "=x, rm64", "VEX.128.66.0F.W1 6E /r", AVX),
  VMOVD_RX("vmovd", "=rm32, x", "VEX.128.66.0F.W0 7E /r", AVX),
  VMOVQ_RX("vmovq", "=rm64, x", "VEX.128.66.0F.W1 7E /r", AVX),
  VMOVQ_XX("vmovq", "=x, xm64", "VEX.128.F3.0F.WIG 7E /r", AVX),
  VMOVQ_MX("vmovq", "=m64, x", "VEX.128.66.0F.WIG D6 /r", AVX),
  VMOVMSKPS("vmovmskps", "=r32, ux", "VEX.128.NP.0F.WIG 50 /r", AVX),
  VMOVMSKPD("vmovmskpd", "=r32, ux", "VEX.128.66.0F.WIG 50 /r", AVX),
  VPMOVMSKB("vpmovmskb", "=r32, ux", "VEX.128.66.0F.WIG D7 /r", AVX),
  VMOVDDUP("vmovddup", "=x, xm64", "VEX.128.F2.0F.WIG 12 /r", AVX),
  VMOVHLPS("vmovhlps", "=x, vx, ux", "VEX.128.NP.0F.WIG 12 /r", AVX),
  VMOVLHPS("vmovlhps", "=x, vx, ux", "VEX.128.NP.0F.WIG 16 /r", AVX),

  // --- AVX arithmetic
  VADDSS("vaddss", "=x, vx, xm32", "VEX.LIG.F3.0F.WIG 58 /r", AVX),
  VADDSD("vaddsd", "=x, vx, xm64", "VEX.LIG.F2.0F.WIG 58 /r", AVX),
  VADDPS("vaddps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 58 /r", AVX),
  VADDPD("vaddpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 58 /r", AVX),
  VMULSS("vmulss", "=x, vx, xm32", "VEX.LIG.F3.0F.WIG 59 /r", AVX),
  VMULSD("vmulsd", "=x, vx, xm64", "VEX.LIG.F2.0F.WIG 59 /r", AVX),
  VMULPS("vmulps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 59 /r", AVX),
  VMULPD("vmulpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 59 /r", AVX),
  VSUBSS("vsubss", "=x, vx, xm32", "VEX.LIG.F3.0F.WIG 5C /r", AVX),
  VSUBSD("vsubsd", "=x, vx, xm64", "VEX.LIG.F2.0F.WIG 5C /r", AVX),
  VSUBPS("vsubps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 5C /r", AVX),
  VSUBPD("vsubpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 5C /r", AVX),
  VMINSS("vminss", "=x, vx, xm32", "VEX.LIG.F3.0F.WIG 5D /r", AVX),
  VMINSD("vminsd", "=x, vx, xm64", "VEX.LIG.F2.0F.WIG 5D /r", AVX),
  VMINPS("vminps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 5D /r", AVX),
  VMINPD("vminpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 5D /r", AVX),
  VDIVSS("vdivss", "=x, vx, xm32", "VEX.LIG.F3.0F.WIG 5E /r", AVX),
  VDIVSD("vdivsd", "=x, vx, xm64", "VEX.LIG.F2.0F.WIG 5E /r", AVX),
  VDIVPS("vdivps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 5E /r", AVX),
  VDIVPD("vdivpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 5E /r", AVX),
  VMAXSS("vmaxss", "=x, vx, xm32", "VEX.LIG.F3.0F.WIG 5F /r", AVX),
  VMAXSD("vmaxsd", "=x, vx, xm64", "VEX.LIG.F2.0F.WIG 5F /r", AVX),
  VMAXPS("vmaxps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 5F /r", AVX),
  VMAXPD("vmaxpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 5F /r", AVX),
  VSQRTSS("vsqrtss", "=x, vx, xm32", "VEX.LIG.F3.0F.WIG 51 /r", AVX),
  VSQRTSD("vsqrtsd", "=x, vx, xm64", "VEX.LIG.F2.0F.WIG 51 /r", AVX),
  VSQRTPS("vsqrtps", "=x, xm128", "VEX.128.NP.0F.WIG 51 /r", AVX),
  VSQRTPD("vsqrtpd", "=x, xm128", "VEX.128.66.0F.WIG 51 /r", AVX),
  VCMPSS("vcmpss", "=x, vx, xm32, u8", "VEX.LIG.F3.0F.WIG C2 /r ib", AVX),
  VCMPSD("vcmpsd", "=x, vx, xm64, u8", "VEX.LIG.F2.0F.WIG C2 /r ib", AVX),
  VCMPPS("vcmpps", "=x, vx, xm128, u8", "VEX.128.NP.0F.WIG C2 /r ib", AVX),
  VCMPPD("vcmppd", "=x, vx, xm128, u8", "VEX.128.66.0F.WIG C2 /r ib", AVX),
  VUCOMISS("vucomiss", "x, xm32", "VEX.LIG.NP.0F.WIG 2E /r", "oszapc", AVX),
  VUCOMISD("vucomisd", "x, xm64", "VEX.LIG.66.0F.WIG 2E /r", "oszapc", AVX),
  VCOMISS("vcomiss", "x, xm32", "VEX.LIG.NP.0F.WIG 2F /r", "oszapc", AVX),
  VCOMISD("vcomisd", "x, xm64", "VEX.LIG.66.0F.WIG 2F /r", "oszapc", AVX),
  VANDPS("vandps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 54 /r", AVX),
  VANDPD("vandpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 54 /r", AVX),
  VANDNPS("vandnps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 55 /r", AVX),
  VANDNPD("vandnpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 55 /r", AVX),
  VORPS("vorps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 56 /r", AVX),
  VORPD("vorpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 56 /r", AVX),
  VXORPS("vxorps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 57 /r", AVX),
  VXORPD("vxorpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 57 /r", AVX),
  VROUNDSS("vroundss", "=x, vx, xm32, u8", "VEX.LIG.66.0F3A.WIG 0A /r ib", AVX),
  VROUNDSD("vroundsd", "=x, vx, xm64, u8", "VEX.LIG.66.0F3A.WIG 0B /r ib", AVX),
  VROUNDPS("vroundps", "=x, xm128, u8", "VEX.128.66.0F3A.WIG 08 /r ib", AVX),
  VROUNDPD("vroundpd", "=x, xm128, u8", "VEX.128.66.0F3A.WIG 09 /r ib", AVX),

  // --- AVX conversions
  VCVTSI2SS_32("vcvtsi2ss", "=x, vx, rm32", "VEX.LIG.F3.0F.W0 2A /r", AVX),
  VCVTTSS2SI_32("vcvttss2si", "=r32, xm32", "VEX.LIG.F3.0F.W0 2C /r", AVX),
  VCVTSS2SI_32("vcvtss2si", "=r32, xm32", "VEX.LIG.F3.0F.W0 2D /r", AVX),
  VCVTSI2SS_64("vcvtsi2ss", "=x, vx, rm64", "VEX.LIG.F3.0F.W1 2A /r", AVX),
  VCVTTSS2SI_64("vcvttss2si", "=r64, xm32", "VEX.LIG.F3.0F.W1 2C /r", AVX),
  VCVTSS2SI_64("vcvtss2si", "=r64, xm32", "VEX.LIG.F3.0F.W1 2D /r", AVX),
  VCVTSI2SD_32("vcvtsi2sd", "=x, vx, rm32", "VEX.LIG.F2.0F.W0 2A /r", AVX),
  VCVTTSD2SI_32("vcvttsd2si", "=r32, xm64", "VEX.LIG.F2.0F.W0 2C /r", AVX),
  VCVTSD2SI_32("vcvtsd2si", "=r32, xm64", "VEX.LIG.F2.0F.W0 2D /r", AVX),
  VCVTSI2SD_64("vcvtsi2sd", "=x, vx, rm64", "VEX.LIG.F2.0F.W1 2A /r", AVX),
  VCVTTSD2SI_64("vcvttsd2si", "=r64, xm64", "VEX.LIG.F2.0F.W1 2C /r", AVX),
  VCVTSD2SI_64("vcvtsd2si", "=r64, xm64", "VEX.LIG.F2.0F.W1 2D /r", AVX),
  VCVTSS2SD("vcvtss2sd", "=x, vx, xm32", "VEX.LIG.F3.0F.WIG 5A /r", AVX),
  VCVTSD2SS("vcvtsd2ss", "=x, vx, xm64", "VEX.LIG.F2.0F.WIG 5A /r", AVX),
  VCVTPS2PD("vcvtps2pd", "=x, xm64", "VEX.128.NP.0F.WIG 5A /r", AVX),
  VCVTPD2PS("vcvtpd2ps", "=x, xm128", "VEX.128.66.0F.WIG 5A /r", AVX),
  VCVTDQ2PS("vcvtdq2ps", "=x, xm128", "VEX.128.NP.0F.WIG 5B /r", AVX),
  VCVTDQ2PD("vcvtdq2pd", "=x, xm64", "VEX.128.F3.0F.WIG E6 /r", AVX),
  VCVTPS2DQ("vcvtps2dq", "=x, xm128", "VEX.128.66.0F.WIG 5B /r", AVX),
  VCVTTPS2DQ("vcvttps2dq", "=x, xm128", "VEX.128.F3.0F.WIG 5B /r", AVX),
  VCVTTPD2DQ("vcvttpd2dq", "=x, xm128", "VEX.128.66.0F.WIG E6 /r", AVX),

  // --- AVX shuffles, blends and integer vectors
  VUNPCKLPS("vunpcklps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 14 /r", AVX),
  VUNPCKHPS("vunpckhps", "=x, vx, xm128", "VEX.128.NP.0F.WIG 15 /r", AVX),
  VUNPCKLPD("vunpcklpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 14 /r", AVX),
  VUNPCKHPD("vunpckhpd", "=x, vx, xm128", "VEX.128.66.0F.WIG 15 /r", AVX),
  VSHUFPS("vshufps", "=x, vx, xm128, u8", "VEX.128.NP.0F.WIG C6 /r ib", AVX),
  VSHUFPD("vshufpd", "=x, vx, xm128, u8", "VEX.128.66.0F.WIG C6 /r ib", AVX),
  VPSHUFD("vpshufd", "=x, xm128, u8", "VEX.128.66.0F.WIG 70 /r ib", AVX),
  VPUNPCKLBW("vpunpcklbw", "=x, vx, xm128", "VEX.128.66.0F.WIG 60 /r", AVX),
  VPUNPCKLWD("vpunpcklwd", "=x, vx, xm128", "VEX.128.66.0F.WIG 61 /r", AVX),
  VPUNPCKLDQ("vpunpckldq", "=x, vx, xm128", "VEX.128.66.0F.WIG 62 /r", AVX),
  VPUNPCKLQDQ("vpunpcklqdq", "=x, vx, xm128", "VEX.128.66.0F.WIG 6C /r", AVX),
  VPUNPCKHBW("vpunpckhbw", "=x, vx, xm128", "VEX.128.66.0F.WIG 68 /r", AVX),
  VPUNPCKHWD("vpunpckhwd", "=x, vx, xm128", "VEX.128.66.0F.WIG 69 /r", AVX),
  VPUNPCKHDQ("vpunpckhdq", "=x, vx, xm128", "VEX.128.66.0F.WIG 6A /r", AVX),
  VPUNPCKHQDQ("vpunpckhqdq", "=x, vx, xm128", "VEX.128.66.0F.WIG 6D /r", AVX),
  VPAND("vpand", "=x, vx, xm128", "VEX.128.66.0F.WIG DB /r", AVX),
  VPANDN("vpandn", "=x, vx, xm128", "VEX.128.66.0F.WIG DF /r", AVX),
  VPOR("vpor", "=x, vx, xm128", "VEX.128.66.0F.WIG EB /r", AVX),
  VPXOR("vpxor", "=x, vx, xm128", "VEX.128.66.0F.WIG EF /r", AVX),
  VPADDB("vpaddb", "=x, vx, xm128", "VEX.128.66.0F.WIG FC /r", AVX),
  VPADDW("vpaddw", "=x, vx, xm128", "VEX.128.66.0F.WIG FD /r", AVX),
  VPADDD("vpaddd", "=x, vx, xm128", "VEX.128.66.0F.WIG FE /r", AVX),
  VPADDQ("vpaddq", "=x, vx, xm128", "VEX.128.66.0F.WIG D4 /r", AVX),
  VPSUBB("vpsubb", "=x, vx, xm128", "VEX.128.66.0F.WIG F8 /r", AVX),
  VPSUBW("vpsubw", "=x, vx, xm128", "VEX.128.66.0F.WIG F9 /r", AVX),
  VPSUBD("vpsubd", "=x, vx, xm128", "VEX.128.66.0F.WIG FA /r", AVX),
  VPSUBQ("vpsubq", "=x, vx, xm128", "VEX.128.66.0F.WIG FB /r", AVX),
  VPCMPEQB("vpcmpeqb", "=x, vx, xm128", "VEX.128.66.0F.WIG 74 /r", AVX),
  VPCMPEQW("vpcmpeqw", "=x, vx, xm128", "VEX.128.66.0F.WIG 75 /r", AVX),
  VPCMPEQD("vpcmpeqd", "=x, vx, xm128", "VEX.128.66.0F.WIG 76 /r", AVX),
  VPCMPGTB("vpcmpgtb", "=x, vx, xm128", "VEX.128.66.0F.WIG 64 /r", AVX),
  VPCMPGTW("vpcmpgtw", "=x, vx, xm128", "VEX.128.66.0F.WIG 65 /r", AVX),
  VPCMPGTD("vpcmpgtd", "=x, vx, xm128", "VEX.128.66.0F.WIG 66 /r", AVX),
  VPMULLW("vpmullw", "=x, vx, xm128", "VEX.128.66.0F.WIG D5 /r", AVX),
  VPMULUDQ("vpmuludq", "=x, vx, xm128", "VEX.128.66.0F.WIG F4 /r", AVX),
  VPSADBW("vpsadbw", "=x, vx, xm128", "VEX.128.66.0F.WIG F6 /r", AVX),
  VPMINUB("vpminub", "=x, vx, xm128", "VEX.128.66.0F.WIG DA /r", AVX),
  VPMAXUB("vpmaxub", "=x, vx, xm128", "VEX.128.66.0F.WIG DE /r", AVX),
  VPSRLW_I("vpsrlw", "=vx, ux, u8", "VEX.128.66.0F.WIG 71 /2 ib", AVX),
  VPSRLW_X("vpsrlw", "=x, vx, xm128", "VEX.128.66.0F.WIG D1 /r", AVX),
  VPSRAW_I("vpsraw", "=vx, ux, u8", "VEX.128.66.0F.WIG 71 /4 ib", AVX),
  VPSRAW_X("vpsraw", "=x, vx, xm128", "VEX.128.66.0F.WIG E1 /r", AVX),
  VPSLLW_I("vpsllw", "=vx, ux, u8", "VEX.128.66.0F.WIG 71 /6 ib", AVX),
  VPSLLW_X("vpsllw", "=x, vx, xm128", "VEX.128.66.0F.WIG F1 /r", AVX),
  VPSRLD_I("vpsrld", "=vx, ux, u8", "VEX.128.66.0F.WIG 72 /2 ib", AVX),
  VPSRLD_X("vpsrld", "=x, vx, xm128", "VEX.128.66.0F.WIG D2 /r", AVX),
  VPSRAD_I("vpsrad", "=vx, ux, u8", "VEX.128.66.0F.WIG 72 /4 ib", AVX),
  VPSRAD_X("vpsrad", "=x, vx, xm128", "VEX.128.66.0F.WIG E2 /r", AVX),
  VPSLLD_I("vpslld", "=vx, ux, u8", "VEX.128.66.0F.WIG 72 /6 ib", AVX),
  VPSLLD_X("vpslld", "=x, vx, xm128", "VEX.128.66.0F.WIG F2 /r", AVX),
  VPSRLQ_I("vpsrlq", "=vx, ux, u8", "VEX.128.66.0F.WIG 73 /2 ib", AVX),
  VPSRLQ_X("vpsrlq", "=x, vx, xm128", "VEX.128.66.0F.WIG D3 /r", AVX),
  VPSLLQ_I("vpsllq", "=vx, ux, u8", "VEX.128.66.0F.WIG 73 /6 ib", AVX),
  VPSLLQ_X("vpsllq", "=x, vx, xm128", "VEX.128.66.0F.WIG F3 /r", AVX),
  VPSRLDQ_I("vpsrldq", "=vx, ux, u8", "VEX.128.66.0F.WIG 73 /3 ib", AVX),
  VPSLLDQ_I("vpslldq", "=vx, ux, u8", "VEX.128.66.0F.WIG 73 /7 ib", AVX),
  VPSHUFB("vpshufb", "=x, vx, xm128", "VEX.128.66.0F38.WIG 00 /r", AVX),
  VPALIGNR("vpalignr", "=x, vx, xm128, u8", "VEX.128.66.0F3A.WIG 0F /r ib", AVX),
  VBLENDVPS("vblendvps", "=x, vx, xm128, sx", "VEX.128.66.0F3A.W0 4A /r is4", AVX),
  VBLENDVPD("vblendvpd", "=x, vx, xm128, sx", "VEX.128.66.0F3A.W0 4B /r is4", AVX),
  VPBLENDVB("vpblendvb", "=x, vx, xm128, sx", "VEX.128.66.0F3A.W0 4C /r is4", AVX),
  VBLENDPS("vblendps", "=x, vx, xm128, u8", "VEX.128.66.0F3A.WIG 0C /r ib", AVX),
  VBLENDPD("vblendpd", "=x, vx, xm128, u8", "VEX.128.66.0F3A.WIG 0D /r ib", AVX),
  VINSERTPS("vinsertps", "=x, vx, xm32, u8", "VEX.128.66.0F3A.WIG 21 /r ib", AVX),
  VINSERTPS_RR("vinsertps", "=x, vx, ux, u8", "VEX.128.66.0F3A.WIG 21 /r ib", AVX),
  VPINSRD("vpinsrd", "=x, vx, rm32, u8", "VEX.128.66.0F3A.W0 22 /r ib", AVX),
  VPINSRQ("vpinsrq", "=x, vx, rm64, u8", "VEX.128.66.0F3A.W1 22 /r ib", AVX),
  VPEXTRD("vpextrd", "=rm32, x, u8", "VEX.128.66.0F3A.W0 16 /r ib", AVX),
  VPEXTRQ("vpextrq", "=rm64, x, u8", "VEX.128.66.0F3A.W1 16 /r ib", AVX),
  VPTEST("vptest", "x, xm128", "VEX.128.66.0F38.WIG 17 /r", "oszapc", AVX),
  VPMULLD("vpmulld", "=x, vx, xm128", "VEX.128.66.0F38.WIG 40 /r", AVX),
  VPCMPEQQ("vpcmpeqq", "=x, vx, xm128", "VEX.128.66.0F38.WIG 29 /r", AVX),
  VPCMPGTQ("vpcmpgtq", "=x, vx, xm128", "VEX.128.66.0F38.WIG 37 /r", AVX),
  VBROADCASTSS("vbroadcastss", "=x, m32", "VEX.128.66.0F38.W0 18 /r", AVX),
  VPBROADCASTB_Y("vpbroadcastb", "=y, xm8", "VEX.256.66.0F38.W0 78 /r", AVX2),
  VPBROADCASTD("vpbroadcastd", "=x, xm32", "VEX.128.66.0F38.W0 58 /r", AVX2),
  VPBROADCASTQ("vpbroadcastq", "=x, xm64", "VEX.128.66.0F38.W0 59 /r", AVX2),
  VPADDSB("vpaddsb", "=x, vx, xm128", "VEX.128.66.0F.WIG EC /r", AVX),
  VPADDSW("vpaddsw", "=x, vx, xm128", "VEX.128.66.0F.WIG ED /r", AVX),
  VPADDUSB("vpaddusb", "=x, vx, xm128", "VEX.128.66.0F.WIG DC /r", AVX),
  VPADDUSW("vpaddusw", "=x, vx, xm128", "VEX.128.66.0F.WIG DD /r", AVX),
  VPSUBSB("vpsubsb", "=x, vx, xm128", "VEX.128.66.0F.WIG E8 /r", AVX),
  VPSUBSW("vpsubsw", "=x, vx, xm128", "VEX.128.66.0F.WIG E9 /r", AVX),
  VPSUBUSB("vpsubusb", "=x, vx, xm128", "VEX.128.66.0F.WIG D8 /r", AVX),
  VPSUBUSW("vpsubusw", "=x, vx, xm128", "VEX.128.66.0F.WIG D9 /r", AVX),
  VPMINSW("vpminsw", "=x, vx, xm128", "VEX.128.66.0F.WIG EA /r", AVX),
  VPMAXSW("vpmaxsw", "=x, vx, xm128", "VEX.128.66.0F.WIG EE /r", AVX),
  VPAVGB("vpavgb", "=x, vx, xm128", "VEX.128.66.0F.WIG E0 /r", AVX),
  VPAVGW("vpavgw", "=x, vx, xm128", "VEX.128.66.0F.WIG E3 /r", AVX),
  VPMULHW("vpmulhw", "=x, vx, xm128", "VEX.128.66.0F.WIG E5 /r", AVX),
  VPMULHUW("vpmulhuw", "=x, vx, xm128", "VEX.128.66.0F.WIG E4 /r", AVX),
  VPMADDWD("vpmaddwd", "=x, vx, xm128", "VEX.128.66.0F.WIG F5 /r", AVX),
  VPACKSSWB("vpacksswb", "=x, vx, xm128", "VEX.128.66.0F.WIG 63 /r", AVX),
  VPACKSSDW("vpackssdw", "=x, vx, xm128", "VEX.128.66.0F.WIG 6B /r", AVX),
  VPACKUSWB("vpackuswb", "=x, vx, xm128", "VEX.128.66.0F.WIG 67 /r", AVX),
  VPSHUFHW("vpshufhw", "=x, xm128, u8", "VEX.128.F3.0F.WIG 70 /r ib", AVX),
  VPSHUFLW("vpshuflw", "=x, xm128, u8", "VEX.128.F2.0F.WIG 70 /r ib", AVX),
  VMOVSLDUP("vmovsldup", "=x, xm128", "VEX.128.F3.0F.WIG 12 /r", AVX),
  VMOVSHDUP("vmovshdup", "=x, xm128", "VEX.128.F3.0F.WIG 16 /r", AVX),
  VPMADDUBSW("vpmaddubsw", "=x, vx, xm128", "VEX.128.66.0F38.WIG 04 /r", AVX),
  VPMULHRSW("vpmulhrsw", "=x, vx, xm128", "VEX.128.66.0F38.WIG 0B /r", AVX),
  VPABSB("vpabsb", "=x, xm128", "VEX.128.66.0F38.WIG 1C /r", AVX),
  VPABSW("vpabsw", "=x, xm128", "VEX.128.66.0F38.WIG 1D /r", AVX),
  VPABSD("vpabsd", "=x, xm128", "VEX.128.66.0F38.WIG 1E /r", AVX),
  VPMINSB("vpminsb", "=x, vx, xm128", "VEX.128.66.0F38.WIG 38 /r", AVX),
  VPMINSD("vpminsd", "=x, vx, xm128", "VEX.128.66.0F38.WIG 39 /r", AVX),
  VPMINUW("vpminuw", "=x, vx, xm128", "VEX.128.66.0F38.WIG 3A /r", AVX),
  VPMINUD("vpminud", "=x, vx, xm128", "VEX.128.66.0F38.WIG 3B /r", AVX),
  VPMAXSB("vpmaxsb", "=x, vx, xm128", "VEX.128.66.0F38.WIG 3C /r", AVX),
  VPMAXSD("vpmaxsd", "=x, vx, xm128", "VEX.128.66.0F38.WIG 3D /r", AVX),
  VPMAXUW("vpmaxuw", "=x, vx, xm128", "VEX.128.66.0F38.WIG 3E /r", AVX),
  VPMAXUD("vpmaxud", "=x, vx, xm128", "VEX.128.66.0F38.WIG 3F /r", AVX),
  VPMULDQ("vpmuldq", "=x, vx, xm128", "VEX.128.66.0F38.WIG 28 /r", AVX),
  VPACKUSDW("vpackusdw", "=x, vx, xm128", "VEX.128.66.0F38.WIG 2B /r", AVX),
  VPMOVSXBW("vpmovsxbw", "=x, xm64", "VEX.128.66.0F38.WIG 20 /r", AVX),
  VPMOVSXWD("vpmovsxwd", "=x, xm64", "VEX.128.66.0F38.WIG 23 /r", AVX),
  VPMOVSXDQ("vpmovsxdq", "=x, xm64", "VEX.128.66.0F38.WIG 25 /r", AVX),
  VPMOVZXBW("vpmovzxbw", "=x, xm64", "VEX.128.66.0F38.WIG 30 /r", AVX),
  VPMOVZXWD("vpmovzxwd", "=x, xm64", "VEX.128.66.0F38.WIG 33 /r", AVX),
  VPMOVZXDQ("vpmovzxdq", "=x, xm64", "VEX.128.66.0F38.WIG 35 /r", AVX),
  VPBLENDW("vpblendw", "=x, vx, xm128, u8", "VEX.128.66.0F3A.WIG 0E /r ib", AVX),
  VPINSRB("vpinsrb", "=x, vx, r32m8, u8", "VEX.128.66.0F3A.W0 20 /r ib", AVX),
  VPINSRW("vpinsrw", "=x, vx, r32m16, u8", "VEX.128.66.0F.W0 C4 /r ib", AVX),
  VPEXTRB("vpextrb", "=r32m8, x, u8", "VEX.128.66.0F3A.W0 14 /r ib", AVX),
  VPEXTRW("vpextrw", "=r32m16, x, u8", "VEX.128.66.0F3A.W0 15 /r ib", AVX),
  VMOVLPS_RM("vmovlps", "=x, vx, m64", "VEX.128.NP.0F.WIG 12 /r", AVX),
  VMOVHPS_RM("vmovhps", "=x, vx, m64", "VEX.128.NP.0F.WIG 16 /r", AVX),
  VMOVHPS_MR("vmovhps", "=m64, x", "VEX.128.NP.0F.WIG 17 /r", AVX),
  VPBROADCASTB("vpbroadcastb", "=x, xm8", "VEX.128.66.0F38.W0 78 /r", AVX2),
  VPBROADCASTW("vpbroadcastw", "=x, xm16", "VEX.128.66.0F38.W0 79 /r", AVX2),
  VPBLENDD("vpblendd", "=x, vx, xm128, u8", "VEX.128.66.0F3A.W0 02 /r ib", AVX2),
  VFMADD231PS("vfmadd231ps", "+x, vx, xm128", "VEX.128.66.0F38.W0 B8 /r", FMA),
  VFMADD231PD("vfmadd231pd", "+x, vx, xm128", "VEX.128.66.0F38.W1 B8 /r", FMA),
  VFNMADD231PS("vfnmadd231ps", "+x, vx, xm128", "VEX.128.66.0F38.W0 BC /r", FMA),
  VFNMADD231PD("vfnmadd231pd", "+x, vx, xm128", "VEX.128.66.0F38.W1 BC /r", FMA),
  VPXOR_Y("vpxor", "=y, vy, ym256", "VEX.256.66.0F.WIG EF /r", AVX2),

  // --- AVX-512 to move whole cache lines, and for vectors of 128 bits where it saves instructions
  VMOVDQU64_Z_RM("vmovdqu64", "=z, zm512", "EVEX.512.F3.0F.W1 6F /r", AVX512F),
  VMOVDQU64_Z_MR("vmovdqu64", "=m512, z", "EVEX.512.F3.0F.W1 7F /r", AVX512F),
  VPMULLQ("vpmullq", "=x, vx, xm128", "EVEX.128.66.0F38.W1 40 /r", AVX512F),
  VPTERNLOGD("vpternlogd", "+x, vx, xm128, u8", "EVEX.128.66.0F3A.W0 25 /r ib", AVX512F),
  VPABSQ("vpabsq", "=x, xm128", "EVEX.128.66.0F38.W1 1F /r", AVX512F),
  VPSRAQ_I("vpsraq", "=vx, ux, u8", "EVEX.128.66.0F.W1 72 /4 ib", AVX512F),
  VPSRAQ_X("vpsraq", "=x, vx, xm128", "EVEX.128.66.0F.W1 E2 /r", AVX512F),
  VCVTUDQ2PS("vcvtudq2ps", "=x, xm128", "EVEX.128.F2.0F.W0 7A /r", AVX512F),
  VCVTUDQ2PD("vcvtudq2pd", "=x, xm64", "EVEX.128.F3.0F.W0 7A /r", AVX512F),
  VCVTTPS2UDQ("vcvttps2udq", "=x, xm128", "EVEX.128.NP.0F.W0 78 /r", AVX512F),
  VCVTTPD2UDQ("vcvttpd2udq", "=x, xm128", "EVEX.128.NP.0F.W1 78 /r", AVX512F);

  private static final X64Op[] VALUES = values();

  private final String mnemonic;
  private final String operands;
  private final String encodings;
  private final String flags;
  private final String implicit;
  private final X64Feature feature;

  /** Parsed on first use; a race parses twice, to equal immutable rows. */
  private @Nullable X64Row row;

  X64Op(String mnemonic, String operands, String encodings) {
    this(mnemonic, operands, encodings, "", "", X64Feature.BASE);
  }

  X64Op(String mnemonic, String operands, String encodings, X64Feature feature) {
    this(mnemonic, operands, encodings, "", "", feature);
  }

  X64Op(String mnemonic, String operands, String encodings, String flags) {
    this(mnemonic, operands, encodings, flags, "", X64Feature.BASE);
  }

  X64Op(String mnemonic, String operands, String encodings, String flags, X64Feature feature) {
    this(mnemonic, operands, encodings, flags, "", feature);
  }

  X64Op(String mnemonic, String operands, String encodings, String flags, String implicit) {
    this(mnemonic, operands, encodings, flags, implicit, X64Feature.BASE);
  }

  X64Op(
      String mnemonic,
      String operands,
      String encodings,
      String flags,
      String implicit,
      X64Feature feature) {
    this.mnemonic = mnemonic;
    this.operands = operands;
    this.encodings = encodings;
    this.flags = flags;
    this.implicit = implicit;
    this.feature = feature;
  }

  /** The parsed row. */
  X64Row row() {
    X64Row parsed = row;
    if (parsed == null) {
      parsed = X64Row.parse(operands, encodings, flags, implicit, feature);
      row = parsed;
    }
    return parsed;
  }

  /** The mnemonic that objdump prints; of SETcc, CMOVcc and Jcc the part before the condition. */
  public String mnemonic() {
    return mnemonic;
  }

  /** Number of printed operands, fixed ones and the immediate included. */
  public int operandCount() {
    return row().operands.length;
  }

  /** The operand at this position, 0 being the leftmost in Intel syntax. */
  public X64Operand operand(int position) {
    return row().operands[position];
  }

  /** Number of registers that are used or changed without being printed. */
  public int implicitCount() {
    return row().implicit.length;
  }

  /** A register that is used or changed without being printed. */
  public X64Operand implicit(int position) {
    return row().implicit[position];
  }

  /**
   * Number of register and memory operands that the caller passes: all but fixed registers, the
   * immediate and the branch target.
   */
  public int valueCount() {
    return row().values.length;
  }

  /** Which of the {@link #valueCount()} values may be memory, or -1. */
  public int memoryValue() {
    int rm = row().rmValue;
    return rm >= 0 && row().values[rm].allowsMemory() ? rm : -1;
  }

  /** The operand that the caller's value {@code value} stands for. */
  public X64Operand valueOperand(int value) {
    return row().values[value];
  }

  /** Whether the row has an immediate. */
  public boolean hasImmediate() {
    return row().immediateOperand >= 0;
  }

  /** Whether the row takes a condition. */
  public boolean hasCondition() {
    return row().encodings[0].conditionInOpcode;
  }

  /** The CPU feature that the row requires. */
  public X64Feature feature() {
    return feature;
  }

  /** Whether the instruction changes any of the arithmetic flags. */
  public boolean writesFlags() {
    return (row().flagsWritten & X64Row.ARITHMETIC_FLAGS) != 0;
  }

  /** Whether the instruction depends on any of the arithmetic flags. */
  public boolean readsFlags() {
    return (row().flagsRead & X64Row.ARITHMETIC_FLAGS) != 0;
  }

  /** Mask of flags written or left undefined: bit 0 upwards is O, S, Z, A, P, C, D. */
  public int flagsWritten() {
    return row().flagsWritten;
  }

  /** Mask of flags read, in the order of {@link #flagsWritten()}. */
  public int flagsRead() {
    return row().flagsRead;
  }

  /** The row with this ordinal, without copying the array of all rows. */
  public static X64Op of(int ordinal) {
    return VALUES[ordinal];
  }

  /** Number of rows. */
  public static int count() {
    return VALUES.length;
  }
}
