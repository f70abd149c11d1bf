package dev.troupe.engine.os;

/** What a mapping allows. There is no writable and executable combination, on purpose. */
public enum Protection {
  NONE(0),
  READ(1),
  READ_WRITE(3),
  READ_EXECUTE(5);

  final int bits;

  Protection(int bits) {
    this.bits = bits;
  }
}
