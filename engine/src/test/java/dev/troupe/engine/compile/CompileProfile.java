package dev.troupe.engine.compile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/** Samples of time and allocation while a benchmark runs, added up by stage and by method. */
final class CompileProfile implements AutoCloseable {
  private static final String OURS = "dev.troupe.engine.";
  private static final int LINES = 45;

  private final @Nullable Recording recording;

  private CompileProfile(@Nullable Recording recording) {
    this.recording = recording;
  }

  /** A running profile, or one that does nothing. */
  static CompileProfile start(boolean enabled) {
    if (!enabled) {
      return new CompileProfile(null);
    }
    Recording recording = new Recording();
    recording.enable("jdk.ExecutionSample").withPeriod(Duration.ofMillis(1));
    recording.enable("jdk.ObjectAllocationSample").with("throttle", "1000/s");
    recording.start();
    return new CompileProfile(recording);
  }

  /** Ends the recording and prints its sums as percentages. */
  void print() throws IOException {
    if (recording == null) {
      return;
    }
    recording.stop();
    Path file = Files.createTempFile("compile", ".jfr");
    recording.dump(file);
    Sums stages = new Sums("time by stage");
    Sums methods = new Sums("time by method");
    Sums subtrees = new Sums("time by method, with what it calls");
    Sums allocations = new Sums("allocation by stage");
    Sums sites = new Sums("allocation by class and site");
    try (RecordingFile events = new RecordingFile(file)) {
      while (events.hasMoreEvents()) {
        RecordedEvent event = events.readEvent();
        if (event.getStackTrace() == null) {
          continue;
        }
        if (event.getEventType().getName().equals("jdk.ExecutionSample")) {
          stages.add(stage(event), 1);
          methods.add(innermost(event), 1);
          subtrees.addAll(
              event.getStackTrace().getFrames().stream()
                  .map(CompileProfile::name)
                  .distinct()
                  .toList());
        } else {
          long weight = event.getLong("weight");
          allocations.add(stage(event), weight);
          sites.add(event.getClass("objectClass").getName() + " in " + innermost(event), weight);
        }
      }
    } finally {
      Files.delete(file);
    }
    stages.print();
    methods.print();
    subtrees.print();
    allocations.print();
    sites.print();
  }

  @Override
  public void close() {
    if (recording != null) {
      recording.close();
    }
  }

  /** The innermost frame of ours, and what it calls outside. */
  private static String innermost(RecordedEvent event) {
    String outside = "";
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      String name = frame.getMethod().getType().getName();
      if (name.startsWith(OURS)) {
        return name(frame) + ":" + frame.getLineNumber() + outside;
      }
      outside = " > " + name(frame);
    }
    return "elsewhere" + outside;
  }

  private static String name(RecordedFrame frame) {
    String type = frame.getMethod().getType().getName();
    return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethod().getName();
  }

  /** A pass is a stage of its own; else it is the outermost package below the function compiler. */
  private static String stage(RecordedEvent event) {
    String stage = "elsewhere";
    for (RecordedFrame frame : event.getStackTrace().getFrames()) {
      String name = frame.getMethod().getType().getName();
      if (!name.startsWith(OURS)) {
        continue;
      }
      String inside = name.substring(OURS.length());
      if (inside.startsWith("compile.FunctionCompiler")
          || inside.startsWith("ssa.pass.PassPipeline")
          || inside.startsWith("backend.x64.X64Backend")
          || inside.startsWith("regalloc.RegisterAllocator")) {
        return stage.equals("elsewhere") ? inside : stage;
      }
      stage = inside.replaceAll("\\$.*", "");
    }
    return stage;
  }

  /** Weights by name. */
  private static final class Sums {
    private final String title;
    private final Map<String, Long> sums = new HashMap<>();
    private long all;

    Sums(String title) {
      this.title = title;
    }

    /** Adds one sample that belongs to all of these. */
    void addAll(List<String> names) {
      names.forEach(name -> sums.merge(name, 1L, Long::sum));
      all++;
    }

    void add(String name, long weight) {
      sums.merge(name, weight, Long::sum);
      all += weight;
    }

    void print() {
      ToLongFunction<Map.Entry<String, Long>> weight = Map.Entry::getValue;
      System.out.printf("%n%s%n", title);
      sums.entrySet().stream()
          .sorted(Comparator.comparingLong(weight).reversed())
          .limit(LINES)
          .forEach(entry ->
              System.out.printf("%6.2f %%  %s%n", 100.0 * entry.getValue() / all, entry.getKey()));
    }
  }
}
