package dev.troupe.engine.profile;

import dev.troupe.engine.runtime.exec.WasmFrame;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Samples of one guest as the JSON of the Firefox profiler (processed format), which
 * profiler.firefox.com shows. Equal stacks are kept once: memory grows with the code that runs, and
 * by two numbers a sample.
 */
public final class GuestProfile {
  /** A stack: what called, and the frame on top of it. */
  private record Stack(int prefix, int frame) {}

  private final String name;
  private final double intervalMillis;
  private final SourceLines lines;
  private final long startMillis = System.currentTimeMillis();
  private final Map<String, Integer> strings = new LinkedHashMap<>();
  private final Map<WasmFrame, Integer> frames = new LinkedHashMap<>();
  private final Map<Integer, Integer> functionOf = new HashMap<>();
  private final List<WasmFrame> functions = new ArrayList<>();
  private final Map<Stack, Integer> stacks = new LinkedHashMap<>();
  private final List<Integer> sampleStacks = new ArrayList<>();
  private final List<Double> sampleMillis = new ArrayList<>();

  /**
   * An empty profile.
   *
   * @param name of the program
   * @param intervalMillis between two samples
   * @param lines of its source, possibly none
   */
  public GuestProfile(String name, double intervalMillis, SourceLines lines) {
    this.name = name;
    this.intervalMillis = intervalMillis;
    this.lines = lines;
  }

  /**
   * Adds a sample.
   *
   * @param millis since the start
   * @param backtrace innermost frame first; an empty one is left out
   */
  public void sample(double millis, List<WasmFrame> backtrace) {
    int stack = -1;
    for (WasmFrame frame : backtrace.reversed()) {
      stack = number(stacks, new Stack(stack, number(frames, frame)));
    }
    if (stack >= 0) {
      sampleStacks.add(stack);
      sampleMillis.add(millis);
    }
  }

  /** How many samples there are. */
  public int samples() {
    return sampleStacks.size();
  }

  private static <K> int number(Map<K, Integer> known, K key) {
    Integer before = known.putIfAbsent(key, known.size());
    return before == null ? known.size() - 1 : before;
  }

  // ---------------------------------------------------------------- JSON

  /** The profile as JSON. */
  public String toJson() {
    StringJoiner stackPrefixes = array();
    StringJoiner stackFrames = array();
    for (Stack stack : stacks.keySet()) {
      stackPrefixes.add(stack.prefix() < 0 ? "null" : Integer.toString(stack.prefix()));
      stackFrames.add(Integer.toString(stack.frame()));
    }
    String frameTable = frameTable();
    String functionTable = functionTable();
    StringJoiner text = array();
    strings.keySet().forEach(string -> text.add(quoted(string)));
    return "{\"meta\":"
        + meta()
        + ",\"libs\":[],\"threads\":[{"
        + threadMeta()
        + ",\"samples\":"
        + object(sampleStacks.size(), "stack", sampleStacks.toString(), "time", sampleMillis + "")
        + ",\"markers\":"
        + object(
            0,
            "category",
            "[]",
            "data",
            "[]",
            "endTime",
            "[]",
            "name",
            "[]",
            "phase",
            "[]",
            "startTime",
            "[]")
        + ",\"stackTable\":"
        + object(
            stacks.size(),
            "prefix",
            stackPrefixes.toString(),
            "frame",
            stackFrames.toString(),
            "category",
            repeated("0", stacks.size()),
            "subcategory",
            repeated("0", stacks.size()))
        + ",\"frameTable\":"
        + frameTable
        + ",\"funcTable\":"
        + functionTable
        + ",\"resourceTable\":"
        + object(0, "lib", "[]", "name", "[]", "host", "[]", "type", "[]")
        + ",\"nativeSymbols\":"
        + object(0, "libIndex", "[]", "address", "[]", "name", "[]", "functionSize", "[]")
        + ",\"stringArray\":"
        + text
        + "}]}\n";
  }

  private String frameTable() {
    StringJoiner frameFunctions = array();
    StringJoiner frameLines = array();
    for (WasmFrame frame : frames.keySet()) {
      SourceLines.Place place = lines.at(frame.wasmOffset());
      frameFunctions.add(Integer.toString(function(frame)));
      frameLines.add(place == null ? "null" : Integer.toString(place.line()));
    }
    int frameCount = frames.size();
    return object(
        frameCount,
        "address",
        repeated("-1", frameCount),
        "inlineDepth",
        repeated("0", frameCount),
        "category",
        repeated("0", frameCount),
        "subcategory",
        repeated("0", frameCount),
        "func",
        frameFunctions.toString(),
        "nativeSymbol",
        repeated("null", frameCount),
        "innerWindowID",
        repeated("null", frameCount),
        "implementation",
        repeated("null", frameCount),
        "line",
        frameLines.toString(),
        "column",
        repeated("null", frameCount));
  }

  private int function(WasmFrame frame) {
    Integer known = functionOf.get(frame.functionIndex());
    if (known == null) {
      known = functions.size();
      functions.add(frame);
      Integer _ = functionOf.put(frame.functionIndex(), known);
    }
    return known;
  }

  private String functionTable() {
    StringJoiner names = array();
    StringJoiner files = array();
    for (WasmFrame frame : functions) {
      String function = frame.function();
      String shown = function != null ? function : "function " + frame.functionIndex();
      names.add(Integer.toString(number(strings, shown)));
      SourceLines.Place place = lines.at(frame.wasmOffset());
      files.add(place == null ? "null" : Integer.toString(number(strings, place.file())));
    }
    int count = functions.size();
    return object(
        count,
        "name",
        names.toString(),
        "isJS",
        repeated("false", count),
        "relevantForJS",
        repeated("false", count),
        "resource",
        repeated("-1", count),
        "fileName",
        files.toString(),
        "lineNumber",
        repeated("null", count),
        "columnNumber",
        repeated("null", count));
  }

  private String meta() {
    return "{\"version\":24,\"preprocessedProfileVersion\":47,\"product\":"
        + quoted("troupe: " + name)
        + ",\"startTime\":"
        + startMillis
        + ",\"interval\":"
        + intervalMillis
        + ",\"stackwalk\":1,\"processType\":0,\"debug\":false,\"symbolicated\":true,"
        + "\"markerSchema\":[],\"categories\":[{\"name\":\"Guest\",\"color\":\"blue\","
        + "\"subcategories\":[\"Other\"]}]}";
  }

  private String threadMeta() {
    long pid = ProcessHandle.current().pid();
    return "\"name\":"
        + quoted(name)
        + ",\"processType\":\"default\",\"isMainThread\":true,\"pid\":\""
        + pid
        + "\",\"tid\":"
        + pid
        + ",\"processStartupTime\":0,\"processShutdownTime\":null,\"registerTime\":0,"
        + "\"unregisterTime\":null,\"pausedRanges\":[]";
  }

  private static StringJoiner array() {
    return new StringJoiner(",", "[", "]");
  }

  private static String repeated(String value, int count) {
    StringJoiner values = array();
    for (int i = 0; i < count; i++) {
      values.add(value);
    }
    return values.toString();
  }

  /** A table: its length, then columns, name and array in turn. */
  private static String object(int length, String... columns) {
    StringBuilder text = new StringBuilder("{\"length\":").append(length);
    for (int i = 0; i < columns.length; i += 2) {
      text.append(",\"").append(columns[i]).append("\":").append(columns[i + 1]);
    }
    return text.append('}').toString();
  }

  private static String quoted(@Nullable String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : String.valueOf(text).toCharArray()) {
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
