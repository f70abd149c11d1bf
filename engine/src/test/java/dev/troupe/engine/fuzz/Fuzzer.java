package dev.troupe.engine.fuzz;

import dev.troupe.engine.oracle.GeneratorOptions;
import dev.troupe.engine.oracle.WasmGenerator;
import dev.troupe.engine.testing.VectorHandles;
import dev.troupe.engine.wasm.WasmOp;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes cases, runs them in all engines, and keeps what differs, made small. */
final class Fuzzer implements AutoCloseable {
  /** How many cases V8 may be ahead. */
  private static final int LOOKAHEAD = 16;

  /** After so many cases handles of vectors begin anew: they would fill the heap. */
  private static final int FORGET_VECTORS = 64;

  private final Subject oracle = new OracleSubject();
  private final Subjects engines = new Subjects();
  private final List<Subject> foreign;
  private final ArrayDeque<Planned> planned = new ArrayDeque<>();
  private String only = "";
  private final Path findings;
  private final Set<WasmOp> seen = EnumSet.noneOf(WasmOp.class);
  private final TreeMap<String, Integer> executions = new TreeMap<>();
  private final List<String> found = new ArrayList<>();
  private final List<String> dissents = new ArrayList<>();
  private long calls;
  private long traps;

  /**
   * @param foreign other engines
   * @param findings folder for what differs
   */
  Fuzzer(List<Subject> foreign, Path findings) {
    this.foreign = foreign;
    this.findings = findings;
  }

  /** Leaves out all subjects but the one with this name; all stay when it is empty. */
  void only(String name) {
    only = name;
  }

  /** A case that foreign engines may already be working on. */
  private record Planned(long seed, FuzzCase fuzzCase, Subject reference, List<Subject> subjects) {}

  /**
   * One generated module. It may run only when others have been generated, or in {@link #finish}.
   *
   * @param groups how many kinds of code the engine makes of it; all of its configurations come up
   *     in turn
   */
  void generated(long seed, int groups) {
    GeneratorOptions options = GeneratorOptions.of(seed);
    FuzzCase fuzzCase = FuzzCase.of(WasmGenerator.generate(seed, options), seed);
    List<Subject> subjects =
        new ArrayList<>(only.isEmpty() ? engines.some(seed, groups) : engines.all());
    if (options.forJavaScript()) {
      for (Subject subject : foreign) {
        // The first one is asked always, the others now and then.
        if (seed % 8 == 0 || subject.equals(foreign.getFirst())) {
          subjects.add(subject);
          subject.prepare(fuzzCase);
        }
      }
    }
    planned.add(new Planned(seed, fuzzCase, reference(fuzzCase), subjects));
    if (planned.size() > LOOKAHEAD) {
      runOldest();
    }
  }

  /**
   * Who is right: the plain interpreter; for what it does not know another engine, or if there is
   * none, our own without its optimizing passes.
   */
  private Subject reference(FuzzCase fuzzCase) {
    if (oracle.understands(fuzzCase)) {
      return oracle;
    }
    for (Subject subject : foreign) {
      if (!subject.doubtful() && subject.understands(fuzzCase)) {
        return subject;
      }
    }
    return engines.unoptimized();
  }

  /** A module that another generator has made, in all engines. */
  void foreign(byte[] wasm, long seed) {
    FuzzCase fuzzCase = FuzzCase.of(wasm, seed);
    List<Subject> subjects = new ArrayList<>(engines.all());
    subjects.addAll(foreign);
    Subject reference = reference(fuzzCase);
    subjects.remove(reference);
    compare(fuzzCase, seed, "binaryen " + seed, reference, subjects);
  }

  /** Runs what has been generated and has not run yet. */
  void finish() {
    while (!planned.isEmpty()) {
      runOldest();
    }
  }

  private void runOldest() {
    Planned next = planned.remove();
    List<Subject> subjects = next.subjects.stream().filter(s -> !s.equals(next.reference)).toList();
    compare(next.fuzzCase, next.seed, "seed " + next.seed, next.reference, subjects);
    if (next.seed % FORGET_VECTORS == 0) {
      finish();
      VectorHandles.clear();
    }
  }

  /** A case from a file, in all engines. */
  void kept(FuzzCase fuzzCase, String origin) {
    List<Subject> subjects = new ArrayList<>(engines.all());
    subjects.addAll(foreign);
    Subject reference = reference(fuzzCase);
    subjects.remove(reference);
    compare(fuzzCase, 0, origin, reference, subjects);
  }

  /** A case in some engines. */
  void compare(
      FuzzCase fuzzCase, long seed, String origin, Subject reference, List<Subject> subjects) {
    List<String> expected;
    try {
      expected = reference.run(fuzzCase);
    } catch (NoAnswerException e) {
      int unused = executions.merge(reference.name() + " without answer", 1, Integer::sum);
      return;
    } catch (RuntimeException | StackOverflowError e) {
      found.add(origin + ": " + reference.name() + " broke: " + e);
      return;
    }
    Opcodes.each(fuzzCase, seen::add);
    calls += fuzzCase.calls().size();
    traps += expected.stream().filter(line -> line.startsWith("trap")).count();
    count(reference);
    for (Subject subject : subjects) {
      if (!subject.understands(fuzzCase) || !(only.isEmpty() || only.equals(subject.name()))) {
        continue;
      }
      count(subject);
      Finding finding = Comparer.compare(reference, expected, subject, fuzzCase);
      if (finding != null && subject.doubtful()) {
        dissents.add(origin);
      } else if (finding != null) {
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

  /** Modules run so far in the engine, in all of its configurations together. */
  long engineExecutions() {
    return engines.all().stream().mapToLong(s -> executions.getOrDefault(s.name(), 0)).sum();
  }

  String report() {
    return engineExecutions()
        + " executions by the engine, "
        + executions()
        + " in all "
        + executions
        + ", "
        + calls
        + " calls, "
        + traps
        + " traps; alone against all others: "
        + dissents;
  }

  @Override
  public void close() {
    engines.close();
    foreign.forEach(Subject::close);
  }
}
