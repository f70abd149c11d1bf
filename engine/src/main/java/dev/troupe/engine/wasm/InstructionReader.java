package dev.troupe.engine.wasm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Walks instructions without allocating: {@link #next()} reads one, the accessors give its
 * immediates until the following call.
 *
 * <p>It reports what is malformed (unknown opcodes, bad LEB128, ...) and disabled features;
 * nesting, types and index ranges are the validator's business. Walking a validated body cannot
 * fail.
 *
 * <p>Which accessors are meaningful depends on {@link WasmOp#immediate()}; the table is in the
 * Javadoc of the accessors. One reader serves any number of bodies through {@link #position(int)}.
 */
public final class InstructionReader {
  private static final int MEMORY_INDEX_FLAG = 0x40;

  private final WasmReader in;
  private final WasmFeatures features;
  private final TypeReader types;
  // Unprefixed instructions of enabled features; everything else takes the slow path.
  private final @Nullable WasmOp[] plain = new @Nullable WasmOp[256];

  private int offset;
  private int index;
  private int index2;
  private long value;
  private long valueHigh;
  private int alignLog2;
  private int blockType;
  private HeapType heapType = AbstractHeapType.FUNC;
  private HeapType heapType2 = AbstractHeapType.FUNC;
  private int[] list = new int[16];
  private int listSize;

  /** A reader over a whole module's bytes, at offset 0. */
  public InstructionReader(byte[] bytes, WasmFeatures features) {
    this(new WasmReader(bytes, 0, bytes.length), features);
  }

  /** A reader that continues where {@code in} stands. */
  public InstructionReader(WasmReader in, WasmFeatures features) {
    this.in = in;
    this.features = features;
    this.types = new TypeReader(in, features);
    for (int code = 0; code < plain.length; code++) {
      WasmOp op = WasmOp.ofOpcode(code);
      plain[code] = op != null && features.contains(op.feature()) ? op : null;
    }
  }

  /** Offset of the next instruction. */
  public int position() {
    return in.position();
  }

  /** Continues at another offset. */
  public void position(int offset) {
    in.position(offset);
  }

  /** Offset of the instruction read last. */
  public int offset() {
    return offset;
  }

  /**
   * The index of the kind that {@link WasmOp#immediate()} names first: label, function, type,
   * local, global, table, memory, element or data segment, tag. For {@code br_table} the default
   * label. For memory accesses the memory.
   */
  public int index() {
    return index;
  }

  /**
   * The second index: the table of {@code call_indirect} and {@code table.init}, the source of
   * {@code table.copy} and {@code memory.copy}, the memory of {@code memory.init}, a field, a
   * count, a lane of a memory access, the flags of a cast branch.
   */
  public int index2() {
    return index2;
  }

  /** {@code i32.const}, the bits of {@code f32.const}, a lane. */
  public int i32() {
    return (int) value;
  }

  /** {@code i64.const}, the bits of {@code f64.const}, the low half of {@code v128.const}. */
  public long i64() {
    return value;
  }

  /** The high half of {@code v128.const} and of a shuffle's lanes. */
  public long i64High() {
    return valueHigh;
  }

  /** The constant offset of a memory access; unsigned. */
  public long memoryOffset() {
    return value;
  }

  /** The base-2 logarithm of the alignment that a memory access promises. */
  public int alignLog2() {
    return alignLog2;
  }

  /** The block type; see {@link BlockType}. */
  public int blockType() {
    return blockType;
  }

  /** A heap type; of a cast branch, the source. */
  public HeapType heapType() {
    return heapType;
  }

  /** The target heap type of a cast branch. */
  public HeapType heapType2() {
    return heapType2;
  }

  /**
   * Size of {@link #listItem(int)}: targets of {@code br_table} without the default, types of
   * {@code select}, three ints per catch clause.
   */
  public int listSize() {
    return listSize;
  }

  /** Label, {@linkplain ValType#code() type code}, or part of a catch clause (kind, tag, label). */
  public int listItem(int i) {
    return list[i];
  }

  /** Reads one instruction with its immediates. */
  public WasmOp next() {
    offset = in.position();
    int code = in.u8();
    WasmOp op = plain[code];
    if (op == null) {
      op = prefixed(code);
    }
    readImmediates(op);
    return op;
  }

  private WasmOp prefixed(int code) {
    WasmOp op;
    if (WasmOp.isPrefix(code)) {
      int opcode = in.u32();
      op = WasmOp.ofOpcode(code, opcode);
      if (op == null) {
        String text = String.format("illegal opcode %02x %02x", code, opcode);
        throw new MalformedException(text, offset);
      }
    } else {
      op = WasmOp.ofOpcode(code);
      if (op == null) {
        throw new MalformedException(String.format("illegal opcode %02x", code), offset);
      }
    }
    if (!features.contains(op.feature())) {
      throw new FeatureDisabledException(op.feature(), op.mnemonic(), offset);
    }
    return op;
  }

  private void readImmediates(WasmOp op) {
    switch (op.immediate()) {
      case NONE -> {}
      case BLOCK_TYPE -> blockType = readBlockType();
      case TRY_TABLE -> {
        blockType = readBlockType();
        readCatches();
      }
      case LABEL, FUNCTION, TYPE, LOCAL, GLOBAL, TABLE, ELEMENT, DATA, TAG -> index = in.u32();
      case LABEL_TABLE -> readLabels();
      case BRANCH_ON_CAST -> {
        index2 = in.u8();
        if (index2 > 3) {
          throw new MalformedException("malformed br_on_cast flags", in.position() - 1);
        }
        index = in.u32();
        heapType = types.heapType();
        heapType2 = types.heapType();
      }
      case CALL_INDIRECT,
          TABLE_INIT,
          TABLE_COPY,
          TYPE_FIELD,
          TYPE_COUNT,
          TYPE_DATA,
          TYPE_ELEMENT,
          TYPE_TYPE -> {
        index = in.u32();
        index2 = in.u32();
      }
      case SELECT_TYPES -> readSelectTypes();
      case MEM_ARG -> readMemArg();
      case MEM_ARG_LANE -> {
        readMemArg();
        index2 = in.u8();
      }
      case MEMORY -> index = readMemoryIndex();
      case MEMORY_INIT -> {
        index = in.u32();
        index2 = readMemoryIndex();
      }
      case MEMORY_COPY -> {
        index = readMemoryIndex();
        index2 = readMemoryIndex();
      }
      case I32 -> value = in.s32();
      case I64 -> value = in.s64();
      case F32 -> value = in.fixed32();
      case F64 -> value = in.fixed64();
      case V128, SHUFFLE -> {
        value = in.fixed64();
        valueHigh = in.fixed64();
      }
      case LANE -> value = in.u8();
      case HEAP_TYPE -> heapType = types.heapType();
      case ZERO_BYTE -> {
        if (in.u8() != 0) {
          throw new MalformedException("zero byte expected", in.position() - 1);
        }
      }
    }
  }

  private int readBlockType() {
    int b = in.peek();
    if (b == 0x40) {
      in.skip(1);
      return BlockType.EMPTY;
    }
    // One-byte negative numbers are value types; everything else is a type index.
    if ((b & 0xC0) == 0x40) {
      return BlockType.ofResult(types.valType());
    }
    long typeIndex = in.s33();
    if (typeIndex < 0) {
      throw new MalformedException("malformed block type", offset + 1);
    }
    if (!features.contains(WasmFeature.MULTI_VALUE)) {
      throw new FeatureDisabledException(WasmFeature.MULTI_VALUE, "block type", offset + 1);
    }
    if (typeIndex > ConcreteHeapType.MAX_TYPE_INDEX) {
      throw new InvalidException("unknown type " + typeIndex, offset + 1);
    }
    return (int) typeIndex;
  }

  private void readMemArg() {
    int start = in.position();
    int flags = in.u32();
    if (Integer.compareUnsigned(flags, 2 * MEMORY_INDEX_FLAG) >= 0) {
      throw new MalformedException("malformed memop flags", start);
    }
    index = (flags & MEMORY_INDEX_FLAG) != 0 ? readMemoryIndex() : 0;
    alignLog2 = flags & (MEMORY_INDEX_FLAG - 1);
    value = in.u64();
  }

  private int readMemoryIndex() {
    int start = in.position();
    int memory = in.u32();
    if (memory != 0 && !features.contains(WasmFeature.MULTI_MEMORY)) {
      throw new FeatureDisabledException(
          WasmFeature.MULTI_MEMORY, "memory index " + Integer.toUnsignedString(memory), start);
    }
    return memory;
  }

  private void readLabels() {
    int count = in.length();
    listSize = 0;
    for (int i = 0; i < count; i++) {
      append(in.u32());
    }
    index = in.u32();
  }

  private void readSelectTypes() {
    int count = in.length();
    listSize = 0;
    for (int i = 0; i < count; i++) {
      append(types.valType().code());
    }
  }

  private void readCatches() {
    int count = in.length();
    listSize = 0;
    for (int i = 0; i < count; i++) {
      int kind = in.u8();
      if (kind > 3) {
        throw new MalformedException("malformed catch clause", in.position() - 1);
      }
      append(kind);
      append(kind < 2 ? in.u32() : -1);
      append(in.u32());
    }
  }

  private void append(int item) {
    if (listSize == list.length) {
      list = Arrays.copyOf(list, 2 * listSize);
    }
    list[listSize++] = item;
  }
}
