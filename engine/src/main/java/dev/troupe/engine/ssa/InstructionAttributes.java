package dev.troupe.engine.ssa;

import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.TrapKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The part of {@link SsaFunction} that says what each instruction is, in parallel arrays. */
abstract class InstructionAttributes {
  /** The byte offset of an instruction that stems from no WebAssembly instruction. */
  public static final int NO_OFFSET = -1;

  private static final SsaOp[] OPS = SsaOp.values();
  private static final SsaType[] TYPES = SsaType.values();
  private static final IntCondition[] INT_CONDITIONS = IntCondition.values();
  private static final FloatCondition[] FLOAT_CONDITIONS = FloatCondition.values();
  private static final MemoryAccess[] ACCESSES = MemoryAccess.values();
  private static final Builtin[] BUILTINS = Builtin.values();
  private static final Likelihood[] LIKELIHOODS = Likelihood.values();
  private static final byte NO_TYPE = -1;

  private static final List<Handler> NO_HANDLERS = List.of();

  private record Bits(long low, long high) {}

  private final List<SsaSignature> callSignatures = new ArrayList<>();
  private final List<Bits> vectorBits = new ArrayList<>();
  private final Map<Bits, Integer> vectorBitsIds = new HashMap<>();
  private final Map<Integer, List<Handler>> handlers = new HashMap<>();
  private byte[] op = new byte[64];
  private byte[] type = new byte[64];
  private byte[] detail = new byte[64];
  private int[] auxiliary = new int[64];
  private int[] region = new int[64];
  private long[] immediate = new long[64];
  private int[] wasmOffset = new int[64];

  final void growAttributes(int size) {
    op = Arrays.copyOf(op, size);
    type = Arrays.copyOf(type, size);
    detail = Arrays.copyOf(detail, size);
    auxiliary = Arrays.copyOf(auxiliary, size);
    region = Arrays.copyOf(region, size);
    immediate = Arrays.copyOf(immediate, size);
    wasmOffset = Arrays.copyOf(wasmOffset, size);
  }

  /** Sets operation and type, and everything but the byte offset to zero. */
  final void resetAttributes(int instruction, SsaOp operation, SsaType controllingType) {
    if (!handlers.isEmpty()) {
      handlers.remove(instruction);
    }
    op[instruction] = (byte) operation.ordinal();
    type[instruction] = operation.isTyped() ? (byte) controllingType.ordinal() : NO_TYPE;
    detail[instruction] = 0;
    auxiliary[instruction] = 0;
    region[instruction] = Region.NONE;
    immediate[instruction] = 0;
  }

  /** Copies everything but operation, type and byte offset; what is interned is interned here. */
  final void copyAttributes(InstructionAttributes from, int original, int copy) {
    detail[copy] = from.detail[original];
    immediate[copy] =
        from.op(original).has(SsaOp.Attribute.VECTOR_BITS)
            ? internVector(from.vectorLow(original), from.vectorHigh(original))
            : from.immediate[original];
    region[copy] = from.region[original];
    if (from.op(original).hasHandlers()) {
      setHandlers(copy, from.handlers(original));
    }
    auxiliary[copy] =
        from.op(original).has(SsaOp.Attribute.SIGNATURE)
            ? internSignature(from.callSignature(original))
            : from.auxiliary[original];
  }

  /** Operation of {@code instruction}. */
  public SsaOp op(int instruction) {
    return OPS[op[instruction] & 0xFF];
  }

  /** Controlling type; only of operations that carry one. */
  public SsaType controllingType(int instruction) {
    return TYPES[type[instruction]];
  }

  /**
   * Byte offset of the WebAssembly instruction in its module, or {@link #NO_OFFSET}; of inlined
   * instructions, below that, a position that {@link InlinedCalls} explains.
   */
  public int wasmOffset(int instruction) {
    return wasmOffset[instruction];
  }

  /** Sets the field read by {@link #wasmOffset}. */
  public void setWasmOffset(int instruction, int offsetBytes) {
    wasmOffset[instruction] = offsetBytes;
  }

  /** Id of {@code call} among the signatures of calls, adding it if it is new. */
  public int internSignature(SsaSignature call) {
    int id = callSignatures.indexOf(call);
    if (id < 0) {
      id = callSignatures.size();
      callSignatures.add(call);
    }
    return id;
  }

  /** Id of these 128 bits among those of the function, adding them if they are new. */
  public int internVector(long low, long high) {
    Bits bits = new Bits(low, high);
    Integer known = vectorBitsIds.putIfAbsent(bits, vectorBits.size());
    if (known != null) {
      return known;
    }
    vectorBits.add(bits);
    return vectorBits.size() - 1;
  }

  /** {@code VECTOR_BITS}: the low half. */
  public long vectorLow(int instruction) {
    return vectorBits.get((int) immediate[instruction]).low;
  }

  /** {@code VECTOR_BITS}: the high half. */
  public long vectorHigh(int instruction) {
    return vectorBits.get((int) immediate[instruction]).high;
  }

  /** {@code VECTOR_OP}. */
  public VectorOp vectorOp(int instruction) {
    return VectorOp.of(detail[instruction] & 0xFF);
  }

  /** {@code LANE}. */
  public int lane(int instruction) {
    return (int) immediate[instruction];
  }

  /** Whether the two operands of {@code instruction} may be exchanged. */
  public boolean isCommutative(int instruction) {
    SsaOp operation = op(instruction);
    return operation == SsaOp.VBINARY
        ? vectorOp(instruction).isCommutative()
        : operation.isCommutative();
  }

  /**
   * {@code IMMEDIATE}: constant bits. {@code OFFSET}: bytes. {@code FUNCTION}, {@code BUILTIN},
   * {@code TAG}: index. {@code LANE}: index. {@code VECTOR_BITS}: interned id. One field, since no
   * operation has two of them.
   */
  public long immediate(int instruction) {
    return immediate[instruction];
  }

  /** Sets the field read by {@link #immediate}. */
  public void setImmediate(int instruction, long value) {
    immediate[instruction] = value;
  }

  /** {@code OFFSET} in bytes. */
  public long offset(int instruction) {
    return immediate[instruction];
  }

  /** {@code FUNCTION}: index in the function index space of the module. */
  public int callee(int instruction) {
    return (int) immediate[instruction];
  }

  /** {@code BUILTIN}. */
  public Builtin builtin(int instruction) {
    return BUILTINS[(int) immediate[instruction]];
  }

  /** {@code INT_CONDITION}. */
  public IntCondition intCondition(int instruction) {
    return INT_CONDITIONS[detail[instruction]];
  }

  /** {@code FLOAT_CONDITION}. */
  public FloatCondition floatCondition(int instruction) {
    return FLOAT_CONDITIONS[detail[instruction]];
  }

  /** {@code ACCESS}. */
  public MemoryAccess access(int instruction) {
    return ACCESSES[detail[instruction]];
  }

  /** {@code TRAP_KIND}. */
  public TrapKind trapKind(int instruction) {
    return TrapKind.of(detail[instruction]);
  }

  /** {@code LIKELIHOOD}. */
  public Likelihood likelihood(int instruction) {
    return LIKELIHOODS[detail[instruction]];
  }

  /** Sets {@code LIKELIHOOD}. */
  public void setLikelihood(int instruction, Likelihood likelihood) {
    detail[instruction] = (byte) likelihood.ordinal();
  }

  /**
   * Ordinal of condition, access, trap kind, likelihood or vector operation as a byte, whichever
   * the operation carries.
   */
  public int detail(int instruction) {
    return detail[instruction];
  }

  /** Sets the field read by {@link #detail}. */
  public void setDetail(int instruction, int ordinal) {
    detail[instruction] = (byte) ordinal;
  }

  /** {@code MEMORY}: index of the linear memory. */
  public int memory(int instruction) {
    return auxiliary[instruction];
  }

  /** {@code MEMORY} or id of {@code SIGNATURE}; no operation has both. */
  public int auxiliary(int instruction) {
    return auxiliary[instruction];
  }

  /** Sets the field read by {@link #auxiliary}. */
  public void setAuxiliary(int instruction, int value) {
    auxiliary[instruction] = value;
  }

  /** {@code SIGNATURE}. */
  public SsaSignature callSignature(int instruction) {
    return callSignatures.get(auxiliary[instruction]);
  }

  /** {@code TAG}: index in the tag index space of the module. */
  public int tag(int instruction) {
    return (int) immediate[instruction];
  }

  /** {@code HANDLERS}, in the order of the edges that lead to them. */
  public List<Handler> handlers(int instruction) {
    return handlers.getOrDefault(instruction, NO_HANDLERS);
  }

  /** Sets what {@link #handlers} gives. */
  public void setHandlers(int instruction, List<Handler> list) {
    if (!list.isEmpty()) {
      handlers.put(instruction, List.copyOf(list));
    }
  }

  /** {@code REGION}; {@link Region#NONE} for operations without one. */
  public int region(int instruction) {
    return region[instruction];
  }

  /** Sets the alias class. */
  public void setRegion(int instruction, int aliasClass) {
    region[instruction] = aliasClass;
  }
}
