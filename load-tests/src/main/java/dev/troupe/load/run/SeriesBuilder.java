package dev.troupe.load.run;

import dev.troupe.load.report.Report.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Collects columns that may begin late and have gaps. */
final class SeriesBuilder {
  private final List<Double> seconds = new ArrayList<>();
  private final SortedMap<String, List<Double>> columns = new TreeMap<>();

  void begin(double second) {
    seconds.add(round(second));
  }

  void put(String column, double value) {
    List<Double> values = columns.computeIfAbsent(column, name -> new ArrayList<>());
    while (values.size() < seconds.size() - 1) {
      values.add(Double.NaN);
    }
    values.add(round(value));
  }

  Series build() {
    for (List<Double> values : columns.values()) {
      while (values.size() < seconds.size()) {
        values.add(Double.NaN);
      }
    }
    return new Series(seconds, columns);
  }

  private static double round(double value) {
    return Double.isNaN(value) ? value : Math.rint(value * 1e4) / 1e4;
  }
}
