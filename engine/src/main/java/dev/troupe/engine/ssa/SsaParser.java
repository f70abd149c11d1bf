package dev.troupe.engine.ssa;

import dev.troupe.engine.base.IntList;
import dev.troupe.engine.contract.Builtin;
import dev.troupe.engine.contract.TrapKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads the text that {@link SsaPrinter} writes. Values and blocks keep their numbers, so printing
 * the result gives the text again. Comments start with a semicolon.
 */
public final class SsaParser {
  private final SsaLexer lexer;
  private final IntList names = new IntList();
  private final IntList operands = new IntList();
  private final IntList arguments = new IntList();
  private SsaFunction function = new SsaFunction(0, "", new SsaSignature(List.of(), List.of()));

  private SsaParser(String text) {
    lexer = new SsaLexer(text);
  }

  /**
   * Parses one function.
   *
   * @throws SsaSyntaxException if the text is not that of a function; whether the function verifies
   *     is not asked here
   */
  public static SsaFunction parse(String text) {
    SsaParser parser = new SsaParser(text);
    SsaFunction function = parser.function();
    if (!parser.lexer.atEnd()) {
      throw parser.lexer.error("expected the end");
    }
    return function;
  }

  /** Parses functions that follow each other. */
  public static List<SsaFunction> parseAll(String text) {
    SsaParser parser = new SsaParser(text);
    List<SsaFunction> functions = new ArrayList<>();
    while (!parser.lexer.atEnd()) {
      functions.add(parser.function());
    }
    return functions;
  }

  private SsaFunction function() {
    lexer.expect("function");
    int index = (int) lexer.number();
    String name = lexer.string();
    function = new SsaFunction(index, name, signature());
    lexer.expect("{");
    while (!lexer.accept("}")) {
      block();
    }
    return function;
  }

  private SsaSignature signature() {
    List<SsaType> parameters = types();
    lexer.expect("->");
    return new SsaSignature(parameters, types());
  }

  private List<SsaType> types() {
    List<SsaType> types = new ArrayList<>();
    lexer.expect("(");
    while (!lexer.accept(")")) {
      if (!types.isEmpty()) {
        lexer.expect(",");
      }
      types.add(constant(SsaType.class, lexer.next()));
    }
    return types;
  }

  private <E extends Enum<E>> E constant(Class<E> set, String word) {
    try {
      return Enum.valueOf(set, word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw lexer.error("no " + set.getSimpleName() + " is called " + word + ", before");
    }
  }

  private int blockName() {
    int block = lexer.numbered("block");
    while (function.blockCount() <= block) {
      function.newBlock();
    }
    return block;
  }

  private int valueName() {
    int value = lexer.numbered("v");
    function.reserveValues(value + 1);
    return value;
  }

  private void block() {
    int block = blockName();
    if (function.isInLayout(block)) {
      throw lexer.error("block" + block + " appears twice, before");
    }
    function.appendBlock(block);
    if (lexer.accept("(")) {
      do {
        int value = valueName();
        lexer.expect(":");
        function.adoptParameter(block, value, constant(SsaType.class, lexer.next()));
      } while (lexer.accept(","));
      lexer.expect(")");
    }
    function.setCold(block, lexer.accept("cold"));
    lexer.expect(":");
    while (!lexer.isNumbered("block") && !lexer.peek().equals("}")) {
      instruction(block);
    }
  }

  private void instruction(int block) {
    names.clear();
    if (lexer.isNumbered("v")) {
      do {
        names.add(valueName());
      } while (lexer.accept(","));
      lexer.expect("=");
    }
    int line = lexer.line();
    String word = lexer.next();
    int dot = word.indexOf('.');
    SsaOp op = SsaOp.byMnemonic(dot < 0 ? word : word.substring(0, dot));
    if (op == null || op.isTyped() != dot >= 0) {
      throw lexer.error("unknown operation " + word + ", before");
    }
    SsaType type = dot < 0 ? SsaType.I32 : constant(SsaType.class, word.substring(dot + 1));
    // An instruction owns as many operand cells as it has operands, so it is created after these.
    Attributes prefix = prefixAttributes(op, type);
    operands.clear();
    // Without operands the next value name is that of the next line.
    boolean more = lexer.isNumbered("v") && lexer.line() == line;
    boolean comma = false;
    while (more) {
      operands.add(valueName());
      comma = lexer.accept(",");
      more = comma && lexer.isNumbered("v");
    }
    int instruction = function.newInstruction(op, type, operands.toArray(), operands.size());
    prefix.apply(function, instruction);
    function.append(instruction, block);
    if (op.hasEdges() && !(op.isThrow() && prefix.handlers().isEmpty())) {
      edges(instruction);
    }
    suffixAttributes(instruction, op, comma);
    results(instruction);
    if (lexer.accept("@")) {
      function.setWasmOffset(instruction, position());
    }
  }

  private int position() {
    int offset = hexadecimal();
    if (!lexer.accept("in")) {
      return offset;
    }
    int callee = (int) lexer.number();
    lexer.expect("@");
    int around = position();
    InlinedCalls calls = function.inlinedCalls();
    return calls.addPosition(offset, calls.findCall(around, callee));
  }

  private int hexadecimal() {
    return Integer.parseInt(lexer.next(), 16);
  }

  private void results(int instruction) {
    List<SsaType> types = function.resultTypes(instruction);
    if (types.size() != names.size()) {
      throw lexer.error("an instruction with " + types.size() + " results, before");
    }
    for (int i = 0; i < types.size(); i++) {
      if (names.get(i) != names.get(0) + i) {
        throw lexer.error("results of one instruction have consecutive numbers, before");
      }
      function.adoptResult(instruction, names.get(i), types.get(i));
    }
  }

  private record Attributes(long immediate, int detail, int auxiliary, List<Handler> handlers) {
    void apply(SsaFunction function, int instruction) {
      function.setImmediate(instruction, immediate);
      function.setDetail(instruction, detail);
      function.setAuxiliary(instruction, auxiliary);
      function.setHandlers(instruction, handlers);
    }
  }

  private Attributes prefixAttributes(SsaOp op, SsaType type) {
    long immediate = 0;
    int detail = 0;
    int auxiliary = 0;
    List<Handler> handlers = List.of();
    for (SsaOp.Attribute attribute : op.attributes()) {
      switch (attribute) {
        case IMMEDIATE ->
            immediate = type.isInteger() || type == SsaType.REF ? lexer.number() : bits();
        case INT_CONDITION -> detail = constant(IntCondition.class, lexer.next()).ordinal();
        case FLOAT_CONDITION -> detail = constant(FloatCondition.class, lexer.next()).ordinal();
        case VECTOR_OP -> detail = constant(VectorOp.class, lexer.next()).ordinal();
        case LANE -> {
          lexer.expect("lane");
          immediate = lexer.number();
        }
        case VECTOR_BITS -> immediate = vectorBits();
        case FUNCTION -> {
          lexer.expect("function");
          immediate = lexer.number();
        }
        case BUILTIN -> immediate = constant(Builtin.class, lexer.next()).ordinal();
        case SIGNATURE -> auxiliary = function.internSignature(signature());
        case TAG -> {
          lexer.expect("tag");
          immediate = lexer.number();
        }
        case HANDLERS -> handlers = handlers();
        case TRAP_KIND -> detail = constant(TrapKind.class, lexer.next()).ordinal();
        case LIKELIHOOD -> detail = likelihood().ordinal();
        case MEMORY, ACCESS, OFFSET, REGION -> {}
      }
    }
    return new Attributes(immediate, detail, auxiliary, handlers);
  }

  private Likelihood likelihood() {
    if (lexer.accept("likely")) {
      return Likelihood.LIKELY;
    }
    return lexer.accept("unlikely") ? Likelihood.UNLIKELY : Likelihood.UNKNOWN;
  }

  private List<Handler> handlers() {
    List<Handler> handlers = new ArrayList<>();
    lexer.expect("[");
    while (!lexer.accept("]")) {
      if (!handlers.isEmpty()) {
        lexer.expect(",");
      }
      int tag = Handler.ANY;
      int values = 0;
      if (!lexer.accept("any")) {
        lexer.expect("tag");
        tag = (int) lexer.number();
        lexer.expect("with");
        values = (int) lexer.number();
      }
      handlers.add(new Handler(tag, values, lexer.accept("ref")));
    }
    return handlers;
  }

  private long bits() {
    String word = lexer.next();
    try {
      if (word.startsWith("0x")) {
        return Long.parseUnsignedLong(word.substring(2), 16);
      }
    } catch (NumberFormatException e) {
      // Falls through to the common message.
    }
    throw lexer.error("expected bits in hexadecimal before");
  }

  private long vectorBits() {
    String word = lexer.next();
    if (!word.matches("0x[0-9a-f]{32}")) {
      throw lexer.error("expected 128 bits in hexadecimal before");
    }
    return function.internVector(
        Long.parseUnsignedLong(word, 18, 34, 16), Long.parseUnsignedLong(word, 2, 18, 16));
  }

  private void edges(int instruction) {
    do {
      int target = blockName();
      arguments.clear();
      if (lexer.accept("(")) {
        do {
          arguments.add(valueName());
        } while (lexer.accept(","));
        lexer.expect(")");
      }
      function.addEdge(instruction, target, arguments.toArray(), arguments.size());
    } while (lexer.accept(","));
  }

  private void suffixAttributes(int instruction, SsaOp op, boolean afterComma) {
    boolean separated = afterComma || function.operandCount(instruction) == 0;
    for (SsaOp.Attribute attribute : op.attributes()) {
      boolean suffix =
          switch (attribute) {
            case MEMORY, ACCESS, OFFSET, REGION -> true;
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
                LIKELIHOOD ->
                false;
          };
      if (!suffix) {
        continue;
      }
      if (!separated) {
        lexer.expect(",");
      }
      separated = false;
      suffixAttribute(instruction, attribute);
    }
  }

  private void suffixAttribute(int instruction, SsaOp.Attribute attribute) {
    if (attribute == SsaOp.Attribute.ACCESS) {
      function.setDetail(instruction, constant(MemoryAccess.class, lexer.next()).ordinal());
      return;
    }
    lexer.expect(SsaPrinter.lower(attribute));
    if (attribute == SsaOp.Attribute.REGION) {
      Region.Kind kind = constant(Region.Kind.class, lexer.next());
      function.setRegion(instruction, Region.of(kind, (int) lexer.number()));
    } else if (attribute == SsaOp.Attribute.MEMORY) {
      function.setAuxiliary(instruction, (int) lexer.number());
    } else {
      function.setImmediate(instruction, lexer.number());
    }
  }
}
