package dev.troupe.engine.text;

import dev.troupe.engine.text.FloatLiterals.Format;
import org.jspecify.annotations.Nullable;

/** Literals of 128-bit vectors and lane numbers (section 6.5.8). */
final class VectorLiterals {
  /** How a vector is cut into lanes. */
  enum Shape {
    I8X16("i8x16", 16),
    I16X8("i16x8", 8),
    I32X4("i32x4", 4),
    I64X2("i64x2", 2),
    F32X4("f32x4", 4),
    F64X2("f64x2", 2);

    private final String keyword;
    private final int lanes;

    Shape(String keyword, int lanes) {
      this.keyword = keyword;
      this.lanes = lanes;
    }

    int lanes() {
      return lanes;
    }

    int laneBytes() {
      return 16 / lanes;
    }

    /** The floating-point format of the lanes, or null when they are integers. */
    @Nullable Format format() {
      return switch (this) {
        case I8X16, I16X8, I32X4, I64X2 -> null;
        case F32X4 -> Format.F32;
        case F64X2 -> Format.F64;
      };
    }
  }

  private VectorLiterals() {}

  /** Reads the shape's keyword. */
  static Shape shape(TokenCursor cursor) {
    for (Shape shape : Shape.values()) {
      if (cursor.acceptKeyword(shape.keyword)) {
        return shape;
      }
    }
    throw cursor.unexpected();
  }

  /** A shape and its lanes, as sixteen bytes. */
  static byte[] parse(TokenCursor cursor) {
    Shape shape = shape(cursor);
    checkLaneCount(cursor, shape);
    ByteSink out = new ByteSink();
    for (int i = 0; i < shape.lanes(); i++) {
      out.littleEndian(laneBits(cursor, shape), shape.laneBytes());
    }
    return out.toByteArray();
  }

  private static void checkLaneCount(TokenCursor cursor, Shape shape) {
    int start = cursor.position();
    while (isNumber(cursor)) {
      cursor.advance();
    }
    int count = cursor.position() - start;
    if (count != shape.lanes() && (cursor.is(TokenKind.RIGHT) || cursor.is(TokenKind.LEFT))) {
      throw cursor.error("wrong number of lane literals");
    }
    cursor.moveTo(start);
  }

  /** The bits of one lane's literal. */
  static long laneBits(TokenCursor cursor, Shape shape) {
    Format format = shape.format();
    return format == null
        ? cursor.expectInteger(8 * shape.laneBytes())
        : cursor.expectFloat(format);
  }

  /** The sixteen lane numbers of a shuffle. */
  static byte[] shuffle(TokenCursor cursor) {
    byte[] lanes = new byte[16];
    for (int i = 0; i < lanes.length; i++) {
      if (cursor.is(TokenKind.LEFT) || cursor.is(TokenKind.RIGHT)) {
        throw cursor.error("invalid lane length");
      }
      if (cursor.is(TokenKind.INTEGER) || cursor.is(TokenKind.FLOAT)) {
        throw cursor.error("i8 constant out of range " + cursor.quoted());
      }
      lanes[i] = (byte) lane(cursor);
    }
    if (isNumber(cursor)) {
      throw cursor.error("invalid lane length");
    }
    return lanes;
  }

  /** One lane number. */
  static int lane(TokenCursor cursor) {
    if (!cursor.is(TokenKind.NATURAL)) {
      throw cursor.unexpected();
    }
    return (int) cursor.integer(8, "i8 constant out of range");
  }

  private static boolean isNumber(TokenCursor cursor) {
    return cursor.is(TokenKind.NATURAL)
        || cursor.is(TokenKind.INTEGER)
        || cursor.is(TokenKind.FLOAT);
  }
}
