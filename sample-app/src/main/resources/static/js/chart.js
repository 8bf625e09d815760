import uPlot from "../webjars/uplot/dist/uPlot.esm.js";
import { nanos } from "./format.js";

const SECONDS = 60;
const HEIGHT = 112;

function colourOf(element, property) {
	// The browser resolves light-dark() only where a colour is used.
	const before = element.style.color;
	element.style.color = `var(${property})`;
	const colour = getComputedStyle(element).color;
	element.style.color = before;
	return colour;
}

function powersOfTen(min, max) {
	const powers = [];
	for (let exponent = Math.round(Math.log10(min)); exponent <= Math.round(Math.log10(max)); exponent++) {
		powers.push(10 ** exponent);
	}
	return powers;
}

// The last minute of a file's flushes: median and 99th percentile, a value each second.
export class SyncChart {
	#element;
	#plot;
	#times = [];
	#p50 = [];
	#p99 = [];

	constructor(element) {
		this.#element = element;
		document.addEventListener("themechange", () => this.#plot?.redraw());
	}

	add(figures) {
		const now = Math.floor(Date.now() / 1000);
		this.#times.push(now);
		this.#p50.push(figures?.p50 ?? null);
		this.#p99.push(figures?.p99 ?? null);
		while (this.#times[0] < now - SECONDS - 1) {
			[this.#times, this.#p50, this.#p99].forEach((values) => values.shift());
		}
		const any = this.#p50.some((value) => value !== null);
		if (any && !this.#plot) {
			this.#create();
		}
		this.#plot?.setData([this.#times, this.#p50, this.#p99]);
		return any || this.#plot !== undefined;
	}

	#create() {
		const ink = () => colourOf(this.#element, "--muted");
		const line = () => colourOf(this.#element, "--line");
		const font = `11px ${getComputedStyle(document.body).fontFamily}`;
		const axis = { stroke: ink, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
		this.#plot = new uPlot({
			width: this.#element.clientWidth,
			height: HEIGHT,
			padding: [6, 18, 0, 0],
			cursor: { show: false },
			legend: { show: false },
			scales: {
				x: { time: false, range: () => { const now = Math.floor(Date.now() / 1000); return [now - SECONDS, now]; } },
				y: { distr: 3, range: (_, min, max) => min === null ? [100_000, 10_000_000]
					: [10 ** Math.floor(Math.log10(min)), 10 ** Math.ceil(Math.log10(max * 1.01))] }
			},
			axes: [
				{ ...axis, size: 24, gap: 7, splits: (plot) => [-60, -40, -20, 0].map((s) => plot.scales.x.max + s),
					values: (plot, splits) => splits.map((s) => s === plot.scales.x.max ? "now" : `${s - plot.scales.x.max} s`) },
				{ ...axis, size: 52, gap: 4, splits: (_plot, _axis, min, max) => powersOfTen(min, max),
					filter: (_, splits) => splits, values: (_, splits) => splits.map(nanos) }
			],
			series: [
				{},
				{ label: "p50", stroke: () => colourOf(this.#element, "--accent"), width: 2, points: { show: false } },
				{ label: "p99", stroke: () => colourOf(this.#element, "--dirty"), width: 2, dash: [5, 4], points: { show: false } }
			]
		}, [this.#times, this.#p50, this.#p99], this.#element);
		new ResizeObserver(() => {
			const width = this.#element.clientWidth;
			if (width > 0 && width !== this.#plot.width) {
				this.#plot.setSize({ width, height: HEIGHT });
			}
		}).observe(this.#element);
	}
}
