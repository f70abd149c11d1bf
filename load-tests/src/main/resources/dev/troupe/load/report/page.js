// Draws a report of `troupe load`. The data is that of the JSON report, with the distributions of
// latencies as points. Text enters the page as text only.
"use strict";

const report = JSON.parse(document.getElementById("data").textContent);
const colors = ["#3366cc", "#dc3912", "#ff9900", "#109618", "#990099", "#0099c6", "#dd4477", "#66aa00"];

function add(parent, tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  parent.appendChild(element);
  return element;
}

function number(value) {
  if (value === undefined || value === null) return "";
  const digits = value === 0 || Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function plot(parent, title, datasets, options) {
  const figure = add(parent, "figure");
  add(figure, "figcaption", title);
  const canvas = add(add(figure, "div"), "canvas");
  datasets.forEach((dataset, i) => {
    const color = colors[i % colors.length];
    Object.assign(dataset, {
      borderColor: color, backgroundColor: color + (dataset.fill ? "66" : "cc"),
      borderWidth: 1.5, pointRadius: 0, spanGaps: false, showLine: true });
  });
  return new Chart(canvas, {
    type: "scatter",
    data: { datasets },
    options: {
      animation: false, maintainAspectRatio: false, normalized: true,
      interaction: { mode: "nearest", axis: "x", intersect: false },
      plugins: { legend: { position: "bottom", labels: { boxWidth: 12 } } },
      scales: {
        x: Object.assign({ type: "linear", title: { display: true, text: "seconds" } }, options.x),
        y: Object.assign({ beginAtZero: true, title: { display: true, text: options.unit } }, options.y),
      } } });
}

// The column of a phase as points; gaps stay gaps.
function points(phase, column, factor) {
  return phase.series.seconds.map((second, i) => {
    const value = phase.series.columns[column][i];
    return { x: second, y: value === null || value === "NaN" ? null : value * (factor || 1) };
  });
}

function columns(phase, pattern) {
  return Object.keys(phase.series.columns)
    .map(name => ({ name, match: pattern.exec(name) }))
    .filter(entry => entry.match && !entry.name.startsWith("server."));
}

function lines(phase, pattern, label) {
  return columns(phase, pattern).map(entry =>
    ({ label: label(entry.match), data: points(phase, entry.name) }));
}

function header() {
  const parent = document.getElementById("header");
  document.title = "Load: " + report.scenario;
  add(parent, "h1", report.scenario);
  add(parent, "p", report.description);
  add(parent, "p", [report.started, "server " + report.target,
    "commit " + (report.commit || "unknown"),
    report.machine.cores + " cores, " + report.machine.processor,
    report.machine.kernel, report.machine.java].join(" · "), "facts");
  if (report.verdicts.length) {
    const table = add(parent, "table");
    for (const verdict of report.verdicts) {
      const row = add(table, "tr");
      add(row, "td", verdict.text);
      add(row, "td", verdict.detail);
      add(row, "td", verdict.met ? "ok" : "missed", verdict.met ? "good" : "bad");
    }
  }
}

const MEASURES = ["due-per-second", "answers-per-second", "ok-per-second", "p50-ms", "p90-ms",
  "p99-ms", "p999-ms", "max-ms", "dropped", "sheds", "deadlines", "traps", "errors", "wrong",
  "cancelled", "unanswered", "cold-starts", "send-lag-p99-ms"];

function streamTable(parent, phase) {
  const table = add(parent, "table");
  const head = add(table, "tr");
  add(head, "th", "stream");
  const shown = MEASURES.filter(measure => phase.streams.some(stream =>
    report.metrics[phase.name + "." + stream.name + "." + measure]));
  shown.forEach(measure => add(head, "th", measure));
  for (const name of phase.streams.map(stream => stream.name).concat("all")) {
    const row = add(table, "tr");
    add(row, "td", name);
    shown.forEach(measure =>
      add(row, "td", number(report.metrics[phase.name + "." + name + "." + measure])));
  }
}

function kinds(parent, phase) {
  const prefix = phase.name + ".";
  const found = Object.entries(report.metrics).filter(([name]) =>
    name.startsWith(prefix) && /^[^.]+\.(sheds|traps|errors)\.[^.]+$/.test(name.slice(prefix.length))
    && !name.startsWith(prefix + "all."));
  if (found.length) {
    add(parent, "p", found.map(([name, count]) =>
      name.slice(prefix.length).replaceAll(".", " ") + " " + number(count)).join(" · "), "facts");
  }
}

function latency() {
  const parent = add(document.getElementById("main"), "section");
  add(parent, "h2", "Latency by percentile");
  const datasets = [];
  for (const phase of report.phases) {
    for (const stream of phase.streams) {
      if (stream.percentiles.length) {
        datasets.push({ label: phase.name + "." + stream.name,
          data: stream.percentiles.map(([x, y]) => ({ x, y })) });
      }
    }
  }
  plot(add(parent, "div", undefined, "plots"), "milliseconds from the intended send time", datasets, {
    unit: "ms", y: { type: "logarithmic", beginAtZero: false },
    x: { type: "logarithmic", min: 1, title: { display: true, text: "percentile" },
      ticks: { callback: value => Number.isInteger(Math.log10(value)) || value === 2
        ? (100 - 100 / value).toFixed(Math.max(0, Math.round(Math.log10(value)) - 2)) + " %" : "" } } });
}

function phaseSection(phase) {
  const parent = add(document.getElementById("main"), "section");
  add(parent, "h2", "Phase " + phase.name + ", " + number(phase.seconds) + " s measured");
  streamTable(parent, phase);
  kinds(parent, phase);
  const plots = add(parent, "div", undefined, "plots");
  plot(plots, "Throughput",
    lines(phase, /^(.+)\.ok-per-second$/, match => match[1] + " ok")
      .concat(lines(phase, /^(.+)\.started-per-second$/, match => match[1] + " offered"))
      .concat(lines(phase, /^(.+)\.refused-per-second$/, match => match[1] + " not ok")
        .filter(line => line.data.some(point => point.y > 0))),
    { unit: "calls a second" });
  plot(plots, "Latency over time", lines(phase, /^(.+)\.(p50|p99)-ms$/, match => match[1] + " " + match[2]),
    { unit: "ms", y: { type: "logarithmic", beginAtZero: false } });
  const shares = lines(phase, /^cpu\.(.+)\.share$/, match => match[1]);
  if (shares.length) {
    shares.forEach((line, i) => {
      line.fill = i === 0 ? "origin" : "-1";
      line.data.forEach((point, k) => {
        point.y = point.y * 100 + (i === 0 ? 0 : shares[i - 1].data[k].y);
      });
    });
    plot(plots, "CPU share of tenants, stacked", shares, { unit: "% of guests' CPU", y: { max: 100 } });
  }
  plot(plots, "In flight", lines(phase, /^(.+)\.in-flight$/, match => match[1]), { unit: "calls" });
  const server = [["fibers.live", "fibers"], ["fibers.parked", "parked"],
    ["pool.slots-in-use", "memories"], ["pool.warm-instances", "warm instances"]]
    .filter(([name]) => phase.series.columns["server." + name])
    .map(([name, label]) => ({ label, data: points(phase, "server." + name) }));
  if (server.length) plot(plots, "Server: held", server, { unit: "" });
  const memory = [["process.rss-bytes", "resident"], ["process.heap-used-bytes", "Java heap"]]
    .filter(([name]) => phase.series.columns["server." + name])
    .map(([name, label]) => ({ label, data: points(phase, "server." + name, 1 / 1048576) }));
  if (memory.length) plot(plots, "Server: memory", memory, { unit: "MiB" });
}

function everything() {
  const details = add(add(document.getElementById("main"), "section"), "details");
  add(details, "summary", "All " + Object.keys(report.metrics).length + " metrics");
  const table = add(details, "table");
  for (const [name, value] of Object.entries(report.metrics)) {
    const row = add(table, "tr");
    add(row, "td", name);
    add(row, "td", String(value));
  }
}

header();
latency();
report.phases.forEach(phaseSection);
everything();
