package dev.troupe.load.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.troupe.load.client.CallCounts;
import dev.troupe.load.report.Report.Machine;
import dev.troupe.load.report.Report.PhaseReport;
import dev.troupe.load.report.Report.Series;
import dev.troupe.load.report.Report.StreamReport;
import dev.troupe.load.scenario.Expectation.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms of a report hold what was measured. */
class ReportTest {
  @TempDir Path folder;

  @Test
  void jsonReadsBackEqual() throws IOException {
    Report report = report("echo", 1000);
    Path file = Files.writeString(folder.resolve("r.json"), ReportJson.write(report));

    Report again = ReportJson.read(file);
    assertThat(again).isEqualTo(report);
    Histogram latency = Histograms.decode(again.phases().getFirst().streams().getFirst().latency());
    assertThat(latency).isEqualTo(latency());
  }

  @Test
  void filesThatAreNoReportsAreTold() throws IOException {
    assertThatThrownBy(() -> ReportJson.read(folder.resolve("absent.json")))
        .hasMessageContaining("there is no file");
    assertWrong("{}", "is no report of troupe load");
    assertWrong("", "is no report of troupe load");
    assertWrong("not json", "is no report of troupe load");
    assertWrong("{\"format\": 99}", "has format 99, this program reads 1");
    assertWrong("{\"format\": 1, \"surprise\": 2}", "is no report of troupe load");
  }

  private void assertWrong(String text, String message) throws IOException {
    Path file = Files.writeString(folder.resolve("bad.json"), text);
    assertThatThrownBy(() -> ReportJson.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message);
  }

  @Test
  void comparisonShowsChangesAndWhatOnlyOneHas() {
    Comparison comparison = Comparison.of(report("a", 1000), report("b", 1500));

    assertThat(comparison.rows())
        .filteredOn(row -> row.metric().equals("load.calls.ok-per-second"))
        .singleElement()
        .satisfies(row -> assertThat(row.change()).isEqualTo(0.5))
        .satisfies(row -> assertThat(row.isHeadline()).isTrue());
    assertThat(comparison.onlyFirst()).containsExactly("load.calls.errors.ONLY_a");
    assertThat(comparison.onlySecond()).containsExactly("load.calls.errors.ONLY_b");
    assertThat(comparison.text(false))
        .contains("load.calls.ok-per-second", "+50.0 %")
        .doesNotContain("ONLY_a");
    assertThat(comparison.text(true)).contains("only first:  load.calls.errors.ONLY_a");
  }

  @Test
  void changeFromNothingIsNew() {
    assertThat(new Comparison.Row("m", 0, 5).change()).isInfinite();
    assertThat(new Comparison.Row("m", 0, 0).change()).isZero();
  }

  @Test
  void textSaysEverythingThatWentWrong() {
    String text = ReportText.of(report("echo", 1000));
    assertThat(text)
        .contains("echo: about \"x\" </script>")
        .contains("errors ONLY_echo 2")
        .contains("FAIL   load.calls.errors = 0");
  }

  @Test
  void hgrmIsHdrHistogramsOwnForm() {
    String text = ReportHgrm.of(report("echo", 1000));
    assertThat(text)
        .startsWith("#[load.calls]")
        .contains("Value     Percentile TotalCount 1/(1-Percentile)")
        .contains("Total count    =         1000");
  }

  /** Nothing in the page makes a browser ask anybody for anything. */
  @Test
  void pageIsSelfContained() throws IOException {
    String page = ReportHtml.of(report("echo", 1000));

    assertThat(page)
        .contains("default-src 'none'")
        .doesNotContain("sourceMappingURL")
        .doesNotContain("{{");
    List<String> elements =
        Pattern.compile("<([a-z]+)[^>]*>")
            .matcher(withoutScripts(page))
            .results()
            .map(found -> found.group())
            .toList();
    assertThat(elements)
        .isNotEmpty()
        .allSatisfy(element ->
            assertThat(element).doesNotContainPattern("\\b(src|href|action|data|srcset)\\s*="));
    assertThat(withoutScripts(page)).doesNotContain("url(", "@import", "http:", "https:");
    Matcher script = Pattern.compile("(?s)<script[^>]*>(.*?)</script>").matcher(page);
    int scripts = 0;
    while (script.find()) {
      scripts++;
      assertThat(script.group(1))
          .doesNotContain("fetch(", "XMLHttpRequest", "importScripts", "import(", "new Image");
    }
    // Data, library, drawing: a "</script>" in the data would make it more.
    assertThat(scripts).isEqualTo(3);
    assertThat(page).contains("\\u003c/script>").contains("percentiles");
  }

  private static String withoutScripts(String page) {
    return page.replaceAll("(?s)(<script[^>]*>).*?</script>", "$1</script>");
  }

  private static Report report(String scenario, double rate) {
    TreeMap<String, Double> metrics =
        new TreeMap<>(
            Map.of(
                "load.calls.ok-per-second",
                rate,
                "load.calls.due",
                1002.0,
                "load.calls.errors",
                2.0,
                "load.calls.errors.ONLY_" + scenario,
                2.0));
    return new Report(
        Report.FORMAT,
        scenario,
        "about \"x\" </script>",
        "2026-11-21T13:00:00Z",
        "abc",
        new Machine(2, 1L << 34, "a processor", "Linux 6", "a machine"),
        "127.0.0.1:1",
        List.of(
            new PhaseReport(
                "load",
                2.5,
                List.of(new StreamReport("calls", Histograms.encode(latency()))),
                new Series(
                    List.of(1.0, 2.0),
                    new TreeMap<>(
                        Map.of(
                            "calls.ok-per-second", List.of(rate, Double.NaN),
                            "cpu.acme.share", List.of(1.0, 1.0)))))),
        metrics,
        List.of(new Verdict("load.calls.errors = 0", false, "2 against 0")));
  }

  private static Histogram latency() {
    Histogram histogram = CallCounts.newHistogram();
    for (int i = 1; i <= 1000; i++) {
      histogram.recordValue(i * 10_000L);
    }
    return histogram;
  }
}
