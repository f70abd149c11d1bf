package dev.troupe.engine.runtime.stub;

import static dev.troupe.engine.asm.x64.X64Op.*;
import static dev.troupe.engine.asm.x64.X64Reg.*;

import dev.troupe.engine.asm.x64.Assembler;
import dev.troupe.engine.asm.x64.Mem;
import dev.troupe.engine.asm.x64.X64Cond;
import dev.troupe.engine.asm.x64.X64Feature;
import dev.troupe.engine.asm.x64.X64Op;
import dev.troupe.engine.contract.ExitCode;
import dev.troupe.engine.contract.StoreContext;
import java.util.ArrayList;
import java.util.List;

/**
 * memory.copy and memory.fill on addresses that the caller has checked: rdi destination, rsi source
 * or byte value, rdx bytes. Work is done in chunks; between chunks the preemption flag is looked
 * at, and when it is set the fiber leaves with {@link ExitCode#EPOCH} and continues where it was.
 * The preemption handler sets the flag when it interrupts this code.
 *
 * <p>Small blocks load everything before they store anything, so that overlap needs no thought.
 */
final class BulkStubs {
  /** Bytes between two looks at the preemption flag: a few microseconds. */
  static final int CHUNK_BYTES = 64 << 10;

  /** From so many bytes on, and so far ahead, the processor's own copy loop is faster. */
  static final int REP_FROM_BYTES = 2048;

  private static final int[] YIELD_SAVED = {RBX, RBP, R12, R13, R14, R15, RDI, RSI, RDX, RAX};

  private final StubEmitter emit;
  private final Assembler asm;
  private final boolean avx;
  private final boolean avx512;
  private final boolean fastRep;

  /** Bytes of one vector register, and how much one round of a loop moves. */
  private final int width;

  private final int round;

  /**
   * From so many bytes on, stores are aligned first: a store across two cache lines costs two. The
   * head takes at most one vector and one round.
   */
  private final int alignFromBytes;

  /** Where filling goes on once the bits to repeat are in rax. */
  private int repeated;

  /** Places of the yields: the label to bind, the label to continue at. */
  private final List<int[]> yields = new ArrayList<>();

  BulkStubs(StubEmitter emit) {
    this.emit = emit;
    this.asm = emit.asm;
    this.avx = emit.cpu.has(X64Feature.AVX);
    this.avx512 = avx && emit.cpu.has(X64Feature.AVX512F);
    this.fastRep = emit.cpu.has(X64Feature.ERMS);
    this.width = avx512 ? 64 : avx ? 32 : 16;
    this.round = 4 * width;
    this.alignFromBytes = round + width;
  }

  /** The copy routine; overlapping blocks behave as if copied through a buffer. */
  void copy() {
    int over16 = asm.newLabel();
    int backward = asm.newLabel();
    int vectors = asm.newLabel();
    asm.ri(CMP64_MI, RDX, 16);
    asm.jcc(X64Cond.A, over16);
    copyUpTo16();
    asm.bind(over16);
    copyVectors(2, 16);
    copyVectors(4, 16);
    if (avx) {
      copyVectors(4, 32);
      copyVectors(8, 32);
    }
    if (avx512) {
      copyVectors(8, 64);
    }
    asm.rr(MOV64_RM, RAX, RDI);
    asm.rr(SUB64_RM, RAX, RSI);
    asm.rr(CMP64_RM, RAX, RDX);
    asm.jcc(X64Cond.B, backward);
    if (avx512) {
      // Whole cache lines are as fast as the processor's own loop, and start at once.
      copyWithinChunk(true);
    }
    if (fastRep) {
      copyByProcessor(vectors);
    }
    asm.bind(vectors);
    if (!avx512) {
      copyWithinChunk(true);
    }
    copyLarge(true);
    asm.bind(backward);
    asm.rr(ADD64_RM, RDI, RDX);
    asm.rr(ADD64_RM, RSI, RDX);
    copyWithinChunk(false);
    copyLarge(false);
  }

  /** The fill routine. */
  void fill() {
    int over16 = asm.newLabel();
    asm.rr(MOVZX32_8, RAX, RSI);
    asm.movImm(RCX, 0x0101_0101_0101_0101L);
    asm.rr(IMUL64_RM, RAX, RCX);
    repeated = asm.newLabel();
    asm.bind(repeated);
    asm.ri(CMP64_MI, RDX, 16);
    asm.jcc(X64Cond.A, over16);
    fillUpTo16();
    asm.bind(over16);
    broadcast();
    fillVectors(2, 32);
    fillVectors(4, 64);
    fillLarge();
  }

  /** As {@link #fill}, behind it, with 64 bits to repeat in rsi. */
  void patternFill() {
    asm.rr(MOV64_RM, RAX, RSI);
    asm.jmp(repeated);
  }

  /** The parts that leave: placed behind the routines, where r15 is not always the guest's. */
  void yields() {
    for (int[] place : yields) {
      asm.bind(place[0]);
      emit.pushAll(YIELD_SAVED);
      emit.loadStoreContext(RDI);
      emit.recordCaller(YIELD_SAVED.length * Long.BYTES);
      emit.leaveAndResume(ExitCode.EPOCH);
      emit.popAll(YIELD_SAVED);
      asm.jmp(place[1]);
    }
    yields.clear();
  }

  private void copyUpTo16() {
    int[] bytes = {8, 4, 2};
    X64Op[] loads = {MOV64_RM, MOV32_RM, MOVZX32_16};
    X64Op[] stores = {MOV64_MR, MOV32_MR, MOV16_MR};
    for (int i = 0; i < bytes.length; i++) {
      int smaller = asm.newLabel();
      asm.ri(CMP32_MI, RDX, bytes[i]);
      asm.jcc(X64Cond.B, smaller);
      asm.rm(loads[i], RAX, Mem.base(RSI, 0));
      asm.rm(loads[i], RCX, Mem.baseIndex(RSI, RDX, 1, -bytes[i]));
      asm.mr(stores[i], Mem.base(RDI, 0), RAX);
      asm.mr(stores[i], Mem.baseIndex(RDI, RDX, 1, -bytes[i]), RCX);
      asm.op(RET);
      asm.bind(smaller);
    }
    int nothing = asm.newLabel();
    asm.rr(TEST32_MR, RDX, RDX);
    asm.jcc(X64Cond.E, nothing);
    asm.rm(MOVZX32_8, RAX, Mem.base(RSI, 0));
    asm.mr(MOV8_MR, Mem.base(RDI, 0), RAX);
    asm.bind(nothing);
    asm.op(RET);
  }

  private void fillUpTo16() {
    int[] bytes = {8, 4, 2};
    X64Op[] stores = {MOV64_MR, MOV32_MR, MOV16_MR};
    for (int i = 0; i < bytes.length; i++) {
      int smaller = asm.newLabel();
      asm.ri(CMP32_MI, RDX, bytes[i]);
      asm.jcc(X64Cond.B, smaller);
      asm.mr(stores[i], Mem.base(RDI, 0), RAX);
      asm.mr(stores[i], Mem.baseIndex(RDI, RDX, 1, -bytes[i]), RAX);
      asm.op(RET);
      asm.bind(smaller);
    }
    int nothing = asm.newLabel();
    asm.rr(TEST32_MR, RDX, RDX);
    asm.jcc(X64Cond.E, nothing);
    asm.mr(MOV8_MR, Mem.base(RDI, 0), RAX);
    asm.bind(nothing);
    asm.op(RET);
  }

  private static X64Op load(int bytes) {
    return bytes == 64 ? VMOVDQU64_Z_RM : bytes == 32 ? VMOVDQU_Y_RM : MOVUPS_RM;
  }

  private static X64Op store(int bytes) {
    return bytes == 64 ? VMOVDQU64_Z_MR : bytes == 32 ? VMOVDQU_Y_MR : MOVUPS_MR;
  }

  /** At most {@code count} pieces of {@code bytes}, half from the front and half from the end. */
  private void copyVectors(int count, int bytes) {
    int more = asm.newLabel();
    asm.ri(CMP64_MI, RDX, count * bytes);
    asm.jcc(X64Cond.A, more);
    for (int i = 0; i < count; i++) {
      asm.rm(load(bytes), XMM0 + i, piece(RSI, i, count, bytes));
    }
    for (int i = 0; i < count; i++) {
      asm.mr(store(bytes), piece(RDI, i, count, bytes), XMM0 + i);
    }
    clearUpper(bytes);
    asm.op(RET);
    asm.bind(more);
  }

  /** Wide vectors leave upper halves behind, which would slow down what works on lower ones. */
  private void clearUpper(int bytes) {
    if (bytes > 16) {
      asm.op(VZEROUPPER);
    }
  }

  private void fillVectors(int count, int limit) {
    int more = asm.newLabel();
    asm.ri(CMP64_MI, RDX, limit);
    asm.jcc(X64Cond.A, more);
    for (int i = 0; i < count; i++) {
      asm.mr(MOVUPS_MR, piece(RDI, i, count, 16), XMM0);
    }
    asm.op(RET);
    asm.bind(more);
  }

  private static Mem piece(int base, int i, int count, int bytes) {
    return i < count / 2
        ? Mem.base(base, bytes * i)
        : Mem.baseIndex(base, RDX, 1, -bytes * (count - i));
  }

  private void broadcast() {
    asm.rr(MOVQ_XR, XMM0, RAX);
    asm.rr(PUNPCKLQDQ, XMM0, XMM0);
  }

  /**
   * What fits into one chunk and is long enough for {@link #alignTarget}; else goes on behind. What
   * comes last, one round, is loaded before anything is stored, and stored where it ends: nothing
   * is left over to be moved in small pieces.
   */
  private void copyWithinChunk(boolean forward) {
    int other = asm.newLabel();
    int rounds = asm.newLabel();
    int end = asm.newLabel();
    asm.rm(LEA64, RCX, Mem.base(RDX, -alignFromBytes));
    asm.ri(CMP64_MI, RCX, CHUNK_BYTES - alignFromBytes);
    asm.jcc(X64Cond.A, other);
    asm.rr(MOV64_RM, RCX, RSI);
    asm.rr(forward ? ADD64_RM : SUB64_RM, RCX, RDX);
    int last = forward ? -round : 0;
    for (int i = 0; i < 4; i++) {
      asm.rm(load(width), XMM4 + i, Mem.base(RCX, last + i * width));
    }
    alignTarget(forward);
    asm.rr(MOV64_RM, RAX, RDI);
    asm.rr(forward ? ADD64_RM : SUB64_RM, RAX, RDX);
    asm.ri(SUB64_MI, RDX, round);
    asm.jcc(X64Cond.BE, end);
    asm.align(16);
    asm.bind(rounds);
    move(4, width, forward);
    asm.ri(SUB64_MI, RDX, round);
    asm.jcc(X64Cond.A, rounds);
    asm.bind(end);
    for (int i = 0; i < 4; i++) {
      asm.mr(store(width), Mem.base(RAX, last + i * width), XMM4 + i);
    }
    clearUpper(width);
    asm.op(RET);
    asm.bind(other);
  }

  /** More than 64 bytes; forward, or backward with both pointers behind the blocks. */
  private void copyLarge(boolean forward) {
    int chunk = asm.newLabel();
    int rounds = asm.newLabel();
    int chunkDone = asm.newLabel();
    int tail = asm.newLabel();
    asm.ri(CMP64_MI, RDX, alignFromBytes);
    asm.jcc(X64Cond.B, chunk);
    alignTarget(forward);
    asm.bind(chunk);
    takeChunk();
    asm.ri(SUB64_MI, RCX, round);
    asm.jcc(X64Cond.B, chunkDone);
    asm.align(16);
    asm.bind(rounds);
    move(4, width, forward);
    asm.ri(SUB64_MI, RCX, round);
    asm.jcc(X64Cond.AE, rounds);
    asm.bind(chunkDone);
    asm.rr(TEST64_MR, RDX, RDX);
    asm.jcc(X64Cond.E, tail);
    lookAtFlag(chunk);
    asm.bind(tail);
    clearUpper(width);
    // rcx is negative by one round, which leaves the bits below the round's size as they were.
    for (int bytes = round / 2; bytes >= 1; bytes /= 2) {
      int skip = asm.newLabel();
      asm.ri(TEST8_MI, RCX, bytes);
      asm.jcc(X64Cond.E, skip);
      if (bytes >= 16) {
        move(bytes / 16, 16, forward);
      } else {
        moveScalar(bytes, forward);
      }
      asm.bind(skip);
    }
    asm.op(RET);
  }

  /**
   * Copies what precedes a multiple of the vector's size in the target, and one round more. The
   * head is loaded with the first round before either is stored, so that overlap does no harm.
   */
  private void alignTarget(boolean forward) {
    int head = forward ? 0 : -width;
    int from = forward ? 0 : -round;
    asm.rm(load(width), XMM8, Mem.base(RSI, head));
    asm.rr(MOV64_RM, RAX, RDI);
    asm.rr(MOV64_RM, RCX, RDI);
    asm.ri(AND32_MI, RCX, width - 1);
    if (forward) {
      asm.ri(SUB64_MI, RCX, width);
    }
    asm.rr(SUB64_RM, RSI, RCX);
    asm.rr(SUB64_RM, RDI, RCX);
    for (int i = 0; i < 4; i++) {
      asm.rm(load(width), XMM0 + i, Mem.base(RSI, from + i * width));
    }
    asm.mr(store(width), Mem.base(RAX, head), XMM8);
    for (int i = 0; i < 4; i++) {
      asm.mr(store(width), Mem.base(RDI, from + i * width), XMM0 + i);
    }
    advance(forward ? round : -round);
    asm.rr(forward ? ADD64_RM : SUB64_RM, RDX, RCX);
    asm.ri(SUB64_MI, RDX, round);
  }

  /**
   * Goes to {@code vectors} unless the block is large and its source far enough from the target.
   */
  private void copyByProcessor(int vectors) {
    int chunk = asm.newLabel();
    int done = asm.newLabel();
    asm.ri(CMP64_MI, RDX, REP_FROM_BYTES);
    asm.jcc(X64Cond.B, vectors);
    asm.r(NEG64, RAX);
    asm.ri(CMP64_MI, RAX, REP_FROM_BYTES);
    asm.jcc(X64Cond.B, vectors);
    asm.bind(chunk);
    takeChunk();
    asm.op(REP_MOVSB);
    asm.rr(TEST64_MR, RDX, RDX);
    asm.jcc(X64Cond.E, done);
    lookAtFlag(chunk);
    asm.bind(done);
    asm.op(RET);
  }

  private void fillLarge() {
    int chunk = asm.newLabel();
    int rounds = asm.newLabel();
    int chunkDone = asm.newLabel();
    int tail = asm.newLabel();
    asm.bind(chunk);
    broadcast();
    takeChunk();
    asm.ri(SUB64_MI, RCX, 64);
    asm.jcc(X64Cond.B, chunkDone);
    asm.align(16);
    asm.bind(rounds);
    for (int i = 0; i < 4; i++) {
      asm.mr(MOVUPS_MR, Mem.base(RDI, 16 * i), XMM0);
    }
    asm.ri(ADD64_MI, RDI, 64);
    asm.ri(SUB64_MI, RCX, 64);
    asm.jcc(X64Cond.AE, rounds);
    asm.bind(chunkDone);
    asm.rr(TEST64_MR, RDX, RDX);
    asm.jcc(X64Cond.E, tail);
    lookAtFlag(chunk);
    asm.bind(tail);
    // rdi + rcx is 64 bytes before the end, and everything before rdi is filled already.
    for (int i = 0; i < 4; i++) {
      asm.mr(MOVUPS_MR, Mem.baseIndex(RDI, RCX, 1, 16 * i), XMM0);
    }
    asm.op(RET);
  }

  /** rcx = min(rdx, chunk); rdx -= rcx. */
  private void takeChunk() {
    asm.ri(MOV32_RI, RCX, CHUNK_BYTES);
    asm.rr(CMP64_RM, RDX, RCX);
    asm.cmov(CMOV64, X64Cond.B, RCX, RDX);
    asm.rr(SUB64_RM, RDX, RCX);
  }

  /** Continues at {@code next}, by way of the host if the flag is set. */
  private void lookAtFlag(int next) {
    int yield = asm.newLabel();
    emit.loadStoreContext(RCX);
    asm.rm(MOV64_RM, RCX, StubEmitter.field(RCX, StoreContext.PREEMPT_FLAG));
    asm.mi(CMP32_MI, Mem.base(RCX, 0), 0);
    asm.jcc(X64Cond.E, next);
    asm.jmp(yield);
    yields.add(new int[] {yield, next});
  }

  /** Moves {@code count} vectors, all loads before the stores, and the pointers with them. */
  private void move(int count, int bytes, boolean forward) {
    int total = count * bytes;
    int from = forward ? 0 : -total;
    for (int i = 0; i < count; i++) {
      asm.rm(load(bytes), XMM0 + i, Mem.base(RSI, from + i * bytes));
    }
    for (int i = 0; i < count; i++) {
      asm.mr(store(bytes), Mem.base(RDI, from + i * bytes), XMM0 + i);
    }
    advance(forward ? total : -total);
  }

  private void moveScalar(int bytes, boolean forward) {
    int from = forward ? 0 : -bytes;
    Mem source = Mem.base(RSI, from);
    Mem target = Mem.base(RDI, from);
    switch (bytes) {
      case 8 -> {
        asm.rm(MOV64_RM, RAX, source);
        asm.mr(MOV64_MR, target, RAX);
      }
      case 4 -> {
        asm.rm(MOV32_RM, RAX, source);
        asm.mr(MOV32_MR, target, RAX);
      }
      case 2 -> {
        asm.rm(MOVZX32_16, RAX, source);
        asm.mr(MOV16_MR, target, RAX);
      }
      case 1 -> {
        asm.rm(MOVZX32_8, RAX, source);
        asm.mr(MOV8_MR, target, RAX);
      }
      default -> throw new IllegalStateException("no scalar of " + bytes + " bytes");
    }
    advance(forward ? bytes : -bytes);
  }

  private void advance(int bytes) {
    asm.ri(ADD64_MI, RSI, bytes);
    asm.ri(ADD64_MI, RDI, bytes);
  }
}
