package dev.troupe.engine.fuzz;

import dev.troupe.engine.oracle.GeneratorOptions;
import dev.troupe.engine.oracle.WasmGenerator;
import dev.troupe.engine.wasm.WasmOp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes cases, runs them in all engines, and keeps what differs, made small. */
final class Fuzzer implements AutoCloseable {
  private final Subject oracle = new OracleSubject();
  private final List<Subject> engines = new ArrayList<>(Subjects.engines());
  private final List<Subject> foreign;
  private List<Subject> others;
  private final Path findings;
  private final Set<WasmOp> seen = EnumSet.noneOf(WasmOp.class);
  private final TreeMap<String, Integer> executions = new TreeMap<>();
  private final List<String> found = new ArrayList<>();
  private long calls;
  private long traps;

  /**
   * @param foreign other engines
   * @param findings folder for what differs
   */
  Fuzzer(List<Subject> foreign, Path findings) {
    this.foreign = foreign;
    this.others = foreign;
    this.findings = findings;
  }

  /** Leaves out all subjects but the one with this name; all stay when it is empty. */
  void only(String name) {
    if (!name.isEmpty()) {
      for (Subject subject : List.copyOf(engines)) {
        if (!subject.name().equals(name)) {
          engines.remove(subject);
          subject.close();
        }
      }
      others = foreign.stream().filter(subject -> subject.name().equals(name)).toList();
    }
  }

  /**
   * One generated module. Every engine configuration comes up in turn, so many at a time.
   *
   * @param configurations how many of them
   */
  void generated(long seed, int configurations) {
    boolean forForeign = !foreign.isEmpty() && seed % 2 == 0;
    byte[] wasm = WasmGenerator.generate(seed, GeneratorOptions.of(seed, forForeign));
    FuzzCase fuzzCase = FuzzCase.of(wasm, seed);
    List<Subject> subjects = new ArrayList<>();
    for (int i = 0; i < Math.min(configurations, engines.size()); i++) {
      int turn = (int) Math.floorMod(seed * configurations + i, (long) engines.size());
      subjects.add(engines.get(turn));
    }
    subjects.addAll(others);
    compare(fuzzCase, seed, "seed " + seed, oracle, subjects);
  }

  /** A case from a file, in all engines. */
  void kept(FuzzCase fuzzCase, String origin) {
    List<Subject> subjects = new ArrayList<>(engines);
    subjects.addAll(others);
    compare(fuzzCase, 0, origin, oracle, subjects);
  }

  /** A case in some engines. */
  void compare(
      FuzzCase fuzzCase, long seed, String origin, Subject reference, List<Subject> subjects) {
    List<String> expected;
    try {
      expected = reference.run(fuzzCase);
    } catch (RuntimeException | StackOverflowError e) {
      found.add(origin + ": " + reference.name() + " broke: " + e);
      return;
    }
    Opcodes.each(fuzzCase, seen::add);
    calls += fuzzCase.calls().size();
    traps += expected.stream().filter(line -> line.startsWith("trap")).count();
    count(reference);
    for (Subject subject : subjects) {
      if (!subject.understands(fuzzCase)) {
        continue;
      }
      count(subject);
      Finding finding = Comparer.compare(reference, expected, subject, fuzzCase);
      if (finding != null) {
        found.add(keep(fuzzCase, seed, origin, reference, subject, finding));
      }
    }
  }

  private void count(Subject subject) {
    int unused = executions.merge(subject.name(), 1, Integer::sum);
  }

  private String keep(
      FuzzCase fuzzCase,
      long seed,
      String origin,
      Subject reference,
      Subject subject,
      Finding finding) {
    System.err.println(origin + ": " + finding + " (making it small)");
    FuzzCase small =
        Reducer.reduce(fuzzCase, seed, smaller -> differs(reference, subject, smaller, finding));
    Path file =
        findings.resolve(
            origin.replaceAll("[^A-Za-z0-9]+", "-")
                + "-"
                + subject.name().replace(' ', '-')
                + ".wat");
    Finding last = difference(reference, subject, small);
    String text = origin + ": " + (last == null ? finding : last);
    try {
      KeptCase.write(file, small, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text + "; see " + file;
  }

  private static boolean differs(
      Subject reference, Subject subject, FuzzCase fuzzCase, Finding original) {
    Finding finding = difference(reference, subject, fuzzCase);
    return finding != null && (finding.line() < 0) == (original.line() < 0);
  }

  private static @Nullable Finding difference(
      Subject reference, Subject subject, FuzzCase fuzzCase) {
    try {
      return Comparer.compare(reference, reference.run(fuzzCase), subject, fuzzCase);
    } catch (RuntimeException | StackOverflowError e) {
      return null;
    }
  }

  /** What differed so far. */
  List<String> found() {
    return found;
  }

  /** Instructions in the modules so far. */
  Set<WasmOp> seen() {
    return seen;
  }

  /** Modules run so far, in all engines together. */
  long executions() {
    return executions.values().stream().mapToLong(Integer::longValue).sum();
  }

  String report() {
    return executions()
        + " executions "
        + executions
        + ", "
        + calls
        + " calls, "
        + traps
        + " traps";
  }

  @Override
  public void close() {
    engines.forEach(Subject::close);
    foreign.forEach(Subject::close);
  }
}
