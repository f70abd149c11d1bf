package dev.troupe.engine.artifact;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** An ordered list of names with values: numbers, truth values, strings, nodes, and lists of these. */
final class InspectionNode {
  private final List<String> names = new ArrayList<>();
  private final List<Object> values = new ArrayList<>();

  void put(String name, Object value) {
    names.add(name);
    values.add(value);
  }

  void appendText(StringBuilder out, int depth) {
    for (int i = 0; i < names.size(); i++) {
      out.append("  ".repeat(depth)).append(names.get(i)).append(':');
      switch (values.get(i)) {
        case InspectionNode node -> {
          out.append('\n');
          node.appendText(out, depth + 1);
        }
        case List<?> list -> appendTextList(out, list, depth + 1);
        case Object value -> out.append(' ').append(printable(value)).append('\n');
      }
    }
  }

  /** Lists of strings on one line; lists of nodes one line per node. */
  private static void appendTextList(StringBuilder out, List<?> list, int depth) {
    boolean lines = !list.isEmpty() && list.getFirst() instanceof InspectionNode;
    for (Object element : list) {
      if (element instanceof InspectionNode node) {
        out.append('\n').append("  ".repeat(depth)).append('-');
        for (int i = 0; i < node.names.size(); i++) {
          out.append(' ').append(node.names.get(i)).append('=');
          out.append(printable(node.values.get(i)));
        }
      } else {
        out.append(' ').append(printable(element));
      }
    }
    out.append(lines ? "\n" : list.isEmpty() ? " none\n" : "\n");
  }

  /** Names come from the guest: no control characters reach a terminal. */
  private static String printable(Object value) {
    StringBuilder out = new StringBuilder();
    value
        .toString()
        .codePoints()
        .forEach(c -> out.appendCodePoint(Character.isISOControl(c) ? '?' : c));
    return out.toString();
  }

  void appendJson(StringBuilder out, int depth) {
    out.append('{');
    for (int i = 0; i < names.size(); i++) {
      out.append(i == 0 ? "\n" : ",\n").append("  ".repeat(depth + 1));
      appendString(out, names.get(i));
      out.append(": ");
      appendValue(out, values.get(i), depth + 1);
    }
    out.append('\n').append("  ".repeat(depth)).append('}');
  }

  private static void appendValue(StringBuilder out, Object value, int depth) {
    switch (value) {
      case InspectionNode node -> node.appendJson(out, depth);
      case List<?> list -> {
        out.append('[');
        for (int i = 0; i < list.size(); i++) {
          out.append(i == 0 ? "\n" : ",\n").append("  ".repeat(depth + 1));
          appendValue(out, list.get(i), depth + 1);
        }
        out.append(list.isEmpty() ? "]" : "\n" + "  ".repeat(depth) + "]");
      }
      case Number number -> out.append(number);
      case Boolean truth -> out.append(truth);
      case Object text -> appendString(out, text.toString());
    }
  }

  private static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c >= 0x7F) {
        out.append("\\u").append(HexFormat.of().toHexDigits(c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
