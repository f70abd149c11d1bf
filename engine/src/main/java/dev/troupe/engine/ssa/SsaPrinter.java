package dev.troupe.engine.ssa;

import java.util.Locale;

/**
 * Writes a function as text that {@link SsaParser} reads back. One line per instruction:
 *
 * <pre>
 * function 7 "name" (i32) -> (i32) {
 * block0(v0: i32):
 *   v1 = iconst.i32 2                                        @2a
 *   v2 = icmp.i32 slt v0, v1
 *   br_if unlikely v2, block1(v0), block2
 * block1(v3: i32) cold:
 *   trap unreachable
 * block2:
 *   v4 = load.i32 v0, memory 0, int32_u, offset 8, region memory 0
 *   v5, v6 = call function 9 (i32) -> (i32, i64) v4
 *   return v5
 * }
 * </pre>
 *
 * <p>{@code @} gives the byte offset of the WebAssembly instruction in hexadecimal; {@code @2a in
 * 9 @1f} is offset 2a in function 9, which was inlined for the call at offset 1f.
 */
public final class SsaPrinter {
  private final SsaFunction function;
  private final boolean offsets;
  private final StringBuilder out = new StringBuilder();

  private SsaPrinter(SsaFunction function, boolean offsets) {
    this.function = function;
    this.offsets = offsets;
  }

  /** The complete text of {@code function}. */
  public static String print(SsaFunction function) {
    return new SsaPrinter(function, true).run();
  }

  /** The text of {@code function} without byte offsets, for expectations in tests. */
  public static String printWithoutOffsets(SsaFunction function) {
    return new SsaPrinter(function, false).run();
  }

  /** The text of one instruction. */
  public static String print(SsaFunction function, int instruction) {
    SsaPrinter printer = new SsaPrinter(function, false);
    printer.instruction(instruction);
    return printer.out.toString();
  }

  private String run() {
    out.append("function ").append(function.index()).append(" \"");
    escape(function.name());
    out.append("\" ").append(function.signature().text()).append(" {\n");
    for (int b = function.entry(); b != SsaFunction.NONE; b = function.nextBlock(b)) {
      block(b);
    }
    return out.append("}\n").toString();
  }

  private void escape(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c == '"' || c == '\\' || c > '~') {
        out.append(String.format(Locale.ROOT, "\\%04x", (int) c));
      } else {
        out.append(c);
      }
    }
  }

  private void block(int block) {
    out.append("block").append(block);
    int count = function.parameterCount(block);
    for (int i = 0; i < count; i++) {
      int value = function.parameter(block, i);
      out.append(i == 0 ? "(" : ", ").append('v').append(value).append(": ");
      out.append(function.valueType(value).text());
    }
    out.append(count == 0 ? "" : ")").append(function.isCold(block) ? " cold" : "").append(":\n");
    for (int i = function.firstInstruction(block); i != SsaFunction.NONE; i = function.next(i)) {
      int start = out.length();
      out.append("  ");
      instruction(i);
      int offset = function.wasmOffset(i);
      if (offsets && offset != SsaFunction.NO_OFFSET) {
        out.repeat(' ', Math.max(1, 56 - (out.length() - start)));
        position(offset);
      }
      out.append('\n');
    }
  }

  /** The byte offset; of inlined code the callee and where it was called, outwards. */
  private void position(int position) {
    InlinedCalls calls = function.inlinedCalls();
    out.append('@').append(Integer.toHexString(calls.wasmOffset(position)));
    for (int c = calls.callOf(position); c != InlinedCalls.NONE; c = calls.parent(c)) {
      out.append(" in ").append(calls.callee(c));
      out.append(" @").append(Integer.toHexString(calls.callOffset(c)));
    }
  }

  private void instruction(int instruction) {
    SsaOp op = function.op(instruction);
    for (int i = 0; i < function.resultCount(instruction); i++) {
      out.append(i == 0 ? "" : ", ").append('v').append(function.result(instruction, i));
    }
    out.append(function.resultCount(instruction) == 0 ? "" : " = ").append(op.mnemonic());
    if (op.isTyped()) {
      out.append('.').append(function.controllingType(instruction).text());
    }
    prefixAttributes(instruction, op);
    String separator = " ";
    for (int i = 0; i < function.operandCount(instruction); i++) {
      out.append(separator).append('v').append(function.operand(instruction, i));
      separator = ", ";
    }
    for (int i = 0; i < function.edgeCount(instruction); i++) {
      out.append(separator);
      edge(function.edge(instruction, i));
      separator = ", ";
    }
    suffixAttributes(instruction, op, separator);
  }

  /** Attributes written before the operands: those that read as part of the operation. */
  private void prefixAttributes(int instruction, SsaOp op) {
    for (SsaOp.Attribute attribute : op.attributes()) {
      switch (attribute) {
        case IMMEDIATE -> out.append(' ').append(constant(instruction, op));
        case INT_CONDITION -> out.append(' ').append(function.intCondition(instruction).text());
        case FLOAT_CONDITION -> out.append(' ').append(function.floatCondition(instruction).text());
        case VECTOR_OP -> out.append(' ').append(function.vectorOp(instruction).text());
        case LANE -> out.append(" lane ").append(function.lane(instruction));
        case VECTOR_BITS -> out.append(' ').append(vectorBits(instruction));
        case FUNCTION -> out.append(" function ").append(function.callee(instruction));
        case BUILTIN -> out.append(' ').append(lower(function.builtin(instruction)));
        case SIGNATURE -> out.append(' ').append(function.callSignature(instruction).text());
        case TAG -> out.append(" tag ").append(function.tag(instruction));
        case HANDLERS -> out.append(" handlers ").append(function.handlers(instruction));
        case TRAP_KIND -> out.append(' ').append(lower(function.trapKind(instruction)));
        case LIKELIHOOD -> {
          Likelihood likelihood = function.likelihood(instruction);
          if (likelihood != Likelihood.UNKNOWN) {
            out.append(' ').append(lower(likelihood));
          }
        }
        case MEMORY, ACCESS, OFFSET, REGION -> {}
      }
    }
  }

  /** Attributes written after the operands. */
  private void suffixAttributes(int instruction, SsaOp op, String first) {
    String separator = first;
    for (SsaOp.Attribute attribute : op.attributes()) {
      switch (attribute) {
        case MEMORY -> out.append(separator).append("memory ").append(function.memory(instruction));
        case ACCESS -> out.append(separator).append(function.access(instruction).text());
        case OFFSET -> out.append(separator).append("offset ").append(function.offset(instruction));
        case REGION ->
            out.append(separator)
                .append("region ")
                .append(Region.text(function.region(instruction)));
        case IMMEDIATE,
            INT_CONDITION,
            FLOAT_CONDITION,
            VECTOR_OP,
            LANE,
            VECTOR_BITS,
            FUNCTION,
            BUILTIN,
            SIGNATURE,
            TAG,
            HANDLERS,
            TRAP_KIND,
            LIKELIHOOD -> {
          continue;
        }
      }
      separator = ", ";
    }
  }

  private String constant(int instruction, SsaOp op) {
    long bits = function.immediate(instruction);
    if (op == SsaOp.ICONST) {
      return Long.toString(bits);
    }
    // Bits are the truth; hexadecimal keeps NaN payloads.
    return function.controllingType(instruction) == SsaType.F32
        ? String.format(Locale.ROOT, "0x%08x", (int) bits)
        : String.format(Locale.ROOT, "0x%016x", bits);
  }

  /** The highest byte first. */
  private String vectorBits(int instruction) {
    return String.format(
        Locale.ROOT,
        "0x%016x%016x",
        function.vectorHigh(instruction),
        function.vectorLow(instruction));
  }

  private void edge(int edge) {
    out.append("block").append(function.target(edge));
    int count = function.argumentCount(edge);
    for (int i = 0; i < count; i++) {
      out.append(i == 0 ? "(v" : ", v").append(function.argument(edge, i));
    }
    out.append(count == 0 ? "" : ")");
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
