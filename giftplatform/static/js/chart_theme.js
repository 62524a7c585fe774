// Chart.js in our tokens: quiet grid, zero baseline, no legend. Charts follow a change of theme.
import { still } from "./page.js";

const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);

/** Return a token's present colour: `colour("tide")`, or with an opacity: `colour("tide", 0.2)`. */
export function colour(name, opacity = 1) {
  probe.style.color = `var(--${name})`;
  const [red, green, blue] = getComputedStyle(probe).color.match(/[\d.]+/g) ?? [];
  return `rgba(${red}, ${green}, ${blue}, ${opacity})`;
}

function paint(Chart) {
  Chart.defaults.color = colour("mist");
  Chart.defaults.borderColor = colour("rail");
  Chart.defaults.plugins.tooltip.backgroundColor = colour("foam");
  Chart.defaults.plugins.tooltip.titleColor = colour("water");
  Chart.defaults.plugins.tooltip.bodyColor = colour("water");
}

/** Set the look of every chart. Call once, before the first `new Chart`. */
export function dress(Chart) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 13;
  Chart.defaults.maintainAspectRatio = false;
  Chart.defaults.animation = still.matches ? false : { duration: 240 };
  Chart.defaults.plugins.legend.display = false;
  Object.assign(Chart.defaults.plugins.tooltip, {
    padding: 10,
    cornerRadius: 10,
    displayColors: false,
  });
  Chart.defaults.elements.bar.borderRadius = 4;
  Object.assign(Chart.defaults.elements.line, { borderWidth: 2, tension: 0 });
  Object.assign(Chart.defaults.elements.point, { radius: 0, hitRadius: 16, hoverRadius: 4 });
  Chart.defaults.scale.beginAtZero = true;
  Chart.defaults.scale.border.display = false;
  Chart.defaults.scales.category.grid = { display: false };
  paint(Chart);
}

/** Call `draw` again whenever night and morning change places. */
export function onTheme(Chart, draw) {
  const again = () => {
    paint(Chart);
    draw();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
  document.addEventListener("theme:change", again);
}
