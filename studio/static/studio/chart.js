// The studio's chart: one bar a day, drawn from the table beneath it. The table is the truth; this
// is its picture.
import { colour, dress, onTheme } from "../js/chart_theme.js";
import { writer } from "../js/dates.js";
import { moneyLike } from "../js/page.js";

const { Chart } = window;
dress(Chart);

const dayName = writer({ day: "numeric", month: "short", timeZone: "UTC" });

/** The best day and today carry their figures: labels on the bars instead of a legend. */
const labels = {
  id: "labels",
  afterDatasetsDraw(chart, _args, options) {
    const { ctx } = chart;
    const bars = chart.getDatasetMeta(0).data;
    ctx.save();
    ctx.font = `600 13px ${Chart.defaults.font.family}`;
    ctx.textAlign = "center";
    ctx.fillStyle = colour("foam");
    for (const { at, text } of options.named) {
      const bar = bars[at];
      const half = ctx.measureText(text).width / 2;
      const x = Math.min(
        Math.max(bar.x, chart.chartArea.left + half),
        chart.chartArea.right - half,
      );
      // A taller neighbour would run through the words; today's figure stands above the chart as
      // well.
      const hidden = bars.some(
        (other) => other.y < bar.y - 4 && Math.abs(other.x - x) < half + other.width / 2,
      );
      if (!hidden) ctx.fillText(text, x, bar.y - 8);
    }
    ctx.restore();
  },
};

function draw(box) {
  const table = /** @type {HTMLTableElement} */ (document.getElementById(box.dataset.chart));
  const rows = [...table.tBodies[0].rows];
  const money = moneyLike(box.dataset.example);
  const values = rows.map((row) => Number(row.dataset.value));
  const best = values.indexOf(Math.max(...values));
  const last = values.length - 1;
  const named = [{ at: best, text: rows[best].dataset.text }];
  if (last - best > 4 && values[last] > 0) named.push({ at: last, text: rows[last].dataset.text });
  const canvas = box.querySelector("canvas");
  Chart.getChart(canvas)?.destroy();
  new Chart(canvas, {
    type: "bar",
    data: {
      labels: rows.map((row) => dayName.format(new Date(row.dataset.day ?? ""))),
      datasets: [
        {
          data: values,
          backgroundColor: values.map((_, at) =>
            colour("tide", at === best || at === last ? 1 : 0.62),
          ),
          hoverBackgroundColor: colour("tide"),
          borderRadius: 4,
          categoryPercentage: 0.86,
          barPercentage: 0.9,
        },
      ],
    },
    options: {
      layout: { padding: { top: 24 } },
      plugins: {
        labels: { named },
        tooltip: { callbacks: { label: (item) => rows[item.dataIndex].dataset.text } },
      },
      scales: {
        x: { ticks: { maxRotation: 0, autoSkipPadding: 24 } },
        y: {
          beginAtZero: true,
          ticks: { maxTicksLimit: 5, precision: 0, callback: (value) => money(value, true) },
        },
      },
    },
    plugins: [labels],
  });
}

const boxes = document.querySelectorAll("[data-chart]");
boxes.forEach(draw);
onTheme(Chart, () => boxes.forEach(draw));
