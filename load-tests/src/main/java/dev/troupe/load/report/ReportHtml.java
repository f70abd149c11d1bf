package dev.troupe.load.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A report as one page that needs nothing else: data, style, plots and the chart library (Chart.js,
 * MIT licence) are inside, and a content security policy forbids it to ask anybody for anything.
 */
public final class ReportHtml {
  private static final String LIBRARY =
      "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";
  private static final int TICKS_PER_HALF = 5;
  private static final double NANOS_PER_MILLI = 1e6;

  private ReportHtml() {}

  /**
   * The page.
   *
   * @throws IOException when the program's own files are not on the class path
   */
  public static String of(Report report) throws IOException {
    // The parts are put in from the last to the first, so that no part is searched for another's
    // place.
    String page = resource("page.html");
    for (Map.Entry<String, String> part :
        java.util.List.of(
            Map.entry("{{script}}", resource("page.js")),
            Map.entry("{{library}}", library()),
            Map.entry("{{data}}", data(report)),
            Map.entry("{{style}}", resource("page.css")))) {
      int at = page.indexOf(part.getKey());
      page = page.substring(0, at) + part.getValue() + page.substring(at + part.getKey().length());
    }
    return page;
  }

  private static String data(Report report) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode tree = mapper.valueToTree(report);
    for (var phase : tree.withArray("phases")) {
      for (var stream : phase.withArray("streams")) {
        Histogram latency = Histograms.decode(stream.path("latency").asText());
        ObjectNode node = (ObjectNode) stream;
        node.remove("latency");
        ArrayNode percentiles = node.putArray("percentiles");
        for (HistogramIterationValue value : latency.percentiles(TICKS_PER_HALF)) {
          double above = 1 - value.getPercentileLevelIteratedTo() / 100;
          if (above > 0) {
            percentiles.addArray().add(1 / above).add(value.getValueIteratedTo() / NANOS_PER_MILLI);
          }
        }
      }
    }
    try {
      // No text of the report can end the element that holds it.
      return mapper.writeValueAsString(tree).replace("<", "\\u003c");
    } catch (JsonProcessingException e) {
      throw new IOException("the report cannot be written: " + e.getMessage(), e);
    }
  }

  /** The library without the reference to its source map, which browsers would ask for. */
  private static String library() throws IOException {
    String text = read(LIBRARY);
    int map = text.lastIndexOf("//# sourceMappingURL=");
    return map < 0 ? text : text.substring(0, map);
  }

  private static String resource(String name) throws IOException {
    return read("/dev/troupe/load/report/" + name);
  }

  private static String read(String path) throws IOException {
    try (InputStream in = ReportHtml.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("the class path lacks " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
