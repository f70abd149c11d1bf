package dev.troupe.engine.text;

import dev.troupe.engine.text.FloatLiterals.Format;
import dev.troupe.engine.text.WastModule.Form;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the commands of a script. */
final class WastParser {
  private final TokenCursor cursor;
  private final Tokens.LineCounter lines;
  private final List<WastCommand> commands = new ArrayList<>();

  WastParser(Tokens tokens) {
    this.cursor = new TokenCursor(tokens, 0);
    this.lines = tokens.lineCounter();
  }

  List<WastCommand> script() {
    if (isInlineModule()) {
      WastModule module = new WastModule(Form.TEXT, cursor.tokens(), 0, null);
      return List.of(new WastCommand.Module(lines.lineOf(0), null, module, true));
    }
    while (!cursor.is(TokenKind.END)) {
      int line = lines.lineOf(cursor.position());
      cursor.expect(TokenKind.LEFT);
      commands.add(command(line));
      cursor.expectRight();
    }
    return commands;
  }

  /** Whether the whole script is the fields of one module. */
  private boolean isInlineModule() {
    return List.of(
            "type", "rec", "import", "func", "table", "memory", "global", "tag", "export", "start",
            "elem", "data")
        .stream()
        .anyMatch(cursor::isLeft);
  }

  private WastCommand command(int line) {
    if (!cursor.is(TokenKind.KEYWORD)) {
      throw cursor.unexpected();
    }
    return switch (cursor.text()) {
      case "module" -> module(line);
      case "register" -> register(line);
      case "invoke", "get" -> new WastCommand.Perform(line, action());
      case "assert_return" -> assertReturn(line);
      case "assert_trap" -> assertTrap(line);
      case "assert_exhaustion" -> {
        cursor.advance();
        yield new WastCommand.AssertExhaustion(line, parenthesizedAction(), message());
      }
      case "assert_exception" -> {
        cursor.advance();
        yield new WastCommand.AssertException(line, parenthesizedAction());
      }
      case "assert_malformed", "assert_malformed_custom" ->
          new WastCommand.AssertMalformed(line, assertedModule(), message());
      case "assert_invalid" -> new WastCommand.AssertInvalid(line, assertedModule(), message());
      case "assert_invalid_custom" ->
          new WastCommand.AssertInvalidCustom(line, assertedModule(), message());
      case "assert_unlinkable" ->
          new WastCommand.AssertUnlinkable(line, assertedModule(), message());
      default -> throw cursor.unexpected();
    };
  }

  private WastCommand module(int line) {
    cursor.advance();
    if (cursor.acceptKeyword("instance")) {
      return new WastCommand.Instance(line, cursor.acceptId(), cursor.acceptId());
    }
    boolean definition = cursor.acceptKeyword("definition");
    String id = cursor.acceptId();
    return new WastCommand.Module(line, id, moduleBody(id), !definition);
  }

  /** Steps over the rest of a module to the parenthesis that closes it. */
  private WastModule moduleBody(@Nullable String id) {
    Form form =
        cursor.acceptKeyword("binary")
            ? Form.BINARY
            : cursor.acceptKeyword("quote") ? Form.QUOTE : Form.TEXT;
    WastModule module = new WastModule(form, cursor.tokens(), cursor.position(), id);
    while (!cursor.is(TokenKind.RIGHT)) {
      if (cursor.is(TokenKind.LEFT)) {
        cursor.skipParenthesized();
      } else if (cursor.is(TokenKind.END) || cursor.is(TokenKind.ERROR)) {
        throw cursor.unexpected();
      } else {
        cursor.advance();
      }
    }
    return module;
  }

  private WastModule assertedModule() {
    cursor.advance();
    return parenthesizedModule();
  }

  private WastModule parenthesizedModule() {
    cursor.expectLeft("module");
    cursor.acceptKeyword("definition");
    WastModule module = moduleBody(cursor.acceptId());
    cursor.expectRight();
    return module;
  }

  private WastCommand register(int line) {
    cursor.advance();
    return new WastCommand.Register(line, cursor.expectName(), cursor.acceptId());
  }

  private WastCommand assertTrap(int line) {
    cursor.advance();
    if (cursor.isLeft("module")) {
      return new WastCommand.AssertUninstantiable(line, parenthesizedModule(), message());
    }
    return new WastCommand.AssertTrap(line, parenthesizedAction(), message());
  }

  private String message() {
    return cursor.expectName();
  }

  private WastAction parenthesizedAction() {
    cursor.expect(TokenKind.LEFT);
    WastAction action = action();
    cursor.expectRight();
    return action;
  }

  private WastAction action() {
    boolean invoke = cursor.acceptKeyword("invoke");
    if (!invoke) {
      cursor.expectKeyword("get");
    }
    String module = cursor.acceptId();
    String name = cursor.expectName();
    if (!invoke) {
      return new WastAction.Get(module, name);
    }
    List<WastValue> arguments = new ArrayList<>();
    while (cursor.accept(TokenKind.LEFT)) {
      arguments.add(value());
      cursor.expectRight();
    }
    return new WastAction.Invoke(module, name, arguments);
  }

  private WastValue value() {
    String keyword = cursor.expectKeyword();
    return switch (keyword) {
      case "i32.const" -> new WastValue.I32((int) cursor.expectInteger(32));
      case "i64.const" -> new WastValue.I64(cursor.expectInteger(64));
      case "f32.const" -> new WastValue.F32((int) cursor.expectFloat(Format.F32));
      case "f64.const" -> new WastValue.F64(cursor.expectFloat(Format.F64));
      case "v128.const" -> vector(VectorLiterals.parse(cursor));
      case "ref.null" -> new WastValue.RefNull(heapType());
      case "ref.extern" -> new WastValue.RefExtern(cursor.expectU32());
      case "ref.host" -> new WastValue.RefHost(cursor.expectU32());
      default -> {
        cursor.moveTo(cursor.position() - 1);
        throw cursor.unexpected();
      }
    };
  }

  private String heapType() {
    return cursor.is(TokenKind.KEYWORD) ? cursor.expectKeyword() : "";
  }

  private static WastValue vector(byte[] lanes) {
    long low = 0;
    long high = 0;
    for (int i = 7; i >= 0; i--) {
      low = low << 8 | lanes[i] & 0xFF;
      high = high << 8 | lanes[i + 8] & 0xFF;
    }
    return new WastValue.V128(low, high);
  }

  private WastCommand assertReturn(int line) {
    cursor.advance();
    WastAction action = parenthesizedAction();
    return new WastCommand.AssertReturn(line, action, patterns());
  }

  private List<WastPattern> patterns() {
    List<WastPattern> patterns = new ArrayList<>();
    while (cursor.accept(TokenKind.LEFT)) {
      patterns.add(cursor.acceptKeyword("either") ? new WastPattern.Either(choices()) : pattern());
      cursor.expectRight();
    }
    return patterns;
  }

  /** The patterns of an {@code either}, which do not nest. */
  private List<WastPattern> choices() {
    List<WastPattern> choices = new ArrayList<>();
    while (cursor.accept(TokenKind.LEFT)) {
      choices.add(pattern());
      cursor.expectRight();
    }
    return choices;
  }

  private WastPattern pattern() {
    String keyword = cursor.is(TokenKind.KEYWORD) ? cursor.text() : "";
    return switch (keyword) {
      case "f32.const", "f64.const" -> {
        cursor.advance();
        yield keyword.equals("f32.const") ? floatPattern(Format.F32) : floatPattern(Format.F64);
      }
      case "v128.const" -> vectorPattern();
      case "ref.func", "ref.any", "ref.eq", "ref.i31", "ref.struct", "ref.array", "ref.exn" -> {
        cursor.advance();
        yield new WastPattern.AnyReference(keyword.substring(4));
      }
      case "ref.extern", "ref.host" -> {
        if (cursor.kindAfter() == TokenKind.NATURAL) {
          yield new WastPattern.Exactly(value());
        }
        cursor.advance();
        yield new WastPattern.AnyReference(keyword.equals("ref.host") ? "any" : "extern");
      }
      default -> new WastPattern.Exactly(value());
    };
  }

  private WastPattern floatPattern(Format format) {
    int widthBits = format == Format.F32 ? 32 : 64;
    if (cursor.acceptKeyword("nan:canonical")) {
      return new WastPattern.CanonicalNan(widthBits);
    }
    if (cursor.acceptKeyword("nan:arithmetic")) {
      return new WastPattern.ArithmeticNan(widthBits);
    }
    long bits = cursor.expectFloat(format);
    return new WastPattern.Exactly(
        format == Format.F32 ? new WastValue.F32((int) bits) : new WastValue.F64(bits));
  }

  private WastPattern vectorPattern() {
    int start = cursor.position();
    cursor.advance();
    VectorLiterals.Shape shape = VectorLiterals.shape(cursor);
    Format format = shape.format();
    if (format == null) {
      cursor.moveTo(start);
      return new WastPattern.Exactly(value());
    }
    List<WastPattern> lanes = new ArrayList<>();
    for (int i = 0; i < shape.lanes(); i++) {
      lanes.add(floatPattern(format));
    }
    return new WastPattern.Lanes(8 * shape.laneBytes(), lanes);
  }
}
