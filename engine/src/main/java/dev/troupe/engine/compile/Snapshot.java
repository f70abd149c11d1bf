package dev.troupe.engine.compile;

import dev.troupe.engine.ssa.pass.PassPipeline;
import java.util.List;

/** A point of the pipeline at which a function can be printed. */
public sealed interface Snapshot permits CompileStage, Snapshot.AfterPass {
  /**
   * Behind one row of the passes.
   *
   * @param rows how many rows have run, from the first on
   */
  record AfterPass(int rows) implements Snapshot {}

  /**
   * The point with this name: a stage, or a pass of {@link PassPipeline}. A pass that runs several
   * times is followed by a colon and which time is meant, as in {@code value-numbering:2}; without
   * it, the last is.
   *
   * @param optimize which list of passes is meant
   * @throws IllegalArgumentException naming what there is
   */
  static Snapshot of(String name, boolean optimize) {
    for (CompileStage stage : CompileStage.values()) {
      if (stage.text().equals(name)) {
        return stage;
      }
    }
    int colon = name.indexOf(':');
    String pass = colon < 0 ? name : name.substring(0, colon);
    String time = colon < 0 ? "" : name.substring(colon + 1);
    List<PassPipeline.Row> rows = PassPipeline.of(optimize).rows();
    int times = 0;
    int last = -1;
    for (int i = 0; i < rows.size(); i++) {
      if (rows.get(i).name().equals(pass)) {
        times++;
        last = i;
        if (time.equals(Integer.toString(times))) {
          return new AfterPass(i + 1);
        }
      }
    }
    if (last >= 0 && colon < 0) {
      return new AfterPass(last + 1);
    }
    throw new IllegalArgumentException(
        last >= 0
            ? "pass '" + pass + "' runs " + times + " times: no '" + name + "'"
            : "no stage or pass '"
                + name
                + "': ssa, opt, induction, mach, asm, "
                + passNames(rows));
  }

  private static String passNames(List<PassPipeline.Row> rows) {
    return String.join(", ", rows.stream().map(PassPipeline.Row::name).distinct().toList());
  }
}
