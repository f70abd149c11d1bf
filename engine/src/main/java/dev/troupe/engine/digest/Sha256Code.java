package dev.troupe.engine.digest;

import static dev.troupe.engine.asm.x64.X64Op.ADD64_MI;
import static dev.troupe.engine.asm.x64.X64Op.AND32_MI;
import static dev.troupe.engine.asm.x64.X64Op.CMP32_MI;
import static dev.troupe.engine.asm.x64.X64Op.CPUID;
import static dev.troupe.engine.asm.x64.X64Op.MOV32_RI;
import static dev.troupe.engine.asm.x64.X64Op.MOVDQA_RM;
import static dev.troupe.engine.asm.x64.X64Op.MOVDQU_MR;
import static dev.troupe.engine.asm.x64.X64Op.MOVDQU_RM;
import static dev.troupe.engine.asm.x64.X64Op.PADDD;
import static dev.troupe.engine.asm.x64.X64Op.PALIGNR;
import static dev.troupe.engine.asm.x64.X64Op.PBLENDW;
import static dev.troupe.engine.asm.x64.X64Op.POP_R;
import static dev.troupe.engine.asm.x64.X64Op.PSHUFB;
import static dev.troupe.engine.asm.x64.X64Op.PSHUFD;
import static dev.troupe.engine.asm.x64.X64Op.PUSH_R;
import static dev.troupe.engine.asm.x64.X64Op.RET;
import static dev.troupe.engine.asm.x64.X64Op.SHA256MSG1;
import static dev.troupe.engine.asm.x64.X64Op.SHA256MSG2;
import static dev.troupe.engine.asm.x64.X64Op.SHA256RNDS2;
import static dev.troupe.engine.asm.x64.X64Op.SUB64_MI;
import static dev.troupe.engine.asm.x64.X64Op.TEST32_MI;
import static dev.troupe.engine.asm.x64.X64Reg.RAX;
import static dev.troupe.engine.asm.x64.X64Reg.RBX;
import static dev.troupe.engine.asm.x64.X64Reg.RCX;
import static dev.troupe.engine.asm.x64.X64Reg.RDI;
import static dev.troupe.engine.asm.x64.X64Reg.RDX;
import static dev.troupe.engine.asm.x64.X64Reg.RSI;
import static dev.troupe.engine.asm.x64.X64Reg.XMM0;
import static dev.troupe.engine.asm.x64.X64Reg.XMM1;
import static dev.troupe.engine.asm.x64.X64Reg.XMM10;
import static dev.troupe.engine.asm.x64.X64Reg.XMM2;
import static dev.troupe.engine.asm.x64.X64Reg.XMM3;
import static dev.troupe.engine.asm.x64.X64Reg.XMM7;
import static dev.troupe.engine.asm.x64.X64Reg.XMM8;
import static dev.troupe.engine.asm.x64.X64Reg.XMM9;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.os.NativeEntry;
import dev.troupe.engine.os.Protection;
import dev.troupe.engine.os.RawMemory;
import dev.troupe.engine.os.VirtualMemory;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The compression function of SHA-256 by the SHA extensions (Intel SDM, volume 1, chapter on SHA).
 * One page, mapped when first asked for and never unmapped:
 *
 * <pre>
 * 0    64 constants of the rounds, 32 bits each
 * 256  the bytes of four big-endian words in order
 * 272  features(): 1 if the processor has all that is needed, else 0
 *      blocks(rdi: state, 8 words; rsi: data; rdx: bytes, a multiple of 64, not 0; rcx: this page)
 * </pre>
 */
final class Sha256Code {
  private static final int CONSTANTS_BYTES = 256;
  private static final int SWAP_BYTES = 16;
  private static final int BLOCK_BYTES = 64;
  private static final int LEAF7_SHA = 1 << 29;
  private static final int LEAF1_SSSE3_SSE41 = 1 << 9 | 1 << 19;

  /** First 32 bits of the fractional parts of the cube roots of the first 64 primes. */
  private static final int[] CONSTANTS = {
    0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
    0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
    0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
    0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
    0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
    0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
    0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
    0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2
  };

  private static final byte[] SWAP = {3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12};

  /** Message and constants of the next rounds: where SHA256RNDS2 looks for them. */
  private static final int WORDS = XMM0;

  /** State words a, b, e, f from high to low. */
  private static final int ABEF = XMM1;

  private static final int CDGH = XMM2;

  /** The last sixteen words of the message schedule, four in each of four registers. */
  private static final int SCHEDULE = XMM3;

  private static final int TEMPORARY = XMM7;
  private static final int SWAP_MASK = XMM8;
  private static final int ABEF_BEFORE = XMM9;
  private static final int CDGH_BEFORE = XMM10;

  private static final class Holder {
    static final @Nullable Sha256Code CODE = map();
  }

  private final long page;
  private final MemorySegment entry;

  private Sha256Code(long page, MemorySegment entry) {
    this.page = page;
    this.entry = entry;
  }

  /** Null on a processor without these instructions. */
  static @Nullable Sha256Code available() {
    return Holder.CODE;
  }

  /** Hashes whole blocks of native memory into a state in native memory. */
  void blocks(MemorySegment state, MemorySegment data, long bytes) {
    if (bytes > 0) {
      long unused = NativeEntry.call(entry, state.address(), data.address(), bytes, page);
    }
  }

  private static @Nullable Sha256Code map() {
    Assembler asm = new Assembler();
    asm.data(new byte[CONSTANTS_BYTES + SWAP_BYTES]);
    features(asm);
    int blocks = asm.mark();
    blocks(asm);
    byte[] bytes = asm.finish();
    long page = VirtualMemory.allocate(VirtualMemory.roundUpToPages(bytes.length));
    RawMemory.copyIn(bytes, 0, page, bytes.length);
    RawMemory.copyIn(MemorySegment.ofArray(CONSTANTS), 0, page, CONSTANTS_BYTES);
    RawMemory.copyIn(SWAP, 0, page + CONSTANTS_BYTES, SWAP_BYTES);
    VirtualMemory.protect(
        page, VirtualMemory.roundUpToPages(bytes.length), Protection.READ_EXECUTE);
    long supported = NativeEntry.call(NativeEntry.at(page + CONSTANTS_BYTES + SWAP_BYTES), 0);
    return supported == 0
        ? null
        : new Sha256Code(page, NativeEntry.at(page + asm.offsetOf(blocks)));
  }

  /** Returns 1 when the processor has all that is needed, else 0. */
  private static void features(Assembler asm) {
    int no = asm.newLabel();
    int done = asm.newLabel();
    asm.r(PUSH_R, RBX);
    cpuid(asm, 0);
    asm.ri(CMP32_MI, RAX, 7);
    asm.jcc(X64Cond.B, no);
    cpuid(asm, 1);
    asm.ri(AND32_MI, RCX, LEAF1_SSSE3_SSE41);
    asm.ri(CMP32_MI, RCX, LEAF1_SSSE3_SSE41);
    asm.jcc(X64Cond.NE, no);
    cpuid(asm, 7);
    asm.ri(TEST32_MI, RBX, LEAF7_SHA);
    asm.jcc(X64Cond.E, no);
    asm.ri(MOV32_RI, RAX, 1);
    asm.jmp(done);
    asm.bind(no);
    asm.ri(MOV32_RI, RAX, 0);
    asm.bind(done);
    asm.r(POP_R, RBX);
    asm.op(RET);
  }

  private static void cpuid(Assembler asm, int leaf) {
    asm.ri(MOV32_RI, RAX, leaf);
    asm.ri(MOV32_RI, RCX, 0);
    asm.op(CPUID);
  }

  private static void blocks(Assembler asm) {
    asm.rm(MOVDQU_RM, TEMPORARY, Mem.base(RDI, 0));
    asm.rm(MOVDQU_RM, CDGH, Mem.base(RDI, 16));
    asm.rm(MOVDQU_RM, SWAP_MASK, Mem.base(RCX, CONSTANTS_BYTES));
    asm.rri(PSHUFD, TEMPORARY, TEMPORARY, 0xB1);
    asm.rri(PSHUFD, CDGH, CDGH, 0x1B);
    asm.rr(MOVDQA_RM, ABEF, TEMPORARY);
    asm.rri(PALIGNR, ABEF, CDGH, 8);
    asm.rri(PBLENDW, CDGH, TEMPORARY, 0xF0);
    int block = asm.bindNew();
    asm.rr(MOVDQA_RM, ABEF_BEFORE, ABEF);
    asm.rr(MOVDQA_RM, CDGH_BEFORE, CDGH);
    for (int quarter = 0; quarter < 16; quarter++) {
      fourRounds(asm, quarter);
    }
    asm.rr(PADDD, ABEF, ABEF_BEFORE);
    asm.rr(PADDD, CDGH, CDGH_BEFORE);
    asm.ri(ADD64_MI, RSI, BLOCK_BYTES);
    asm.ri(SUB64_MI, RDX, BLOCK_BYTES);
    asm.jcc(X64Cond.NE, block);
    asm.rri(PSHUFD, TEMPORARY, ABEF, 0x1B);
    asm.rri(PSHUFD, CDGH, CDGH, 0xB1);
    asm.rr(MOVDQA_RM, ABEF, TEMPORARY);
    asm.rri(PBLENDW, ABEF, CDGH, 0xF0);
    asm.rri(PALIGNR, CDGH, TEMPORARY, 8);
    asm.mr(MOVDQU_MR, Mem.base(RDI, 0), ABEF);
    asm.mr(MOVDQU_MR, Mem.base(RDI, 16), CDGH);
    asm.op(RET);
  }

  /** Rounds {@code 4 * quarter} and the three behind it, and what the schedule needs of them. */
  private static void fourRounds(Assembler asm, int quarter) {
    int now = schedule(quarter);
    int next = schedule(quarter + 1);
    int before = schedule(quarter + 3);
    if (quarter < 4) {
      asm.rm(MOVDQU_RM, now, Mem.base(RSI, 16 * quarter));
      asm.rr(PSHUFB, now, SWAP_MASK);
    }
    asm.rr(MOVDQA_RM, WORDS, now);
    asm.rm(PADDD, WORDS, Mem.base(RCX, 16 * quarter));
    asm.rr(SHA256RNDS2, CDGH, ABEF);
    if (quarter >= 3 && quarter < 15) {
      asm.rr(MOVDQA_RM, TEMPORARY, now);
      asm.rri(PALIGNR, TEMPORARY, before, 4);
      asm.rr(PADDD, next, TEMPORARY);
      asm.rr(SHA256MSG2, next, now);
    }
    asm.rri(PSHUFD, WORDS, WORDS, 0x0E);
    asm.rr(SHA256RNDS2, ABEF, CDGH);
    if (quarter >= 1 && quarter < 13) {
      asm.rr(SHA256MSG1, before, now);
    }
  }

  private static int schedule(int quarter) {
    return SCHEDULE + quarter % 4;
  }
}
