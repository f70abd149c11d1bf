package dev.troupe.engine.text;

/** Strict UTF-8 (Unicode, table 3-7): no overlong forms, no surrogates, nothing above U+10FFFF. */
final class Utf8 {
  private Utf8() {}

  /** Length in bytes of the character at an offset, or 0 when it is malformed. */
  static int lengthAt(byte[] bytes, int offset) {
    int first = bytes[offset] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (offset + length > bytes.length) {
      return 0;
    }
    int second = bytes[offset + 1] & 0xFF;
    int low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if ((bytes[offset + i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }

  /** Whether all bytes together are well formed. */
  static boolean isValid(byte[] bytes) {
    for (int i = 0; i < bytes.length; ) {
      int length = lengthAt(bytes, i);
      if (length == 0) {
        return false;
      }
      i += length;
    }
    return true;
  }
}
