package dev.troupe.gateway.client;

import com.google.protobuf.FieldMask;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --clear}, of commands that update: takes limits away instead of setting them. */
final class ClearOption {
  /** A field beside the limits. */
  static final String PROGRAM = "program";

  @Option(
      names = "--clear",
      paramLabel = "LIMIT",
      split = ",",
      description =
          "Takes limits away, for example fuel,cpu-time. A tenant gets the default. Of a function"
              + " also program: all settings of the program.")
  private List<String> names = new ArrayList<>();

  boolean isEmpty() {
    return names.isEmpty();
  }

  boolean names(String name) {
    return names.contains(name);
  }

  /** Names the fields, below {@code parent}; without a value they are cleared. */
  FieldMask addTo(FieldMask.Builder mask, String parent) {
    for (String name : names) {
      boolean whole = name.equals(PROGRAM);
      String path = whole ? name : parent + "." + name.replace('-', '_');
      mask.addPaths(path);
    }
    return mask.build();
  }
}
