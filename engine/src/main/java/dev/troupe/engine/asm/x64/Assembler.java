package dev.troupe.engine.asm.x64;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Assembles one function or stub.
 *
 * <p>Every method names a row of {@link X64Op} and passes its operands in the row's order; letters
 * in the method name say what is passed: {@code r} register, {@code m} memory, {@code i} immediate.
 * A mismatch between the row and the call is our bug and an {@link IllegalStateException}.
 *
 * <p>Offsets are final only after {@link #finish()}, because branches take their short form where
 * they reach. Take a {@link #mark()} where an offset is needed and ask {@link #offsetOf(int)}
 * afterwards. Labels and marks are small dense ints. The bytes do not depend on anything but the
 * calls made.
 *
 * <p>Not thread-safe; {@link #reset()} makes an instance ready for the next function.
 */
public final class Assembler {
  private static final int MEMORY = Encoder.MEMORY;
  private static final int FIXUP_RIP = 0;
  private static final int FIXUP_DIFFERENCE = 1;
  private static final int FIXUP_EXTERNAL = 2;

  /** Ints per fixup: kind, raw offset, items before, and two arguments. */
  private static final int FIXUP_STRIDE = 5;

  private final CodeBuffer raw = new CodeBuffer();
  private final Layout layout = new Layout();
  private int fixupCount;
  private int[] fixups = new int[8 * FIXUP_STRIDE];
  private int externalCount;
  private int[] externalOffsets = new int[8];
  private int[] externalSymbols = new int[8];
  private int[] externalAddends = new int[8];
  private @Nullable Listing listing;
  private boolean finished;

  /** Keeps a listing from here on: see {@link #listing()}. */
  public Assembler withListing() {
    listing = new Listing(layout);
    return this;
  }

  /** Forgets everything that was assembled; a listing stays switched on or off. */
  public void reset() {
    raw.clear();
    layout.clear();
    fixupCount = 0;
    externalCount = 0;
    finished = false;
    if (listing != null) {
      listing = new Listing(layout);
    }
  }

  // --- Instructions

  /** No operands. */
  public void op(X64Op op) {
    emit(op, 0, 0, 0, 0, 0, Mem.NONE, 0, 0);
  }

  public void r(X64Op op, int a) {
    emit(op, 1, a, 0, 0, 0, Mem.NONE, 0, 0);
  }

  public void m(X64Op op, Mem a) {
    emit(op, 1, MEMORY, 0, 0, 0, a, 0, 0);
  }

  public void i(X64Op op, long immediate) {
    emit(op, 0, 0, 0, 0, 0, Mem.NONE, immediate, 0);
  }

  public void rr(X64Op op, int a, int b) {
    emit(op, 2, a, b, 0, 0, Mem.NONE, 0, 0);
  }

  public void rm(X64Op op, int a, Mem b) {
    emit(op, 2, a, MEMORY, 0, 0, b, 0, 0);
  }

  public void mr(X64Op op, Mem a, int b) {
    emit(op, 2, MEMORY, b, 0, 0, a, 0, 0);
  }

  public void ri(X64Op op, int a, long immediate) {
    emit(op, 1, a, 0, 0, 0, Mem.NONE, immediate, 0);
  }

  public void mi(X64Op op, Mem a, long immediate) {
    emit(op, 1, MEMORY, 0, 0, 0, a, immediate, 0);
  }

  public void rri(X64Op op, int a, int b, long immediate) {
    emit(op, 2, a, b, 0, 0, Mem.NONE, immediate, 0);
  }

  public void rmi(X64Op op, int a, Mem b, long immediate) {
    emit(op, 2, a, MEMORY, 0, 0, b, immediate, 0);
  }

  public void mri(X64Op op, Mem a, int b, long immediate) {
    emit(op, 2, MEMORY, b, 0, 0, a, immediate, 0);
  }

  public void rrr(X64Op op, int a, int b, int c) {
    emit(op, 3, a, b, c, 0, Mem.NONE, 0, 0);
  }

  public void rrm(X64Op op, int a, int b, Mem c) {
    emit(op, 3, a, b, MEMORY, 0, c, 0, 0);
  }

  public void rmr(X64Op op, int a, Mem b, int c) {
    emit(op, 3, a, MEMORY, c, 0, b, 0, 0);
  }

  public void rrri(X64Op op, int a, int b, int c, long immediate) {
    emit(op, 3, a, b, c, 0, Mem.NONE, immediate, 0);
  }

  public void rrmi(X64Op op, int a, int b, Mem c, long immediate) {
    emit(op, 3, a, b, MEMORY, 0, c, immediate, 0);
  }

  public void rrrr(X64Op op, int a, int b, int c, int d) {
    emit(op, 4, a, b, c, d, Mem.NONE, 0, 0);
  }

  public void rrmr(X64Op op, int a, int b, Mem c, int d) {
    emit(op, 4, a, b, MEMORY, d, c, 0, 0);
  }

  /** SETcc of a register's low byte; the other bits stay. */
  public void setcc(X64Cond condition, int a) {
    emit(X64Op.SETCC, 1, a, 0, 0, 0, Mem.NONE, 0, condition.ordinal());
  }

  /** SETcc of a byte in memory. */
  public void setcc(X64Cond condition, Mem a) {
    emit(X64Op.SETCC, 1, MEMORY, 0, 0, 0, a, 0, condition.ordinal());
  }

  /** CMOVcc of one of the rows {@code CMOV16}, {@code CMOV32}, {@code CMOV64}. */
  public void cmov(X64Op op, X64Cond condition, int a, int b) {
    emit(op, 2, a, b, 0, 0, Mem.NONE, 0, condition.ordinal());
  }

  /** CMOVcc from memory; the load happens whatever the condition. */
  public void cmov(X64Op op, X64Cond condition, int a, Mem b) {
    emit(op, 2, a, MEMORY, 0, 0, b, 0, condition.ordinal());
  }

  /**
   * Any row, for callers that are tables themselves.
   *
   * @param count number of values; unused ones are ignored
   * @param a a register, or -1 for the memory operand; likewise {@code b}, {@code c}, {@code d}
   * @param mem the memory operand, or {@link Mem#NONE}
   * @param immediate the immediate, ignored if the row has none
   * @param condition number of the condition, ignored if the row takes none
   */
  public void emit(
      X64Op op, int count, int a, int b, int c, int d, Mem mem, long immediate, int condition) {
    check(op, count, a, b, c, d, mem);
    long value = op.row().immediateOperand >= 0 ? Encoder.normalize(op, immediate) : 0;
    if (listing != null) {
      listing.instruction(raw.size(), op, new int[] {a, b, c, d}, mem, value, condition, -1, -1);
    }
    int ripAt = Encoder.encode(raw, op, a, b, c, d, mem, value, condition);
    if (ripAt >= 0) {
      int trailing = raw.size() - ripAt - 4;
      if (mem.symbol >= 0) {
        addFixup(FIXUP_EXTERNAL, ripAt, mem.symbol, mem.displacement - 4 - trailing);
      } else {
        addFixup(FIXUP_RIP, ripAt, mem.label, trailing);
      }
    }
  }

  /**
   * Loads a constant with the shortest move: 5 bytes if the upper half is zero, 7 if it is the
   * sign, else 10. Never touches flags; a zero is moved, not xored.
   */
  public void movImm(int register, long value) {
    if (value >>> 32 == 0) {
      ri(X64Op.MOV32_RI, register, value);
    } else if (value == (int) value) {
      ri(X64Op.MOV64_MI, register, value);
    } else {
      ri(X64Op.MOV64_RI, register, value);
    }
  }

  // --- Control flow and positions

  /** A label that {@link #bind(int)} places once. */
  public int newLabel() {
    return layout.newPosition();
  }

  /** Places a label here. */
  public void bind(int label) {
    if (layout.isSet(label)) {
      throw new IllegalStateException("label " + label + " is bound twice");
    }
    layout.set(label, raw.size());
    if (listing != null) {
      listing.label(raw.size(), label);
    }
  }

  /** A new label, placed here. */
  public int bindNew() {
    int label = newLabel();
    bind(label);
    return label;
  }

  /** Remembers "here": its offset is {@link #offsetOf(int)} after {@link #finish()}. */
  public int mark() {
    int mark = layout.newPosition();
    layout.set(mark, raw.size());
    return mark;
  }

  public void jmp(int label) {
    branch(X64Op.JMP, 0, label);
  }

  public void jcc(X64Cond condition, int label) {
    branch(X64Op.JCC, condition.ordinal(), label);
  }

  /** Calls a label of this assembler. */
  public void call(int label) {
    near(X64Op.CALL, label, -1);
  }

  /** Calls a symbol that the linker step resolves: see {@link #externalCount()}. */
  public void callExternal(int symbol) {
    near(X64Op.CALL, -1, symbol);
  }

  /** Jumps to a symbol that the linker step resolves (a tail call). */
  public void jmpExternal(int symbol) {
    near(X64Op.JMP, -1, symbol);
  }

  /** Loads the address of a symbol that the linker step resolves. */
  public void leaExternal(int register, int symbol) {
    rm(X64Op.LEA64, register, Mem.ripExternal(symbol, 0));
  }

  /**
   * Pads with no-operations to a multiple of {@code alignment}, a power of two, counted from the
   * start of the function: the function must be placed at a multiple of {@link #maxAlignment()}.
   */
  public void align(int alignment) {
    if (Integer.bitCount(alignment) != 1) {
      throw new IllegalStateException("alignment is not a power of two: " + alignment);
    }
    layout.align(raw.size(), alignment);
    if (listing != null) {
      listing.align(raw.size());
    }
  }

  /** Appends bytes as they are. */
  public void data(byte[] bytes) {
    raw.put(bytes, 0, bytes.length);
    if (listing != null) {
      listing.data(raw.size() - bytes.length, bytes.length);
    }
  }

  /** Appends the 32-bit distance {@code offset(label) - offset(from)}: an entry of a jump table. */
  public void dataDistance32(int label, int from) {
    addFixup(FIXUP_DIFFERENCE, raw.size(), label, from);
    raw.put32(0);
    if (listing != null) {
      listing.data(raw.size() - 4, 4);
    }
  }

  /** Appends a remark to the listing, if there is one. */
  public void comment(String text) {
    if (listing != null) {
      listing.comment(raw.size(), text);
    }
  }

  /** Whether a listing is kept: lets callers avoid building comments. */
  public boolean isListing() {
    return listing != null;
  }

  /**
   * Size so far in bytes, branches and padding not counted: a lower bound for progress and limits.
   */
  public int sizeEstimate() {
    return raw.size();
  }

  // --- Results

  /**
   * Fixes all offsets and returns the code.
   *
   * @throws IllegalStateException if a used label was never bound
   */
  public byte[] finish() {
    if (finished) {
      throw new IllegalStateException("assembler is finished already: reset it");
    }
    finished = true;
    layout.relax();
    byte[] code = layout.write(raw);
    for (int i = 0; i < fixupCount; i++) {
      applyFixup(code, i * FIXUP_STRIDE);
    }
    if (listing != null) {
      listing.finish(code);
    }
    return code;
  }

  /** Final offset of a mark or a bound label. */
  public int offsetOf(int mark) {
    requireFinished();
    return layout.offset(mark);
  }

  /** Largest alignment asked for: the function's start must be aligned to it. */
  public int maxAlignment() {
    return layout.maxAlignment();
  }

  /**
   * Number of places that the linker step patches: at each, the 32-bit value {@code address(symbol)
   * + addend - address(place)}.
   */
  public int externalCount() {
    requireFinished();
    return externalCount;
  }

  /** Offset of the 32-bit field of an external reference. */
  public int externalOffset(int i) {
    return externalOffsets[i];
  }

  public int externalSymbol(int i) {
    return externalSymbols[i];
  }

  public int externalAddend(int i) {
    return externalAddends[i];
  }

  /**
   * The listing of the finished function.
   *
   * @throws IllegalStateException if none was kept
   */
  public Listing listing() {
    requireFinished();
    if (listing == null) {
      throw new IllegalStateException("no listing was kept");
    }
    return listing;
  }

  private void requireFinished() {
    if (!finished) {
      throw new IllegalStateException("offsets are known only after finish()");
    }
  }

  private void branch(X64Op op, int condition, int label) {
    if (listing != null) {
      listing.instruction(raw.size(), op, new int[0], Mem.NONE, 0, condition, label, -1);
    }
    layout.branch(raw.size(), op, condition, label);
  }

  private void near(X64Op op, int label, int symbol) {
    if (listing != null) {
      listing.instruction(raw.size(), op, new int[0], Mem.NONE, 0, 0, label, symbol);
    }
    X64Encoding[] encodings = op.row().encodings;
    raw.put8(encodings[encodings.length - 1].opcode);
    if (symbol >= 0) {
      addFixup(FIXUP_EXTERNAL, raw.size(), symbol, -4);
    } else {
      addFixup(FIXUP_RIP, raw.size(), label, 0);
    }
    raw.put32(0);
  }

  private void addFixup(int kind, int at, int first, int second) {
    int from = fixupCount * FIXUP_STRIDE;
    if (from == fixups.length) {
      fixups = Arrays.copyOf(fixups, from * 2);
    }
    fixups[from] = kind;
    fixups[from + 1] = at;
    fixups[from + 2] = layout.itemCount();
    fixups[from + 3] = first;
    fixups[from + 4] = second;
    fixupCount++;
  }

  private void applyFixup(byte[] code, int from) {
    int at = layout.offset(fixups[from + 1], fixups[from + 2]);
    int first = fixups[from + 3];
    int second = fixups[from + 4];
    switch (fixups[from]) {
      case FIXUP_RIP -> CodeBuffer.set32(code, at, layout.offset(first) - (at + 4 + second));
      case FIXUP_DIFFERENCE ->
          CodeBuffer.set32(code, at, layout.offset(first) - layout.offset(second));
      default -> addExternal(at, first, second);
    }
  }

  private void addExternal(int at, int symbol, int addend) {
    if (externalCount == externalOffsets.length) {
      externalOffsets = Arrays.copyOf(externalOffsets, externalCount * 2);
      externalSymbols = Arrays.copyOf(externalSymbols, externalCount * 2);
      externalAddends = Arrays.copyOf(externalAddends, externalCount * 2);
    }
    externalOffsets[externalCount] = at;
    externalSymbols[externalCount] = symbol;
    externalAddends[externalCount] = addend;
    externalCount++;
  }

  private static void check(X64Op op, int count, int a, int b, int c, int d, Mem mem) {
    X64Operand[] operands = op.row().values;
    if (count != operands.length) {
      throw new IllegalStateException(op + " takes " + operands.length + " operands, not " + count);
    }
    boolean memory = false;
    for (int i = 0; i < count; i++) {
      int value = Encoder.value(i, a, b, c, d);
      X64Operand operand = operands[i];
      boolean fits;
      if (value == MEMORY) {
        memory = true;
        fits = operand.allowsMemory();
      } else {
        fits =
            operand.allowsRegister()
                && (operand.vector() ? X64Reg.isVector(value) : X64Reg.isGeneral(value));
      }
      if (!fits) {
        throw new IllegalStateException(op + ": operand " + i + " cannot be " + value);
      }
    }
    if (memory == (mem == Mem.NONE)) {
      throw new IllegalStateException(op + ": memory operand missing or superfluous");
    }
  }
}
