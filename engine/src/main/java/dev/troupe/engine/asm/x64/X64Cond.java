package dev.troupe.engine.asm.x64;

/**
 * Condition codes in hardware order; the ordinal is the low nibble of Jcc, SETcc and CMOVcc. Names
 * and suffixes are those that objdump prints.
 */
public enum X64Cond {
  O("o"),
  NO("no"),
  /** Unsigned less; also carry set. */
  B("b"),
  /** Unsigned greater or equal; also carry clear. */
  AE("ae"),
  E("e"),
  NE("ne"),
  BE("be"),
  A("a"),
  S("s"),
  NS("ns"),
  /** Parity even; after UCOMISS/UCOMISD: unordered. */
  P("p"),
  NP("np"),
  L("l"),
  GE("ge"),
  LE("le"),
  G("g");

  private static final X64Cond[] VALUES = values();

  private final String suffix;

  X64Cond(String suffix) {
    this.suffix = suffix;
  }

  /** The suffix of the mnemonic: {@code ne} of {@code jne}. */
  public String suffix() {
    return suffix;
  }

  /** The condition that holds exactly when this one does not. */
  public X64Cond negate() {
    return VALUES[ordinal() ^ 1];
  }

  /**
   * The condition that holds for {@code cmp b, a} exactly when this one holds for {@code cmp a, b}.
   */
  public X64Cond swap() {
    return switch (this) {
      case B -> A;
      case A -> B;
      case AE -> BE;
      case BE -> AE;
      case L -> G;
      case G -> L;
      case LE -> GE;
      case GE -> LE;
      case E, NE -> this;
      case O, NO, S, NS, P, NP ->
          throw new IllegalStateException("condition " + this + " has no operand-swapped form");
    };
  }

  /** The condition with this hardware number, 0 to 15. */
  public static X64Cond of(int number) {
    return VALUES[number];
  }
}
