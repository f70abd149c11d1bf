package dev.troupe.gateway.client;

import com.google.protobuf.FieldMask;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --clear}, of commands that update: takes limits away instead of setting them. */
final class ClearOption {
  @Option(
      names = "--clear",
      paramLabel = "LIMIT",
      split = ",",
      description = "Takes limits away, for example fuel,cpu-time. A tenant gets the default.")
  private List<String> names = new ArrayList<>();

  boolean isEmpty() {
    return names.isEmpty();
  }

  /** Names the fields, below {@code parent}; without a value they are cleared. */
  FieldMask addTo(FieldMask.Builder mask, String parent) {
    names.forEach(name -> mask.addPaths(parent + "." + name.replace('-', '_')));
    return mask.build();
  }
}
