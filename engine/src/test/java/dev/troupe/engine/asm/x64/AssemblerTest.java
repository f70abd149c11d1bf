package dev.troupe.engine.asm.x64;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AssemblerTest {
  private static String hex(byte[] code) {
    return HexFormat.of().formatHex(code);
  }

  @Test
  void picksTheShortestEncoding() {
    Assembler a = new Assembler();
    a.ri(ADD32_MI, RCX, 5);
    a.ri(ADD32_MI, RCX, 0xFFFF_FFFFL);
    a.ri(ADD32_MI, RAX, 1000);
    a.ri(ADD64_MI, R9, -128);
    a.ri(SHL64_I, RBX, 1);
    a.rm(MOV32_RM, RAX, Mem.base(RCX, 0));
    a.rm(MOV32_RM, RAX, Mem.base(RCX, 64));
    a.rrr(VADDSD, XMM1, XMM2, XMM3);
    assertThat(hex(a.finish()))
        .isEqualTo(
            "83c105"
                + "83c1ff"
                + "05e8030000"
                + "4983c180"
                + "48d1e3"
                + "8b01"
                + "8b4140"
                + "c5eb58cb");
  }

  @Test
  void movesConstantsInTheFewestBytes() {
    assertThat(movImm(RAX, 0)).hasSize(5);
    assertThat(movImm(R12, 0xFFFF_FFFFL)).hasSize(6);
    assertThat(movImm(RAX, -1)).hasSize(7);
    assertThat(movImm(RAX, Long.MIN_VALUE)).hasSize(10);
  }

  private static byte[] movImm(int register, long value) {
    Assembler a = new Assembler();
    a.movImm(register, value);
    return a.finish();
  }

  @Test
  void branchesAreShortExactlyWhereTheyReach() {
    for (int distance : new int[] {0, 127, 128, 1000}) {
      Assembler a = new Assembler();
      int target = a.newLabel();
      a.jcc(X64Cond.NE, target);
      a.data(new byte[distance]);
      a.bind(target);
      byte[] code = a.finish();
      assertThat(code).hasSize(distance + (distance <= 127 ? 2 : 6));
      assertThat(a.offsetOf(target)).isEqualTo(code.length);
    }
    for (int distance : new int[] {126, 127}) {
      Assembler a = new Assembler();
      int target = a.bindNew();
      a.data(new byte[distance]);
      a.jmp(target);
      assertThat(a.finish()).hasSize(distance + (distance <= 126 ? 2 : 5));
    }
  }

  @Test
  void marksAndDistancesAreFinalOffsets() {
    Assembler a = new Assembler();
    int far = a.newLabel();
    a.jmp(far);
    int mark = a.mark();
    a.op(NOP);
    a.align(16);
    int table = a.bindNew();
    a.dataDistance32(far, table);
    a.dataDistance32(table, table);
    a.data(new byte[300]);
    a.bind(far);
    a.op(RET);
    byte[] code = a.finish();
    assertThat(a.offsetOf(mark)).isEqualTo(5);
    assertThat(a.offsetOf(table)).isEqualTo(16);
    assertThat(a.offsetOf(far)).isEqualTo(16 + 308);
    assertThat(hex(code).substring(32, 48)).isEqualTo("3401000000000000");
    assertThat(a.maxAlignment()).isEqualTo(16);
  }

  @Test
  void externalReferencesAreRecordedForTheLinker() {
    Assembler a = new Assembler();
    int skip = a.newLabel();
    a.jmp(skip);
    a.bind(skip);
    a.callExternal(7);
    a.mi(CMP32_MI, Mem.ripExternal(9, 12), 1000);
    a.finish();
    assertThat(a.externalCount()).isEqualTo(2);
    assertThat(a.externalOffset(0)).isEqualTo(3);
    assertThat(a.externalSymbol(0)).isEqualTo(7);
    assertThat(a.externalAddend(0)).isEqualTo(-4);
    assertThat(a.externalOffset(1)).isEqualTo(9);
    assertThat(a.externalAddend(1)).isEqualTo(12 - 8);
  }

  @Test
  void theListingOfRandomControlFlowIsTheDisassembly() {
    long seed = 20261120;
    Random random = new Random(seed);
    for (int round = 0; round < 40; round++) {
      Assembler a = new Assembler().withListing();
      int[] labels = new int[20];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = a.newLabel();
      }
      for (int label : labels) {
        for (int i = random.nextInt(12); i > 0; i--) {
          int target = labels[random.nextInt(labels.length)];
          switch (random.nextInt(6)) {
            case 0 -> a.jmp(target);
            case 1, 2 -> a.jcc(X64Cond.of(random.nextInt(16)), target);
            case 3 -> a.call(target);
            case 4 -> a.rm(LEA64, random.nextInt(16), Mem.rip(target));
            default -> a.mi(MOV32_MI, Mem.rip(target), 77);
          }
        }
        if (random.nextInt(4) == 0) {
          a.align(32);
        }
        a.bind(label);
      }
      a.op(RET);
      byte[] code = a.finish();
      if (Objdump.version().isPresent()) {
        List<String> ours = new ArrayList<>();
        for (String line : a.listing().text().split("\n", -1)) {
          if (!line.isEmpty() && line.charAt(0) != 'L') {
            ours.add(Objdump.normalize(line));
          }
        }
        assertThat(RoundTripTest.differences(ours, Objdump.disassemble(code)))
            .as("seed %d round %d", seed, round)
            .isEmpty();
      }
    }
  }

  @Test
  void resettingGivesTheSameBytes() {
    Assembler a = new Assembler();
    byte[] first = {};
    for (int i = 0; i < 2; i++) {
      a.reset();
      int label = a.newLabel();
      a.jcc(X64Cond.A, label);
      a.rm(LEA64, RAX, Mem.rip(label));
      a.align(8);
      a.bind(label);
      a.callExternal(3);
      byte[] code = a.finish();
      assertThat(a.externalCount()).isEqualTo(1);
      first = i == 0 ? code : first;
      assertThat(code).isEqualTo(first);
    }
  }

  @Test
  void refusesOperandsThatTheRowDoesNotTake() {
    Assembler a = new Assembler();
    assertThatThrownBy(() -> a.rr(ADD32_RM, RAX, XMM0)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> a.rr(LEA64, RAX, RCX)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> a.r(ADD32_RM, RAX)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> a.ri(ADD64_MI, RAX, 1L << 31))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> a.ri(ADD8_MI, RAX, 256)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> Mem.baseIndex(RAX, RSP, 1, 0))
        .isInstanceOf(IllegalStateException.class);
    int label = a.newLabel();
    a.jmp(label);
    assertThatThrownBy(a::finish).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nonsenseRowsAreRefused() {
    assertThatThrownBy(() -> validate("+r32, rm32", "03")).hasMessageContaining("ModRM");
    assertThatThrownBy(() -> validate("+r32, rm32", "03 /1")).hasMessageContaining("/digit");
    assertThatThrownBy(() -> validate("+rm32", "03 /1 ib")).hasMessageContaining("immediate");
    assertThatThrownBy(() -> validate("+rm32, i8", "03 /1 id")).hasMessageContaining("wider");
    assertThatThrownBy(() -> validate("=r32, vr32", "03 /r")).hasMessageContaining("vvvv");
    assertThatThrownBy(() -> validate("+rm32, u8", "D1 /1 1")).hasMessageContaining("last");
    assertThatThrownBy(() -> validate("=q32", "03 /r")).hasMessageContaining("unknown operand");
  }

  private static void validate(String operands, String encodings) {
    X64Row.validate(X64Row.operands(operands), X64Row.encodings(encodings), X64Feature.BASE);
  }

  @Test
  void marksOfOperandsAreRight() {
    assertThat(ADD32_RM.operand(0).access()).isEqualTo(X64Operand.Access.READ_WRITE);
    assertThat(CMP32_RM.operand(0).access()).isEqualTo(X64Operand.Access.READ);
    assertThat(MOV32_MR.operand(0).writes()).isTrue();
    assertThat(MOV32_MR.operand(0).reads()).isFalse();
    assertThat(DIV64.implicitCount()).isEqualTo(2);
    assertThat(SHL32_CL.operand(1).fixed()).isEqualTo(RCX);
    assertThat(ADC32_RM.readsFlags()).isTrue();
    assertThat(LEA64.writesFlags()).isFalse();
    assertThat(SHLX64.writesFlags()).isFalse();
    assertThat(CLD.writesFlags()).isFalse();
    assertThat(SHLX64.memoryValue()).isEqualTo(1);
    assertThat(SHLX64.feature()).isEqualTo(X64Feature.BMI2);
  }
}
