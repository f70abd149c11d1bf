package dev.troupe.engine.asm.x64;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What was assembled, in order: printed like a disassembly, but with comments, labels and symbol
 * names.
 */
public final class Listing {
  private sealed interface Entry {
    int raw();

    int items();
  }

  private record Instruction(
      int raw,
      int items,
      X64Op op,
      int[] values,
      Mem mem,
      long immediate,
      int condition,
      int label,
      int symbol)
      implements Entry {}

  private record Label(int raw, int items, int label) implements Entry {}

  private record Padding(int raw, int items) implements Entry {}

  private record Data(int raw, int items, int length) implements Entry {}

  private record Comment(int raw, int items, String text) implements Entry {}

  private final Layout layout;
  private final List<Entry> entries = new ArrayList<>();
  private byte[] code = {};

  Listing(Layout layout) {
    this.layout = layout;
  }

  void instruction(
      int raw, X64Op op, int[] values, Mem mem, long imm, int condition, int label, int symbol) {
    int items = layout.itemCount();
    entries.add(new Instruction(raw, items, op, values, mem, imm, condition, label, symbol));
  }

  void label(int raw, int label) {
    entries.add(new Label(raw, layout.itemCount(), label));
  }

  /** Called after the padding item was added: the position is the padding's start. */
  void align(int raw) {
    entries.add(new Padding(raw, layout.itemCount() - 1));
  }

  void data(int raw, int length) {
    entries.add(new Data(raw, layout.itemCount(), length));
  }

  void comment(int raw, String text) {
    entries.add(new Comment(raw, layout.itemCount(), text));
  }

  void finish(byte[] finished) {
    code = finished;
  }

  /**
   * One line per instruction: offset in hex, colon, text; labels and comments on their own lines.
   *
   * @param symbolName names external symbols
   */
  public String text(IntFunction<String> symbolName) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      int offset = layout.offset(entry.raw(), entry.items());
      switch (entry) {
        case Label label -> out.append("L").append(label.label()).append(":\n");
        case Comment comment -> out.append("  ; ").append(comment.text()).append('\n');
        case Padding padding -> padding(out, offset, padding.items());
        case Data data -> data(out, offset, data.length());
        case Instruction instruction ->
            line(out, offset, instructionText(instruction, end(i, offset), symbolName));
      }
    }
    return out.toString();
  }

  /** {@link #text(IntFunction)} with symbols printed as {@code sym} and their number. */
  public String text() {
    return text(symbol -> "sym" + symbol);
  }

  private int end(int entry, int offset) {
    for (int i = entry + 1; i < entries.size(); i++) {
      int next = layout.offset(entries.get(i).raw(), entries.get(i).items());
      if (next > offset) {
        return next;
      }
    }
    return code.length;
  }

  private String instructionText(Instruction i, int end, IntFunction<String> symbolName) {
    String target =
        i.symbol() >= 0
            ? symbolName.apply(i.symbol())
            : i.label() >= 0 ? X64Printer.hex(layout.offset(i.label())) : "";
    String text =
        X64Printer.text(i.op(), i.values(), i.mem(), i.immediate(), i.condition(), target);
    if (i.mem().label >= 0) {
      int address = layout.offset(i.mem().label);
      int distance = address - end;
      String rip = "[rip+" + X64Printer.hex(distance) + "]";
      return text.replace(X64Printer.address(i.mem()), rip) + " # " + X64Printer.hex(address);
    }
    if (i.mem().symbol >= 0) {
      return text.replace("sym" + i.mem().symbol, symbolName.apply(i.mem().symbol));
    }
    return text;
  }

  private void padding(StringBuilder out, int offset, int item) {
    int left = layout.offset(0, item + 1) - layout.offset(0, item);
    int at = offset;
    while (left > 0) {
      int now = Math.min(left, Nops.LONGEST);
      line(out, at, Nops.text(now));
      at += now;
      left -= now;
    }
  }

  private void data(StringBuilder out, int offset, int length) {
    for (int at = offset; at < offset + length; at += 16) {
      StringBuilder text = new StringBuilder(".byte");
      for (int i = at; i < Math.min(at + 16, offset + length); i++) {
        text.append(i == at ? " " : ",").append(X64Printer.hex(code[i] & 0xFF));
      }
      line(out, at, text.toString());
    }
  }

  private static void line(StringBuilder out, int offset, String text) {
    out.append(String.format("%6x: %s%n", offset, text));
  }
}
