package dev.troupe.gateway.cli;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Named values in order, for people or as JSON. Values are numbers, booleans, strings, lists of
 * strings, lists of numbers, reports, and what is not known (null).
 */
final class Report {
  private final Map<String, @Nullable Object> values = new LinkedHashMap<>();

  void put(String name, long value) {
    values.put(name, value);
  }

  void put(String name, boolean value) {
    values.put(name, value);
  }

  void put(String name, String value) {
    values.put(name, value);
  }

  void put(String name, List<String> value) {
    values.put(name, List.copyOf(value));
  }

  void put(String name, long[] value) {
    values.put(name, value.clone());
  }

  void put(String name, Report value) {
    values.put(name, value);
  }

  void putUnknown(String name) {
    values.put(name, null);
  }

  /** The values by name, in order. */
  Map<String, @Nullable Object> values() {
    return Collections.unmodifiableMap(values);
  }

  String toText() {
    StringBuilder text = new StringBuilder();
    values.forEach((name, value) -> {
      if (value instanceof List<?> list) {
        text.append(String.format("%-24s %d%n", name, list.size()));
        list.forEach(item -> text.append("    ").append(item).append(System.lineSeparator()));
      } else {
        text.append(String.format("%-24s %s%n", name, value));
      }
    });
    return text.toString().stripTrailing();
  }

  String toJson() {
    StringBuilder json = new StringBuilder("{");
    values.forEach((name, value) -> {
      json.append(json.length() == 1 ? "" : ",");
      quote(json, name);
      json.append(':');
      if (value instanceof List<?> list) {
        json.append('[');
        for (int i = 0; i < list.size(); i++) {
          json.append(i == 0 ? "" : ",");
          quote(json, String.valueOf(list.get(i)));
        }
        json.append(']');
      } else if (value instanceof long[] numbers) {
        json.append(Arrays.toString(numbers).replace(" ", ""));
      } else if (value instanceof Report report) {
        json.append(report.toJson());
      } else if (value instanceof String text) {
        quote(json, text);
      } else {
        json.append(value);
      }
    });
    return json.append('}').toString();
  }

  // RFC 8259, section 7: quotation mark, reverse solidus and control characters are escaped.
  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        json.append('\\').append(c);
      } else if (c < 0x20) {
        json.append(String.format("\\u%04x", (int) c));
      } else {
        json.append(c);
      }
    }
    json.append('"');
  }
}
