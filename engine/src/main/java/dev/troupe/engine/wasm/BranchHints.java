package dev.troupe.engine.wasm;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The contents of the {@code metadata.code.branch_hint} custom section (the branch hinting
 * proposal): for instructions, named by function and by offset from the first byte of its body, the
 * way that they will probably take. Nothing but speed depends on it.
 */
public final class BranchHints {
  /** The section's name, which also is that of the annotation in the text format. */
  public static final String SECTION = "metadata.code.branch_hint";

  /** No hints. */
  public static final BranchHints EMPTY = new BranchHints(new long[0], new byte[0], 0);

  private static final int CODE_SECTION_ID = 10;
  private static final int DATA_SECTION_ID = 11;
  private static final BranchHint[] HINTS = BranchHint.values();

  // Function in the high half, offset in the low half: ascending.
  private long[] places;
  private byte[] hints;
  private int count;

  private BranchHints(long[] places, byte[] hints, int count) {
    this.places = places;
    this.hints = hints;
    this.count = count;
  }

  /** The hints of a module, if {@code features} have them; else none. */
  public static BranchHints of(WasmModule module, WasmFeatures features) {
    return features.contains(WasmFeature.BRANCH_HINTING) ? of(module) : EMPTY;
  }

  /** The hints of a module; none when it has no such section or a malformed one. */
  public static BranchHints of(WasmModule module) {
    try {
      return read(module);
    } catch (MalformedException e) {
      return EMPTY;
    }
  }

  /**
   * The same for who wants to know what is wrong. Whether the places are branches is not looked at.
   *
   * @throws MalformedException when the section is malformed or stands behind the code
   */
  public static BranchHints read(WasmModule module) {
    CustomSection section = module.customSection(SECTION);
    if (section == null) {
      return EMPTY;
    }
    if (section.afterSection() == CODE_SECTION_ID || section.afterSection() == DATA_SECTION_ID) {
      throw malformed("misplaced section", section.offset());
    }
    int end = section.offset() + section.length();
    BranchHints result = new BranchHints(new long[16], new byte[16], 0);
    WasmReader in = new WasmReader(module.bytes(), section.offset(), end);
    long previous = -1;
    for (long functions = in.u32() & 0xFFFF_FFFFL; functions > 0; functions--) {
      int at = in.position();
      long function = in.u32() & 0xFFFF_FFFFL;
      if (function <= previous
          || function < module.importedFunctionCount()
          || function >= module.functionCount()) {
        throw malformed("function " + function, at);
      }
      previous = function;
      FuncBody body = module.body((int) function);
      result.readFunction(in, function, body.end() - body.offset());
    }
    if (in.position() != end) {
      throw malformed("section size mismatch", in.position());
    }
    return result;
  }

  private void readFunction(WasmReader in, long function, int bodyBytes) {
    long previous = -1;
    for (long left = in.u32() & 0xFFFF_FFFFL; left > 0; left--) {
      int at = in.position();
      long offset = in.u32() & 0xFFFF_FFFFL;
      int size = in.u32();
      int hint = in.u8();
      if (offset <= previous || offset >= bodyBytes || size != 1 || hint >= HINTS.length) {
        throw malformed("hint for offset " + offset, at);
      }
      previous = offset;
      add(function << 32 | offset, hint);
    }
  }

  private void add(long place, int hint) {
    if (count == places.length) {
      places = Arrays.copyOf(places, count * 2);
      hints = Arrays.copyOf(hints, count * 2);
    }
    places[count] = place;
    hints[count++] = (byte) hint;
  }

  private static MalformedException malformed(String what, int offset) {
    return new MalformedException("@" + SECTION + " annotation: malformed " + what, offset);
  }

  /** How many there are. */
  public int size() {
    return count;
  }

  /** The function that hint {@code i} is about; ascending. */
  public int function(int i) {
    return (int) (places[i] >>> 32);
  }

  /** Where the instruction is that hint {@code i} is about, in bytes from the start of the body. */
  public int offset(int i) {
    return (int) places[i];
  }

  /** The hint for the instruction at a byte offset in the body of a function, or null. */
  public @Nullable BranchHint at(int function, int offset) {
    int i = Arrays.binarySearch(places, 0, count, (long) function << 32 | offset & 0xFFFF_FFFFL);
    return i < 0 ? null : HINTS[hints[i]];
  }
}
