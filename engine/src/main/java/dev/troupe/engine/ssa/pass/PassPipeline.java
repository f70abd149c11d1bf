package dev.troupe.engine.ssa.pass;

import dev.troupe.engine.ssa.SsaFunction;
import dev.troupe.engine.ssa.analysis.SsaVerifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The passes, in order. Each row says why it stands where it stands; a row may appear several
 * times. All passes take time close to linear in the size of the function.
 */
public enum PassPipeline {
  /** The passes that make code better. */
  OPTIMIZED(
      List.of(
          row(
              "remove-unreachable",
              RemoveUnreachableBlocks::run,
              "first: the analyses of all later passes look at reachable blocks only"),
          row(
              "redundant-parameters",
              RedundantParameters::run,
              "before value-numbering, which sees through values and not through parameters"),
          row(
              "value-numbering",
              ValueNumbering::run,
              "before simplify-branches, which needs conditions folded"),
          row(
              "simplify-branches",
              SimplifyBranches::runOnJumps,
              "before jump-threading, which looks back through blocks with one predecessor; what"
                  + " hangs on conditions is for that and for if-conversion"),
          row(
              "jump-threading",
              JumpThreading::run,
              "after value-numbering, which folds conditions; before if-conversion, whose"
                  + " selections hide what an edge decides"),
          row(
              "if-conversion",
              IfConversion::run,
              "after value-numbering, which leaves less to compute on either way; before"
                  + " simplify-branches, which joins the blocks"),
          row(
              "tail-duplication",
              TailDuplication::run,
              "after if-conversion, since a selection is better than two returns; before"
                  + " simplify-branches and value-numbering, which join and fold the copies"),
          row(
              "simplify-branches",
              SimplifyBranches::run,
              "before the second value-numbering: merged blocks know more loads and stores"),
          row(
              "redundant-parameters",
              RedundantParameters::run,
              "after simplify-branches, since removed edges make parameters redundant"),
          row(
              "value-numbering",
              ValueNumbering::run,
              "again, for what the removed parameters and edges uncovered"),
          row(
              "dead-stores",
              DeadStores::run,
              "after value-numbering, which replaces the loads between two stores"),
          row(
              "wide-multiply",
              WideMultiply::run,
              "after value-numbering, since equal products must be one; before loops are copied"),
          row("fold-clamps", FoldClamps::run, "before unroll-loops, which copies clamps"),
          row(
              "unroll-loops",
              UnrollLoops::run,
              "after value-numbering, which brings the steps of loops into one form; before"
                  + " superword-packing, which packs the copies"),
          row(
              "fold-clamps",
              FoldClamps::run,
              "after unroll-loops, whose copies differ in constants that are added to indexes;"
                  + " before superword-packing"),
          row(
              "fold-offsets",
              FoldOffsets::run,
              "after unroll-loops, whose copies differ in constants that are added to indexes;"
                  + " before dead-code, which removes the sums"),
          row(
              "superword-packing",
              SuperwordPacking::run,
              "after fold-offsets: neighbours in memory then differ in the offset only"),
          row(
              "shorten-recurrences",
              ShortenRecurrences::run,
              "after value-numbering, which would not find equal sums in another order"),
          row(
              "balance-sums",
              BalanceSums::run,
              "after shorten-recurrences, whose sums are the best for their loops; before"
                  + " dead-code, which removes the old sums"),
          row(
              "dead-code",
              DeadCode::run,
              "after every pass that forwards values, since they leave the unused ones behind"),
          row(
              "loop-invariants",
              LoopInvariants::run,
              "after dead-code: what nothing uses takes no register; after unroll-loops and"
                  + " superword-packing, which look at operands inside of the loop"),
          row(
              "strength-reduction",
              StrengthReduction::run,
              "after loop-invariants, which takes registers for more; after dead-code, for what"
                  + " nothing uses would seem to pay"),
          row(
              "linear-tests",
              LinearTests::run,
              "after strength-reduction, whose variables take the place of counters"),
          row(
              "wide-products",
              WideProducts::run,
              "after all passes that look into products, and after dead-code, which leaves no half"
                  + " that nobody wants"),
          row(
              "lower-switches",
              LowerSwitches::run,
              "after dead-code: operations that wait for a switch are gone; before"
                  + " simplify-branches, which leads edges past blocks that only branch on"),
          row("simplify-branches", SimplifyBranches::run, "after dead-code, which empties blocks"),
          row(
              "split-critical-edges",
              SplitCriticalEdges::run,
              "after the last simplify-branches, which would undo it"),
          row(
              "block-layout",
              BlockLayout::run,
              "last: every other pass may make or remove blocks"))),

  /**
   * What makes a body that will be inlined small, so that its size can be judged and no copy
   * repeats the work.
   */
  INLINED(
      List.of(
          row(
              "remove-unreachable",
              RemoveUnreachableBlocks::run,
              "first: the analyses of all later passes look at reachable blocks only"),
          row(
              "redundant-parameters",
              RedundantParameters::run,
              "before value-numbering, which sees through values and not through parameters"),
          row(
              "value-numbering",
              ValueNumbering::run,
              "before simplify-branches, which needs conditions folded"),
          row(
              "wide-multiply",
              WideMultiply::run,
              "before dead-code: it leaves four products unused, and a small body"),
          row(
              "simplify-branches",
              SimplifyBranches::run,
              "before dead-code: conditions of removed branches become unused"),
          row("dead-code", DeadCode::run, "last: it takes what the others left behind"))),

  /** What the back end needs, and nothing else. */
  MINIMAL(
      List.of(
          row(
              "remove-unreachable",
              RemoveUnreachableBlocks::run,
              "first: the analyses of all later passes look at reachable blocks only"),
          row(
              "split-critical-edges",
              SplitCriticalEdges::run,
              "before block-layout, which places the new blocks"),
          row("block-layout", BlockLayout::run, "last: the order is final")));

  /**
   * One application of a pass.
   *
   * @param name for messages and for {@code --print}
   * @param pass the transformation
   * @param reason why it stands at its place in the list
   */
  public record Row(String name, Consumer<SsaFunction> pass, String reason) {}

  private final List<Row> rows;

  PassPipeline(List<Row> rows) {
    this.rows = rows;
  }

  private static Row row(String name, Consumer<SsaFunction> pass, String reason) {
    return new Row(name, pass, reason);
  }

  /** The passes in order. */
  public List<Row> rows() {
    return rows;
  }

  /** Names of the passes that the back end does not need. */
  public static Set<String> optional() {
    Set<String> names = new TreeSet<>();
    OPTIMIZED.rows.forEach(row -> names.add(row.name));
    MINIMAL.rows.forEach(row -> names.remove(row.name));
    return names;
  }

  /** The list for the tunable {@code optimize}. */
  public static PassPipeline of(boolean optimize) {
    return optimize ? OPTIMIZED : MINIMAL;
  }

  /**
   * Runs the passes on {@code function}. Afterwards no edge is critical, and the layout is final:
   * dominators come before what they dominate, cold blocks come last.
   *
   * @param check whether to verify the function before and after every pass
   * @throws IllegalStateException if {@code check} finds a violation, naming the pass
   */
  public static void run(SsaFunction function, boolean optimize, boolean check) {
    of(optimize).run(function, check);
  }

  /**
   * Runs the passes of this list on {@code function}.
   *
   * @param check as for {@link #run(SsaFunction, boolean, boolean)}
   */
  public void run(SsaFunction function, boolean check) {
    run(function, rows.size(), Set.of(), check);
  }

  /**
   * Runs the first passes of this list on {@code function}.
   *
   * @param count how many rows, at most all
   * @param without names of rows to leave out, some of {@link #optional}
   * @param check as for {@link #run(SsaFunction, boolean, boolean)}
   */
  public void run(SsaFunction function, int count, Set<String> without, boolean check) {
    if (check) {
      SsaVerifier.verify(function, "what came before the passes");
    }
    for (Row row : rows.subList(0, count)) {
      if (!without.contains(row.name)) {
        row.pass.accept(function);
        if (check) {
          SsaVerifier.verify(function, row.name);
        }
      }
    }
  }
}
