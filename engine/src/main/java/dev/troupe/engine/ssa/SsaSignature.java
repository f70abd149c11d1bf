package dev.troupe.engine.ssa;

import java.util.List;

/** Parameter and result types of a function or a call. */
public record SsaSignature(List<SsaType> parameters, List<SsaType> results) {
  public SsaSignature {
    parameters = List.copyOf(parameters);
    results = List.copyOf(results);
  }

  /** Text such as {@code (i32, i64) -> (f32)}. */
  public String text() {
    return list(parameters) + " -> " + list(results);
  }

  private static String list(List<SsaType> types) {
    StringBuilder out = new StringBuilder("(");
    for (int i = 0; i < types.size(); i++) {
      out.append(i == 0 ? "" : ", ").append(types.get(i).text());
    }
    return out.append(')').toString();
  }
}
