package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.CPUID;
import static dev.troupe.engine.asm.x64.X64Op.MOV32_MR;
import static dev.troupe.engine.asm.x64.X64Op.MOV32_RI;
import static dev.troupe.engine.asm.x64.X64Op.MOV32_RM;
import static dev.troupe.engine.asm.x64.X64Op.POP_R;
import static dev.troupe.engine.asm.x64.X64Op.PUSH_R;
import static dev.troupe.engine.asm.x64.X64Op.RET;
import static dev.troupe.engine.asm.x64.X64Op.TEST32_MR;
import static dev.troupe.engine.asm.x64.X64Op.XGETBV;
import static dev.troupe.engine.asm.x64.X64Reg.RAX;
import static dev.troupe.engine.asm.x64.X64Reg.RBX;
import static dev.troupe.engine.asm.x64.X64Reg.RCX;
import static dev.troupe.engine.asm.x64.X64Reg.RDI;
import static dev.troupe.engine.asm.x64.X64Reg.RDX;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.os.NativeEntry;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.Set;

/**
 * Runs CPUID and XGETBV. Bit numbers are those of the Intel SDM, volume 2A, CPUID.
 *
 * <pre>
 * query: 0 leaf, 4 subleaf, 8 eax, 12 ebx, 16 ecx, 20 edx (unused), 24 nonzero: XGETBV(0) instead
 * </pre>
 */
final class CpuidProbe {
  private static final int QUERY_XGETBV = 24;
  private static final int EXTENDED = 0x8000_0001;
  private static final int STATE_LEAF = 0xD;
  private static final int XCR0_AVX = 0x6;
  private static final int XCR0_AVX512 = 0xE6;
  private static final int AVX512_F_DQ_BW_VL = 1 << 16 | 1 << 17 | 1 << 30 | 1 << 31;

  private final MemorySegment stub;
  private final long query;
  private int eax;
  private int ebx;
  private int ecx;

  private CpuidProbe(MemorySegment stub, long query) {
    this.stub = stub;
    this.query = query;
  }

  static CpuFeatures probe() {
    long page = VirtualMemory.PAGE_BYTES;
    long memory = VirtualMemory.allocate(2 * page);
    try {
      byte[] code = code();
      RawMemory.copyIn(code, 0, memory, code.length);
      VirtualMemory.protect(memory, page, Protection.READ_EXECUTE);
      return new CpuidProbe(NativeEntry.at(memory), memory + page).features();
    } finally {
      VirtualMemory.unmap(memory, 2 * page);
    }
  }

  private static byte[] code() {
    Assembler asm = new Assembler();
    int store = asm.newLabel();
    int xgetbv = asm.newLabel();
    asm.r(PUSH_R, RBX);
    asm.rm(MOV32_RM, RAX, Mem.base(RDI, 0));
    asm.rm(MOV32_RM, RCX, Mem.base(RDI, 4));
    asm.rm(MOV32_RM, RDX, Mem.base(RDI, QUERY_XGETBV));
    asm.rr(TEST32_MR, RDX, RDX);
    asm.jcc(X64Cond.NE, xgetbv);
    asm.op(CPUID);
    asm.jmp(store);
    asm.bind(xgetbv);
    asm.ri(MOV32_RI, RCX, 0);
    asm.op(XGETBV);
    asm.bind(store);
    asm.mr(MOV32_MR, Mem.base(RDI, 8), RAX);
    asm.mr(MOV32_MR, Mem.base(RDI, 12), RBX);
    asm.mr(MOV32_MR, Mem.base(RDI, 16), RCX);
    asm.mr(MOV32_MR, Mem.base(RDI, 20), RDX);
    asm.r(POP_R, RBX);
    asm.op(RET);
    return asm.finish();
  }

  private void ask(int leaf, int subleaf, boolean xgetbv) {
    RawMemory.putInt(query, leaf);
    RawMemory.putInt(query + 4, subleaf);
    RawMemory.putInt(query + QUERY_XGETBV, xgetbv ? 1 : 0);
    int ignored = (int) NativeEntry.call(stub, query);
    assert ignored == RawMemory.getInt(query + 8) : "the stub returns eax";
    eax = RawMemory.getInt(query + 8);
    ebx = RawMemory.getInt(query + 12);
    ecx = RawMemory.getInt(query + 16);
  }

  private CpuFeatures features() {
    Set<X64Feature> found = EnumSet.of(X64Feature.BASE);
    ask(0, 0, false);
    int maxLeaf = eax;
    ask(1, 0, false);
    int leaf1 = ecx;
    add(found, X64Feature.SSE3, leaf1, 0);
    add(found, X64Feature.SSSE3, leaf1, 9);
    add(found, X64Feature.CX16, leaf1, 13);
    add(found, X64Feature.SSE41, leaf1, 19);
    add(found, X64Feature.SSE42, leaf1, 20);
    add(found, X64Feature.MOVBE, leaf1, 22);
    add(found, X64Feature.POPCNT, leaf1, 23);
    boolean osxsave = bit(leaf1, 27);
    int xcr0 = 0;
    if (osxsave) {
      found.add(X64Feature.XSAVE);
      ask(0, 0, true);
      xcr0 = eax;
    }
    boolean avx = (xcr0 & XCR0_AVX) == XCR0_AVX && bit(leaf1, 28);
    if (avx) {
      found.add(X64Feature.AVX);
      add(found, X64Feature.FMA, leaf1, 12);
    }
    if (maxLeaf >= 7) {
      leaf7(found, avx, xcr0);
    }
    ask(0x8000_0000, 0, false);
    if (Integer.compareUnsigned(eax, EXTENDED) >= 0) {
      ask(EXTENDED, 0, false);
      add(found, X64Feature.LZCNT, ecx, 5);
    }
    return state(found, xcr0);
  }

  private void leaf7(Set<X64Feature> found, boolean avx, int xcr0) {
    ask(7, 0, false);
    add(found, X64Feature.BMI1, ebx, 3);
    add(found, X64Feature.BMI2, ebx, 8);
    add(found, X64Feature.ERMS, ebx, 9);
    add(found, X64Feature.ADX, ebx, 19);
    if (avx) {
      add(found, X64Feature.AVX2, ebx, 5);
      boolean enabled = (xcr0 & XCR0_AVX512) == XCR0_AVX512;
      if (enabled && (ebx & AVX512_F_DQ_BW_VL) == AVX512_F_DQ_BW_VL) {
        found.add(X64Feature.AVX512F);
      }
    }
  }

  /** Which state components to save, and where the standard (not compacted) format ends. */
  private CpuFeatures state(Set<X64Feature> found, int xcr0) {
    int mask = xcr0 & CpuFeatures.GUEST_STATE;
    int bytes = 576;
    for (int component = 2; component < 8; component++) {
      if (bit(mask, component)) {
        ask(STATE_LEAF, component, false);
        bytes = Math.max(bytes, ebx + eax);
      }
    }
    if (found.contains(X64Feature.XSAVE)) {
      ask(STATE_LEAF, 1, false);
      add(found, X64Feature.XSAVEOPT, eax, 0);
      add(found, X64Feature.XSAVEC, eax, 1);
    }
    return new CpuFeatures(found, mask, bytes + 63 & -64);
  }

  private static void add(Set<X64Feature> found, X64Feature feature, int word, int bit) {
    if (bit(word, bit)) {
      found.add(feature);
    }
  }

  private static boolean bit(int word, int bit) {
    return (word >>> bit & 1) != 0;
  }
}
