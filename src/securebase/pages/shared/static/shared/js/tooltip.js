// Points of a chart: arrow keys move along them, and the one in hand says its words.
// Without this script each point has its own title, and the table says everything.
// The browser would show the title a second time, so the words move to the label.
function nameOnce(point) {
  const title = point.querySelector("title");
  if (!title) return;
  point.setAttribute("aria-label", title.textContent);
  title.remove();
}

function showTip(chart, point) {
  const tip = chart.querySelector(".chart-tip");
  nameOnce(point);
  tip.textContent = point.getAttribute("aria-label");
  tip.hidden = false;
  const frame = chart.getBoundingClientRect();
  const mark = point.querySelector(".reach").getBoundingClientRect();
  const room = frame.width - tip.offsetWidth;
  const left = mark.left + mark.width / 2 - frame.left - tip.offsetWidth / 2;
  const top = mark.top - frame.top - tip.offsetHeight - 6;
  tip.style.left = `${Math.max(0, Math.min(left, room))}px`;
  tip.style.top = `${top}px`;
}

function hideTip(chart) {
  chart.querySelector(".chart-tip").hidden = true;
}

function neighbor(points, point, key) {
  const place = points.indexOf(point);
  const places = { ArrowLeft: place - 1, ArrowRight: place + 1, Home: 0, End: points.length - 1 };
  return points[places[key]];
}

function move(event) {
  const point = event.target.closest?.(".point");
  if (!point) return;
  if (event.key === "Escape") hideTip(point.closest(".chart"));
  const next = neighbor([...point.parentNode.querySelectorAll("g.point")], point, event.key);
  if (!next) return;
  event.preventDefault();
  point.setAttribute("tabindex", "-1");
  next.setAttribute("tabindex", "0");
  next.focus();
}

function watch(name, act) {
  document.addEventListener(name, (event) => {
    const point = event.target.closest?.("g.point");
    if (point) act(point.closest(".chart"), point);
  });
}

watch("focusin", showTip);
watch("focusout", hideTip);
watch("mouseover", showTip);
watch("mouseout", hideTip);
document.addEventListener("keydown", move);
