package dev.troupe.engine.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Small damage to modules and to text. */
public final class Mutations {
  /** Pieces of text that mean something somewhere, put where they do not belong. */
  private static final List<String> PIECES =
      List.of(
          "(",
          ")",
          "\"",
          "$x",
          "0",
          "1",
          "-1",
          "0xffffffffffffffff",
          "1e9999",
          "nan:0x1",
          "(;",
          ";)",
          ";;",
          "\n",
          "(@a)",
          "(type 0)",
          "(func)",
          "(param i32)",
          "(result i64)",
          "(local f32)",
          "then",
          "else",
          "end",
          "block",
          "if",
          "loop",
          "offset=4",
          "align=1",
          "call_indirect",
          "(ref null func)",
          "select",
          "br_table 0",
          "v128.const i64x2 0 1",
          "drop",
          "i32.const 1",
          "i32.add",
          "unreachable",
          "(elem declare func 0)",
          "(data \"a\")",
          "(memory 1)",
          "(table 1 funcref)",
          "i64",
          "f32",
          "externref",
          "mut",
          "shared",
          "$",
          "(@a",
          "(@name \"n\")",
          "(@custom \"c\")",
          "(type",
          "(func",
          "(result",
          "(local",
          "offset=",
          "align=0",
          "(ref null",
          "br_table",
          "v128.const i8x16",
          "i8x16.shuffle",
          "(elem declare",
          "(data",
          "(memory",
          "(table",
          "(import \"a\" \"b\"",
          "try_table",
          "\\",
          "\u00e9");

  private Mutations() {}

  /** One to four changes behind the header, which is left alone: damaging it ends everything. */
  public static byte[] ofBinary(byte[] original, SplittableRandom random) {
    byte[] bytes = original.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes && bytes.length > 8; i++) {
      int at = 8 + random.nextInt(bytes.length - 8);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes[at] = (byte) 0xFF;
        case 3 -> bytes = remove(bytes, at, 1 + random.nextInt(4));
        case 4 -> bytes = insert(bytes, at, random);
        default -> {
          int from = 8 + random.nextInt(bytes.length - 8);
          int length = Math.min(1 + random.nextInt(16), bytes.length - Math.max(at, from));
          System.arraycopy(bytes, from, bytes, at, length);
        }
      }
    }
    return bytes;
  }

  private static byte[] remove(byte[] bytes, int at, int count) {
    int end = Math.min(bytes.length, at + count);
    byte[] result = new byte[bytes.length - (end - at)];
    System.arraycopy(bytes, 0, result, 0, at);
    System.arraycopy(bytes, end, result, at, bytes.length - end);
    return result;
  }

  private static byte[] insert(byte[] bytes, int at, SplittableRandom random) {
    byte[] result = new byte[bytes.length + 1];
    System.arraycopy(bytes, 0, result, 0, at);
    result[at] = (byte) random.nextInt(256);
    System.arraycopy(bytes, at, result, at + 1, bytes.length - at);
    return result;
  }

  /** One or two changes to text in UTF-8. */
  static byte[] ofText(byte[] source, SplittableRandom random) {
    return ofText(source, 1 + random.nextInt(2), random);
  }

  /** So many changes to text in UTF-8. */
  public static byte[] ofText(byte[] source, int changes, SplittableRandom random) {
    StringBuilder text = new StringBuilder(new String(source, StandardCharsets.ISO_8859_1));
    for (int k = 0; k < changes; k++) {
      int at = random.nextInt(text.length() + 1);
      String piece = PIECES.get(random.nextInt(PIECES.size()));
      switch (random.nextInt(4)) {
        case 0 -> text.insert(at, " " + piece + " ");
        case 1 -> text.replace(at, Math.min(text.length(), at + random.nextInt(20)), piece);
        case 2 -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
        default -> {
          // A word in place of another.
          int end = at;
          while (end < text.length() && text.charAt(end) > ' ') {
            end++;
          }
          text.replace(at, end, piece);
        }
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
