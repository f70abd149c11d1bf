package dev.troupe.engine.ssa;

import static dev.troupe.engine.ssa.SsaOp.Attribute.*;
import static dev.troupe.engine.ssa.SsaOp.Effect.*;
import static dev.troupe.engine.ssa.SsaOp.Operand.*;
import static dev.troupe.engine.ssa.SsaOp.Result.*;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The operations, one row each. A row says everything that printer, parser, verifier and passes
 * need to know: which controlling types exist, operand types, result type, attributes, effects,
 * whether the operands commute, and a rough cost in cycles.
 *
 * <p>The <em>controlling type</em> is the suffix in {@code iadd.i32}. Semantics are those of the
 * WebAssembly instruction of the same name unless a row says otherwise; i32 values have no upper
 * half. {@code eqz} is {@code icmp eq} with zero.
 */
public enum SsaOp {
  // Constants. The attribute holds the bits; i32 sign-extended to 64 bits, f32 in the low 32. The
  // only constant reference is null, 0.
  ICONST(Types.INT_OR_REF, SAME, 1, of(IMMEDIATE), e(PURE)),
  FCONST(Types.FLOAT, SAME, 1, of(IMMEDIATE), e(PURE)),

  // Integer arithmetic.
  IADD(Types.INT, SAME, 1, of(), e(PURE, COMMUTATIVE), T, T),
  ISUB(Types.INT, SAME, 1, of(), e(PURE), T, T),
  IMUL(Types.INT, SAME, 3, of(), e(PURE, COMMUTATIVE), T, T),
  /** High half of the double-width unsigned product. */
  UMULHI(Types.INT, SAME, 4, of(), e(PURE, COMMUTATIVE), T, T),
  /** High half of the double-width signed product. */
  SMULHI(Types.INT, SAME, 4, of(), e(PURE, COMMUTATIVE), T, T),
  SDIV(Types.INT, SAME, 25, of(), e(PURE, TRAPS), T, T),
  UDIV(Types.INT, SAME, 25, of(), e(PURE, TRAPS), T, T),
  SREM(Types.INT, SAME, 25, of(), e(PURE, TRAPS), T, T),
  UREM(Types.INT, SAME, 25, of(), e(PURE, TRAPS), T, T),
  IAND(Types.INT, SAME, 1, of(), e(PURE, COMMUTATIVE), T, T),
  IOR(Types.INT, SAME, 1, of(), e(PURE, COMMUTATIVE), T, T),
  IXOR(Types.INT, SAME, 1, of(), e(PURE, COMMUTATIVE), T, T),
  SHL(Types.INT, SAME, 1, of(), e(PURE), T, T),
  SSHR(Types.INT, SAME, 1, of(), e(PURE), T, T),
  USHR(Types.INT, SAME, 1, of(), e(PURE), T, T),
  ROTL(Types.INT, SAME, 1, of(), e(PURE), T, T),
  ROTR(Types.INT, SAME, 1, of(), e(PURE), T, T),
  CLZ(Types.INT, SAME, 3, of(), e(PURE), T),
  CTZ(Types.INT, SAME, 3, of(), e(PURE), T),
  POPCNT(Types.INT, SAME, 3, of(), e(PURE), T),
  /** The bytes in reverse order. */
  BSWAP(Types.INT, SAME, 1, of(), e(PURE), T),
  /** Sign-extends the low 8 bits. */
  EXTEND8_S(Types.INT, SAME, 1, of(), e(PURE), T),
  /** Sign-extends the low 16 bits. */
  EXTEND16_S(Types.INT, SAME, 1, of(), e(PURE), T),
  /** Sign-extends the low 32 bits of an i64. */
  EXTEND32_S(Types.I64_ONLY, SAME, 1, of(), e(PURE), T),
  /** Gives 1 or 0; the controlling type is that of the operands. References: eq and ne only. */
  ICMP(Types.INT_OR_REF, I32_RESULT, 1, of(INT_CONDITION), e(PURE), T, T),

  // Integers of 128 bits as two of 64, the low half first. Two results: no pass looks into them.
  /** Operands: low and high half of one addend, low and high half of the other. */
  ADD128(Types.NONE, I64_PAIR, 2, of(), e(), I64, I64, I64, I64),
  /** Operands as those of {@link #ADD128}: what is subtracted comes last. */
  SUB128(Types.NONE, I64_PAIR, 2, of(), e(), I64, I64, I64, I64),
  /** Both halves of the signed product. */
  MUL_WIDE_S(Types.NONE, I64_PAIR, 4, of(), e(), I64, I64),
  /** Both halves of the unsigned product. */
  MUL_WIDE_U(Types.NONE, I64_PAIR, 4, of(), e(), I64, I64),

  // Floating point. NaN results follow the specification: canonical in, canonical out.
  FADD(Types.FLOAT, SAME, 4, of(), e(PURE, COMMUTATIVE), T, T),
  FSUB(Types.FLOAT, SAME, 4, of(), e(PURE), T, T),
  FMUL(Types.FLOAT, SAME, 4, of(), e(PURE, COMMUTATIVE), T, T),
  FDIV(Types.FLOAT, SAME, 13, of(), e(PURE), T, T),
  FMIN(Types.FLOAT, SAME, 8, of(), e(PURE, COMMUTATIVE), T, T),
  FMAX(Types.FLOAT, SAME, 8, of(), e(PURE, COMMUTATIVE), T, T),
  FCOPYSIGN(Types.FLOAT, SAME, 3, of(), e(PURE), T, T),
  FABS(Types.FLOAT, SAME, 1, of(), e(PURE), T),
  FNEG(Types.FLOAT, SAME, 1, of(), e(PURE), T),
  FCEIL(Types.FLOAT, SAME, 8, of(), e(PURE), T),
  FFLOOR(Types.FLOAT, SAME, 8, of(), e(PURE), T),
  FTRUNC(Types.FLOAT, SAME, 8, of(), e(PURE), T),
  FNEAREST(Types.FLOAT, SAME, 8, of(), e(PURE), T),
  FSQRT(Types.FLOAT, SAME, 18, of(), e(PURE), T),
  /** Gives 1 or 0; the controlling type is that of the operands. */
  FCMP(Types.FLOAT, I32_RESULT, 3, of(FLOAT_CONDITION), e(PURE), T, T),

  // Conversions. Where source and target both vary, the controlling type is the target.
  WRAP(Types.NONE, I32_RESULT, 1, of(), e(PURE), I64),
  SEXTEND(Types.NONE, I64_RESULT, 1, of(), e(PURE), I32),
  UEXTEND(Types.NONE, I64_RESULT, 1, of(), e(PURE), I32),
  /** Float to signed integer; traps on NaN and overflow. */
  FTOSI(Types.INT, SAME, 8, of(), e(PURE, TRAPS), FLOAT),
  /** Float to unsigned integer; traps on NaN and overflow. */
  FTOUI(Types.INT, SAME, 8, of(), e(PURE, TRAPS), FLOAT),
  /** Float to signed integer, saturating; NaN gives 0. */
  FTOSI_SAT(Types.INT, SAME, 10, of(), e(PURE), FLOAT),
  /** Float to unsigned integer, saturating; NaN gives 0. */
  FTOUI_SAT(Types.INT, SAME, 10, of(), e(PURE), FLOAT),
  SITOF(Types.FLOAT, SAME, 5, of(), e(PURE), INT),
  UITOF(Types.FLOAT, SAME, 7, of(), e(PURE), INT),
  PROMOTE(Types.NONE, F64_RESULT, 4, of(), e(PURE), F32),
  DEMOTE(Types.NONE, F32_RESULT, 4, of(), e(PURE), F64),
  /** Reinterprets the bits of a value of equal size and another kind. */
  BITCAST(Types.SCALAR, SAME, 1, of(), e(PURE), ANY),

  // Vectors of 128 bits. What is computed is an attribute, a row of VectorOp; the controlling type
  // is
  // that of the number that goes in or out.
  VCONST(Types.NONE, VECTOR_RESULT, 1, of(VECTOR_BITS), e(PURE)),
  /** All lanes are the operand. */
  SPLAT(Types.SCALAR, VECTOR_RESULT, 1, of(VECTOR_OP), e(PURE), T),
  /** One lane as a number. */
  EXTRACT(Types.SCALAR, SAME, 2, of(VECTOR_OP, LANE), e(PURE), VECTOR),
  /** One lane replaced by a number. */
  REPLACE(Types.SCALAR, VECTOR_RESULT, 2, of(VECTOR_OP, LANE), e(PURE), VECTOR, T),
  VUNARY(Types.NONE, VECTOR_RESULT, 3, of(VECTOR_OP), e(PURE), VECTOR),
  /** Whether the operands may be exchanged is for the row of VectorOp to say. */
  VBINARY(Types.NONE, VECTOR_RESULT, 3, of(VECTOR_OP), e(PURE), VECTOR, VECTOR),
  VTERNARY(Types.NONE, VECTOR_RESULT, 4, of(VECTOR_OP), e(PURE), VECTOR, VECTOR, VECTOR),
  /** Shifts all lanes by the i32, modulo their width. */
  VSHIFT(Types.NONE, VECTOR_RESULT, 2, of(VECTOR_OP), e(PURE), VECTOR, I32),
  /** An i32 about all lanes. */
  VTEST(Types.NONE, I32_RESULT, 3, of(VECTOR_OP), e(PURE), VECTOR),
  /** Bytes of the first operand (0 to 15) and the second (16 to 31), as the bits say. */
  VSHUFFLE(Types.NONE, VECTOR_RESULT, 1, of(VECTOR_BITS), e(PURE), VECTOR, VECTOR),

  // References as bits. Only tags and small integers may be taken from the bits: the collector does
  // not see them.
  /** The bits of a reference. */
  REF_TO_BITS(Types.NONE, I64_RESULT, 1, of(), e(PURE), REF),
  /**
   * The bits of a reference as an address. Not pure: whoever takes it uses it up before the next
   * call, and takes it again behind that.
   */
  REF_ADDRESS(Types.NONE, I64_RESULT, 1, of(), e(), REF),
  /** A reference that is null, a small integer or a host object, from its bits. */
  BITS_TO_REF(Types.NONE, REF_RESULT, 1, of(), e(PURE), I64),

  /** Operands: condition, value if non-zero, value if zero. */
  SELECT(Types.ALL, SAME, 1, of(), e(PURE), I32, T, T),
  /**
   * Index clamp against speculation: the first operand where it is unsigned below the second, else
   * 0. The checks before it make the result equal to the first operand, yet no pass may use that
   * fact: nothing folds or removes this operation while its result is used.
   */
  SPECTRE_GUARD(Types.INT, SAME, 2, of(), e(PURE), T, T),

  /**
   * The lesser of an index and a length of address space behind which every access faults: unsigned
   * minimum. As with {@link #SPECTRE_GUARD}, nothing folds or removes it because of what conditions
   * say of the index.
   */
  INDEX_CLAMP(Types.I64_ONLY, SAME, 2, of(), e(PURE), T, T),

  // Linear memory. Operand: index (i32 zero-extends, i64). Effective address = base of the memory +
  // index + offset; the lowering decides between guard pages and an explicit bounds check.
  LOAD(Types.ANY, SAME, 5, of(MEMORY, ACCESS, OFFSET, REGION), e(READS, TRAPS), INT),
  /** Operands: index, value. The controlling type is that of the value. */
  STORE(Types.ANY, NOTHING, 1, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT, T),

  // Atomic accesses of linear memory, sequentially consistent. Operands: index, then the rest. An
  // index that is no multiple of the width has trapped before. Nothing moves or goes away: each one
  // counts as a write of its region, for it orders what stands around it. Results are what was
  // there before, zero-extended.
  ATOMIC_LOAD(Types.INT, SAME, 5, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT),
  ATOMIC_STORE(
      Types.INT, NOTHING, 20, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT, T),
  ATOMIC_ADD(Types.INT, SAME, 20, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT, T),
  ATOMIC_AND(Types.INT, SAME, 20, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT, T),
  ATOMIC_OR(Types.INT, SAME, 20, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT, T),
  ATOMIC_XOR(Types.INT, SAME, 20, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT, T),
  ATOMIC_EXCHANGE(
      Types.INT, SAME, 20, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT, T),
  /** Operands: index, expected (of which the bits of the access count), replacement. */
  ATOMIC_COMPARE_EXCHANGE(
      Types.INT, SAME, 20, of(MEMORY, ACCESS, OFFSET, REGION), e(WRITES, TRAPS), INT, T, T),
  /** Orders all accesses of shared memories. */
  FENCE(Types.NONE, NOTHING, 20, of(REGION), e(WRITES)),

  // Host structures. Addresses are valid by construction, so these never trap.
  /** Loads from the instance pointer + offset. */
  CTX_LOAD(Types.ALL, SAME, 4, of(ACCESS, OFFSET, REGION), e(READS)),
  /** Stores to the instance pointer + offset. */
  CTX_STORE(Types.ALL, NOTHING, 1, of(ACCESS, OFFSET, REGION), e(WRITES), T),
  /** The instance pointer + offset. */
  CTX_ADDRESS(Types.NONE, I64_RESULT, 1, of(OFFSET), e(PURE)),
  /** Loads from an absolute address + offset. */
  RAW_LOAD(Types.ALL, SAME, 5, of(ACCESS, OFFSET, REGION), e(READS), I64),
  /** Operands: absolute address, value. */
  RAW_STORE(Types.ALL, NOTHING, 1, of(ACCESS, OFFSET, REGION), e(WRITES), I64, T),

  // Objects of the collected heap. The reference is not null and of the right type: checks before
  // see to that. Fields that overlap have one region, so do the elements of arrays of one type.
  /** Loads from a field. Operand: the object. */
  FIELD_LOAD(Types.ALL, SAME, 5, of(ACCESS, OFFSET, REGION), e(READS), REF),
  /** Stores to a field. Operands: the object, the value. */
  FIELD_STORE(Types.ALL, NOTHING, 1, of(ACCESS, OFFSET, REGION), e(WRITES), REF, T),
  /** Loads an element. Operands: the array, the index, which is inside. */
  ELEMENT_LOAD(Types.ALL, SAME, 5, of(ACCESS, OFFSET, REGION), e(READS), REF, I64),
  /** Stores an element. Operands: the array, the index, which is inside; the value. */
  ELEMENT_STORE(Types.ALL, NOTHING, 1, of(ACCESS, OFFSET, REGION), e(WRITES), REF, I64, T),

  /** Traps with the given kind when the operand is not zero. */
  TRAP_IF(Types.NONE, NOTHING, 1, of(TRAP_KIND), e(TRAPS), I32),

  // Calls. They read and write every mutable region and may trap.
  /** Calls a function defined in the same module; the instance pointer stays. */
  CALL(Types.NONE, LIST, 10, of(FUNCTION, SIGNATURE), e(CALLS, TRAPS), VARIADIC),
  /**
   * Operands: code address, instance pointer of the callee, arguments. Used for imports, tables and
   * references; the caller restores its instance pointer.
   */
  CALL_INDIRECT(Types.NONE, LIST, 14, of(SIGNATURE), e(CALLS, TRAPS), I64, I64, VARIADIC),
  /** Calls a routine of the process-wide stub table. */
  CALL_BUILTIN(Types.NONE, LIST, 14, of(BUILTIN, SIGNATURE), e(CALLS, TRAPS), VARIADIC),

  /**
   * Eight or sixteen bytes of what an exception brought to the frame: in a block that only edges of
   * handlers lead to, before anything calls. {@link dev.troupe.engine.contract.CaughtException}
   * says what is where.
   */
  CAUGHT(Types.ALL, SAME, 4, of(OFFSET), e()),

  // Terminators.
  /** One edge. */
  BR(Types.NONE, NOTHING, 1, of(), e(TERMINATES)),
  /** Two edges: taken when the operand is not zero, and otherwise. */
  BR_IF(Types.NONE, NOTHING, 2, of(LIKELIHOOD), e(TERMINATES), I32),
  /** One or more edges: edge i for operand i, the last one for everything else (unsigned). */
  BR_TABLE(Types.NONE, NOTHING, 6, of(), e(TERMINATES), I32),
  /** Operands: the results of the function. */
  RETURN(Types.NONE, NOTHING, 2, of(), e(TERMINATES), VARIADIC),
  /** In the place of this function runs another one of the module, with the same results. */
  RETURN_CALL(
      Types.NONE, NOTHING, 8, of(FUNCTION, SIGNATURE), e(CALLS, TERMINATES, TRAPS), VARIADIC),
  /** As {@link #RETURN_CALL}; operands: code address, instance pointer of the callee, arguments. */
  RETURN_CALL_INDIRECT(
      Types.NONE, NOTHING, 12, of(SIGNATURE), e(CALLS, TERMINATES, TRAPS), I64, I64, VARIADIC),
  /**
   * As {@link #CALL}, in reach of exception handlers. Edge 0 is taken when the callee returns; only
   * along it are there results. Edge i + 1 leads to handler i of {@link Attribute#HANDLERS}, taken
   * for the first that fits what is thrown; if none fits, the function is left.
   */
  TRY_CALL(
      Types.NONE,
      LIST,
      10,
      of(FUNCTION, SIGNATURE, HANDLERS),
      e(CALLS, TERMINATES, TRAPS),
      VARIADIC),
  /** {@link #CALL_INDIRECT} in reach of handlers, as {@link #TRY_CALL}. */
  TRY_CALL_INDIRECT(
      Types.NONE,
      LIST,
      14,
      of(SIGNATURE, HANDLERS),
      e(CALLS, TERMINATES, TRAPS),
      I64,
      I64,
      VARIADIC),
  /** Throws an exception that carries the operands. Edge i leads to handler i. */
  THROW(Types.NONE, NOTHING, 100, of(TAG, HANDLERS), e(CALLS, TERMINATES, TRAPS), VARIADIC),
  /** Throws the exception that the reference, which is not null, refers to. */
  THROW_REF(Types.NONE, NOTHING, 100, of(HANDLERS), e(CALLS, TERMINATES, TRAPS), REF),
  /** Traps always. */
  TRAP(Types.NONE, NOTHING, 1, of(TRAP_KIND), e(TERMINATES, TRAPS));

  /** What one operand must be. */
  public enum Operand {
    /** The controlling type. */
    T,
    I32,
    I64,
    F32,
    F64,
    /** v128. */
    VECTOR,
    REF,
    /** i32 or i64. */
    INT,
    /** f32 or f64. */
    FLOAT,
    ANY,
    /** Zero or more further operands; their types come from a signature. */
    VARIADIC
  }

  /** How the result types follow. */
  public enum Result {
    NOTHING,
    /** The controlling type. */
    SAME,
    I32_RESULT,
    I64_RESULT,
    /** Two i64. */
    I64_PAIR,
    F32_RESULT,
    F64_RESULT,
    /** v128. */
    VECTOR_RESULT,
    REF_RESULT,
    /** The results of the signature attribute. */
    LIST
  }

  /** Attributes beside operands, in the order in which they are printed. */
  public enum Attribute {
    /** Constant bits. */
    IMMEDIATE,
    INT_CONDITION,
    FLOAT_CONDITION,
    /** A row of {@link VectorOp}. */
    VECTOR_OP,
    /** Index of a lane. */
    LANE,
    /** 128 bits. */
    VECTOR_BITS,
    /** Index of a linear memory. */
    MEMORY,
    ACCESS,
    /** Bytes; unsigned for linear memory. */
    OFFSET,
    REGION,
    /** Index of a defined function in the function index space of the module. */
    FUNCTION,
    /** A row of {@link dev.troupe.engine.contract.Builtin}. */
    BUILTIN,
    SIGNATURE,
    /** Index of an exception tag of the module. */
    TAG,
    /** {@link Handler}s in the order in which they are asked. */
    HANDLERS,
    /** A {@link dev.troupe.engine.contract.TrapKind}. */
    TRAP_KIND,
    /** A {@link Likelihood} of the first edge; written only where something is known. */
    LIKELIHOOD
  }

  /** What executing the operation does beyond computing results. */
  public enum Effect {
    /** The result depends on operands and attributes only. */
    PURE,
    READS,
    WRITES,
    /** May end the function with a trap; traps stay in program order. */
    TRAPS,
    CALLS,
    TERMINATES,
    /** Not an effect: the two operands may be exchanged. */
    COMMUTATIVE
  }

  /** Bit sets of controlling types, bit = {@link SsaType} ordinal. */
  private static final class Types {
    static final int NONE = 0;
    static final int INT = 0b00011;
    static final int INT_OR_REF = 0b100011;
    static final int I64_ONLY = 0b00010;
    static final int FLOAT = 0b01100;
    static final int SCALAR = 0b01111;

    /** All that linear memory can hold. */
    static final int ANY = 0b11111;

    static final int ALL = 0b111111;
  }

  private static final SsaOp[] VALUES = values();
  private static final Map<String, SsaOp> BY_MNEMONIC = new HashMap<>();

  static {
    for (SsaOp op : VALUES) {
      BY_MNEMONIC.put(op.mnemonic, op);
    }
  }

  private final String mnemonic = name().toLowerCase(Locale.ROOT);
  private final int controllingTypes;
  private final Result result;
  private final int costCycles;
  private final List<Attribute> attributes;
  private final int attributeSet;
  private final List<Operand> operands;
  private final boolean variadic;

  // The effects one by one, and the attributes as bits: passes ask for them all the time.
  private final boolean pure;
  private final boolean reads;
  private final boolean writes;
  private final boolean traps;
  private final boolean calls;
  private final boolean terminates;
  private final boolean commutative;
  private final boolean sideEffect;
  private final boolean handlers;

  SsaOp(
      int controllingTypes,
      Result result,
      int costCycles,
      List<Attribute> attributes,
      int effects,
      Operand... operands) {
    this.controllingTypes = controllingTypes;
    this.result = result;
    this.costCycles = costCycles;
    this.attributes = attributes;
    this.variadic = operands.length > 0 && operands[operands.length - 1] == VARIADIC;
    this.operands = List.of(operands);
    int set = 0;
    for (Attribute attribute : attributes) {
      set |= 1 << attribute.ordinal();
    }
    this.attributeSet = set;
    this.pure = is(effects, PURE);
    this.reads = is(effects, READS);
    this.writes = is(effects, WRITES);
    this.traps = is(effects, TRAPS);
    this.calls = is(effects, CALLS);
    this.terminates = is(effects, TERMINATES);
    this.commutative = is(effects, COMMUTATIVE);
    this.sideEffect = writes || calls || terminates || traps;
    this.handlers = has(HANDLERS);
  }

  private static boolean is(int effects, Effect effect) {
    return (effects >> effect.ordinal() & 1) != 0;
  }

  private static List<Attribute> of(Attribute... attributes) {
    return List.of(attributes);
  }

  private static int e(Effect... effects) {
    int set = 0;
    for (Effect effect : effects) {
      set |= 1 << effect.ordinal();
    }
    return set;
  }

  /** The operation with this ordinal. */
  public static SsaOp of(int ordinal) {
    return VALUES[ordinal];
  }

  /** The operation with this mnemonic, or null. */
  public static @Nullable SsaOp byMnemonic(String mnemonic) {
    return BY_MNEMONIC.get(mnemonic);
  }

  /** The name used by printer and parser. */
  public String mnemonic() {
    return mnemonic;
  }

  /** Whether instructions of this operation carry a controlling type. */
  public boolean isTyped() {
    return controllingTypes != 0;
  }

  /** Whether {@code type} may be the controlling type. */
  public boolean allows(SsaType type) {
    return (controllingTypes >> type.ordinal() & 1) != 0;
  }

  /** The rule for result types. */
  public Result result() {
    return result;
  }

  /** Rough cost in cycles on a current x86-64 core. */
  public int costCycles() {
    return costCycles;
  }

  /** The attributes in printing order. */
  public List<Attribute> attributes() {
    return attributes;
  }

  /** Whether instructions of this operation carry {@code attribute}. */
  public boolean has(Attribute attribute) {
    return (attributeSet >> attribute.ordinal() & 1) != 0;
  }

  /** The operand rules; the last may be {@link Operand#VARIADIC}. */
  public List<Operand> operands() {
    return operands;
  }

  /** Number of operands, without the variadic ones. */
  public int fixedOperandCount() {
    return variadic ? operands.size() - 1 : operands.size();
  }

  /** Whether further operands may follow the fixed ones. */
  public boolean isVariadic() {
    return variadic;
  }

  /** Whether the result depends on operands and attributes only (it may still trap). */
  public boolean isPure() {
    return pure;
  }

  /** Whether execution may end in a trap. */
  public boolean mayTrap() {
    return traps;
  }

  /** Whether it reads the region of the instruction. */
  public boolean reads() {
    return reads;
  }

  /** Whether it writes the region of the instruction. */
  public boolean writes() {
    return writes;
  }

  /** Whether it calls: reads and writes every mutable region. */
  public boolean isCall() {
    return calls;
  }

  /** Whether it ends a block. */
  public boolean isTerminator() {
    return terminates;
  }

  /** Whether it is one of those that carry a row of {@link VectorOp}. */
  public boolean isVector() {
    return has(VECTOR_OP);
  }

  /** Whether a NaN result is a new one, whose bits the specification leaves open. */
  public boolean makesNan() {
    return switch (this) {
      case FADD,
          FSUB,
          FMUL,
          FDIV,
          FMIN,
          FMAX,
          FCEIL,
          FFLOOR,
          FTRUNC,
          FNEAREST,
          FSQRT,
          PROMOTE,
          DEMOTE ->
          true;
      default -> false;
    };
  }

  /** Whether it is an atomic access of linear memory. */
  public boolean isAtomicAccess() {
    return switch (this) {
      case ATOMIC_LOAD,
          ATOMIC_STORE,
          ATOMIC_ADD,
          ATOMIC_AND,
          ATOMIC_OR,
          ATOMIC_XOR,
          ATOMIC_EXCHANGE,
          ATOMIC_COMPARE_EXCHANGE ->
          true;
      default -> false;
    };
  }

  /** Whether it ends the function with the call of another. */
  public boolean isTailCall() {
    return this == RETURN_CALL || this == RETURN_CALL_INDIRECT;
  }

  /** Whether control goes on to another block of the function. */
  public boolean hasEdges() {
    return this == BR || this == BR_IF || this == BR_TABLE || hasHandlers();
  }

  /** Whether edges lead to exception handlers. */
  public boolean hasHandlers() {
    return handlers;
  }

  /** Whether it is a call that exception handlers are in reach of: edge 0 is taken on return. */
  public boolean isTryCall() {
    return this == TRY_CALL || this == TRY_CALL_INDIRECT;
  }

  /** Whether it throws an exception: nothing comes behind it. */
  public boolean isThrow() {
    return this == THROW || this == THROW_REF;
  }

  /** The call in reach of handlers that does what this call does. */
  public SsaOp withHandlers() {
    return this == CALL ? TRY_CALL : TRY_CALL_INDIRECT;
  }

  /** Whether its two operands may be exchanged; of vectors {@link VectorOp} says it. */
  public boolean isCommutative() {
    return commutative;
  }

  /**
   * Whether an instruction without used results must stay: it writes, calls, ends a block or may
   * trap.
   */
  public boolean hasSideEffect() {
    return sideEffect;
  }
}
