import { $, create, setText } from "./dom.js";
import { count, country, integer, sentence, shortCountry } from "./format.js";

const SVG = "http://www.w3.org/2000/svg";
const TOP = 12;
// Of a burst the whole world would flicker.
const MAX_HITS = 12;
const RETRY = 3000;

const shapes = new Map();
let visits = new Map();
let list = [];
let all = false;

// Without the map the list of countries has the same figures, so nothing else waits for it.
export async function drawMap() {
	try {
		draw(await load());
		setText($("map-problem"), "");
	}
	catch {
		setText($("map-problem"), "The map could not be loaded. This page tries again by itself.");
		setTimeout(drawMap, RETRY);
	}
}

async function load() {
	const response = await fetch("world.json");
	if (!response.ok) {
		throw new Error(response.status);
	}
	return response.json();
}

function draw(world) {
	const svg = document.createElementNS(SVG, "svg");
	svg.setAttribute("viewBox", `0 0 ${world.width} ${world.height}`);
	svg.setAttribute("aria-hidden", "true");
	const add = (tag, code, attributes) => {
		const shape = document.createElementNS(SVG, tag);
		Object.entries(attributes).forEach(([name, value]) => shape.setAttribute(name, value));
		if (code) {
			shape.dataset.code = code;
			shapes.set(code, shape);
		}
		svg.append(shape);
	};
	add("path", null, { d: world.rest });
	Object.entries(world.shapes).forEach(([code, d]) => add("path", code, { d }));
	Object.entries(world.dots).forEach(([code, [cx, cy]]) => add("circle", code, { cx, cy, r: 26 }));
	svg.addEventListener("pointerover", (event) => describe(event.target.dataset.code));
	svg.addEventListener("pointerleave", () => describe());
	$("map").replaceChildren(svg);
	colour(new Set());
}

let own = [];
let totals;

export function showCountries(countries) {
	own = countries;
	show();
}

// Of all instances that ship their visits to one broker, where there is one.
export function showTotals(next) {
	totals = next;
	$("scope").hidden = !totals;
	setText($("shipped"), totals ? `${count(totals.shipped, "visit", "visits")} of this instance shipped; ${count(totals.visits, "visit", "visits")} of ${count(totals.instances, "instance", "instances")} counted.` : "");
	setText($("shipping-problem"), totals?.problem ? sentence(totals.problem) : "");
	show();
}

$("scope").addEventListener("change", () => {
	visits = new Map();
	show();
});

function show() {
	const wanted = document.querySelector("#scope input:checked").value;
	display(totals && wanted === "all" ? totals.countries : own);
}

function display(countries) {
	const changed = new Set(countries.filter(({ country, visits: now }) => visits.size > 0 && now > (visits.get(country) ?? 0))
		.map(({ country }) => country));
	list = countries;
	visits = new Map(countries.map((entry) => [entry.country, entry.visits]));
	colour(changed);
	showList();
}

// By the logarithm: one country has most of the world's addresses.
function colour(changed) {
	const most = Math.log1p(Math.max(1, ...visits.values()));
	for (const [code, shape] of shapes) {
		const value = visits.get(code) ?? 0;
		shape.style.setProperty("--level", value === 0 ? 0 : Math.round(18 + 82 * Math.log1p(value) / most));
		if (changed.size <= MAX_HITS && changed.has(code)) {
			shape.classList.remove("hit");
			// Reading it makes the browser start the animation anew.
			void shape.getBoundingClientRect();
			shape.classList.add("hit");
		}
	}
}

function describe(code) {
	setText($("map-note"), code ? `${country(code)}: ${count(visits.get(code) ?? 0, "visit", "visits")}`
		: "Live. Each visit is durable before it is counted here.");
}

function showList() {
	const total = list.reduce((sum, entry) => sum + entry.visits, 0);
	const items = $("countries");
	const shown = all ? list : list.slice(0, TOP);
	while (items.children.length > shown.length) {
		items.lastChild.remove();
	}
	shown.forEach((entry, index) => {
		const item = items.children[index] ?? items.appendChild(create("li", {}, create("span"), create("b"), create("small")));
		const share = 100 * entry.visits / total;
		item.dataset.code = entry.country;
		item.style.setProperty("--share", (100 * entry.visits / list[0].visits).toFixed(1));
		setText(item.children[0], shortCountry(entry.country));
		item.title = country(entry.country);
		setText(item.children[1], integer(entry.visits));
		setText(item.children[2], share < 0.1 ? "< 0.1%" : `${share.toFixed(1)}%`);
	});
	$("countries-empty").hidden = list.length > 0;
	const button = $("countries-all");
	button.hidden = list.length <= TOP;
	button.setAttribute("aria-expanded", all);
	setText(button, all ? `Show the first ${TOP}` : `Show all ${list.length}`);
}

$("countries-all").addEventListener("click", () => {
	all = !all;
	const box = $("countries-box");
	box.classList.toggle("all", all);
	// What scrolls must be reached by keyboard.
	if (all) {
		box.tabIndex = 0;
	}
	else {
		box.removeAttribute("tabindex");
	}
	showList();
});
