package dev.troupe.engine.text;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troupe.engine.text.FloatLiterals.Format;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FloatLiteralsTest {
  private static final int ROUNDS = 20_000;

  @ParameterizedTest
  @CsvSource({
    "0x1p127, 7f000000",
    "0x1.fffffep127, 7f7fffff",
    "0x1.fffffeffffffp127, 7f7fffff",
    "0x1p-149, 1",
    "0x1p-150, 0",
    "0x1.8p-150, 1",
    "0x1.000000000000000000000000000001p-150, 1",
    "-0x0.0, 80000000",
    "0x1.000001p0, 3f800000",
    "0x1.000001000000000000000000000000001p0, 3f800001",
    "0x1.000003p0, 3f800002",
    "1_0.5_0e0_1, 42d20000",
    "nan, 7fc00000",
    "-nan:0x1, ff800001",
    "nan:0x7fffff, 7fffffff",
    "nan:0x800000, ",
    "nan:0x0, ",
    "inf, 7f800000",
    "-inf, ff800000",
    "0x1p128, ",
    "0x1.ffffffp127, ",
    "1e39, ",
    "0x1p-999999999999999999999, 0",
    "0x0p999999999999999999999, 0",
    "0x1p999999999999999999999, "
  })
  void readsSinglePrecision(String literal, String expectedHex) {
    Long bits = FloatLiterals.parse(literal, Format.F32);
    assertThat(bits == null ? null : Long.toHexString(bits)).isEqualTo(expectedHex);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "0x",
        ".0",
        "0x.8p1",
        "1e",
        "1e+",
        "1_",
        "_1",
        "1__0",
        "0x1p",
        "0x1pf",
        "0x1e+1",
        "nan:",
        "nan:1",
        "nan:0x",
        "infinity",
        "NaN",
        "1f",
        "0b1",
        "--1",
        "1.0.0"
      })
  void whatIsNoNumberIsNot(String word) {
    byte[] source = word.getBytes(StandardCharsets.US_ASCII);
    assertThat(NumberSyntax.classify(source, 0, source.length)).isNull();
  }

  @Test
  void roundsHexadecimalLiteralsLikeTheirExactDecimalValue() {
    long seed = Long.getLong("troupe.test.seed", 20_261_121);
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      StringBuilder digits = new StringBuilder("1");
      for (int k = random.nextInt(30); k > 0; k--) {
        // Many zeros and Fs, where rounding is decided far to the right.
        int kind = random.nextInt(3);
        digits.append(kind == 0 ? "0" : kind == 1 ? "f" : Integer.toHexString(random.nextInt(16)));
      }
      int point = random.nextInt(digits.length());
      int exponent = random.nextInt(2400) - 1300;
      String literal =
          "0x"
              + digits.substring(0, point + 1)
              + "."
              + digits.substring(point + 1)
              + "p"
              + exponent;
      BigDecimal exact =
          new BigDecimal(new BigInteger(digits.toString(), 16))
              .multiply(powerOfTwo(exponent - 4 * (digits.length() - point - 1)));
      double asDouble = exact.doubleValue();
      Long bits = FloatLiterals.parse(literal, Format.F64);
      assertThat(bits == null ? Double.POSITIVE_INFINITY : Double.longBitsToDouble(bits))
          .as("%s, seed %d", literal, seed)
          .isEqualTo(asDouble);
      Long singleBits = FloatLiterals.parse(literal, Format.F32);
      float asFloat = exact.floatValue();
      assertThat(
              singleBits == null
                  ? Float.POSITIVE_INFINITY
                  : Float.intBitsToFloat(singleBits.intValue()))
          .as("%s, seed %d", literal, seed)
          .isEqualTo(asFloat);
    }
  }

  private static BigDecimal powerOfTwo(int exponent) {
    return exponent >= 0
        ? new BigDecimal(BigInteger.ONE.shiftLeft(exponent))
        : BigDecimal.valueOf(0.5).pow(-exponent);
  }

  @Test
  void printsEveryFloatSoThatItReadsBack() {
    long seed = Long.getLong("troupe.test.seed", 20_261_121);
    Random random = new Random(seed);
    for (int i = 0; i < ROUNDS; i++) {
      int single = random.nextInt();
      Long readSingle = FloatLiterals.parse(FloatPrinter.f32(single), Format.F32);
      assertThat(readSingle).as("seed %d", seed).isEqualTo(single & 0xFFFF_FFFFL);
      long twice = random.nextLong();
      Long readTwice = FloatLiterals.parse(FloatPrinter.f64(twice), Format.F64);
      assertThat(readTwice).as("seed %d", seed).isEqualTo(twice);
    }
  }
}
