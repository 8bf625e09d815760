import { SyncChart } from "./chart.js";
import { $, announce, create, setDisabled, setText, untilAnswered } from "./dom.js";
import { ago, bytes, count, integer, nanos } from "./format.js";
import { Away, BACK, get, post } from "./http.js";

const cards = new Map();

let strips = {};
let syncs = {};

export function showStrips(next) {
	strips = next;
	cards.forEach((card, name) => card.showStrip(strips[name]));
	let cached = 0;
	let all = 0;
	for (const strip of Object.values(strips)) {
		cached += strip.pageSize * strip.cells.reduce((sum, cell) => sum + cell[0], 0);
		all += strip.pageSize * strip.pages;
	}
	setText($("figure-cached"), all > 0 ? bytes(cached) : "–");
	setText($("figure-cached-note"), all > 0 ? `of ${bytes(all)} in all files` : "not told by this system");
}

export function showSyncs(next) {
	syncs = next;
	cards.forEach((card, name) => card.showSyncs(syncs[name]));
}

// Asks Actuator for everything that changes slowly.
export async function refreshFiles() {
	const { files = {}, journals = {} } = await get("actuator/yammap");
	const names = [...Object.keys(files), ...Object.keys(journals)];
	for (const [name, card] of cards) {
		if (!names.includes(name)) {
			card.element.remove();
			cards.delete(name);
		}
	}
	const show = (name, kind, file) => {
		if (!cards.has(name)) {
			cards.set(name, new Card(name, kind));
			$("files").append(cards.get(name).element);
			cards.get(name).showStrip(strips[name]);
		}
		cards.get(name).show(file);
		cards.get(name).showSyncs(syncs[name]);
	};
	Object.entries(files).forEach(([name, file]) => show(name, "file", file));
	Object.entries(journals).forEach(([name, journal]) => show(name, "journal", journal));
	$("files-empty").hidden = names.length > 0;
}

const size = (value) => value === undefined || value === null ? "–" : bytes(value);

export function tickCharts() {
	cards.forEach((card) => card.tickChart());
}

class Card {
	#name;
	#facts = new Map();
	#cells = [];
	#syncs;
	#file;

	constructor(name, kind) {
		this.#name = name;
		const title = `file-${name}`;
		this.badge = create("span", { className: "badge" });
		this.path = create("bdi");
		this.facts = create("dl", { className: "facts" });
		this.strip = create("div", { className: "strip", role: "img" });
		this.stripText = create("p", { className: "strip-text" });
		this.p50 = create("b");
		this.p99 = create("b");
		this.plot = create("div", { className: "chart" });
		this.noPlot = create("p");
		this.plot.append(this.noPlot);
		this.problems = create("ul", { className: "problems" });
		this.outcome = create("p", { className: "outcome" });
		this.buttons = create("div", { className: "buttons" });
		this.element = create("article", { className: "card file", "aria-labelledby": title, "data-name": name },
			create("header", {}, create("h3", { id: title }, name), this.badge),
			create("p", { className: "path" }, this.path),
			this.problems,
			this.facts,
			create("div", {}, this.strip),
			this.stripText,
			create("div", { className: "chart-title" }, create("span", {}, "Flush times"),
				create("span", {}, create("i", { className: "key" }), "p50 ", this.p50), create("span", {}, create("i", { className: "key p99" }), "p99 ", this.p99)),
			this.plot,
			this.buttons,
			this.outcome);
		this.kind = kind;
		this.chart = new SyncChart(this.plot);
		this.#addButtons();
	}

	#addButtons() {
		const add = (action, label, busy, done) => {
			const button = create("button", { type: "button", className: "quiet small" }, label);
			button.dataset.action = action;
			button.setAttribute("aria-describedby", `file-${this.#name}`);
			button.addEventListener("click", () => this.#run(button, action, busy, done));
			this.buttons.append(button);
			return button;
		};
		this.flush = add("flush", "Flush", "Flushing …", "is flushed: everything written to it is durable");
		this.drop = add("drop", "Drop from cache", "Dropping …", "was dropped from the page cache");
		this.fill = add("fill", "Read it all", "Reading from the first page to the last, slowly …", "was read");
	}

	async #run(button, action, busy, done) {
		setDisabled(button, true);
		this.#say(busy);
		const start = performance.now();
		try {
			await post(`api/live/files/${encodeURIComponent(this.#name)}/${action}`);
			this.#say(`The ${this.kind} '${this.#name}' ${done} (${Math.round(performance.now() - start)} ms).`);
			announce(this.outcome.textContent);
			await refreshFiles();
		}
		catch (failure) {
			this.#say(failure.message, true);
			announce(failure.message);
			if (failure instanceof Away) {
				untilAnswered(this.outcome, () => this.#say(BACK));
			}
		}
		finally {
			setDisabled(button, false);
		}
	}

	#say(text, error = false) {
		this.outcome.classList.toggle("error", error);
		setText(this.outcome, text);
	}

	show(file) {
		this.#file = file;
		const settings = file.settings ?? {};
		setText(this.path, file.path ?? "");
		this.path.parentElement.title = file.path ?? "";
		const problems = [...file.problems ?? [], ...file.warnings ?? []];
		this.badge.dataset.tone = problems.length === 0 ? "good" : "bad";
		setText(this.badge, problems.length === 0 ? "no problems" : count(problems.length, "problem", "problems"));
		if (this.problems.textContent !== problems.join("")) {
			this.problems.replaceChildren(...problems.map((text) => create("li", {}, text)));
		}
		this.problems.hidden = problems.length === 0;
		const events = file.events ?? {};
		this.#fact("Size", size(file.size));
		if (this.kind === "journal") {
			this.#fact("Segments", integer(file.segments ?? 0));
			this.#fact("Records", integer((file.records?.next ?? 0) - (file.records?.first ?? 0)));
		}
		this.#fact("Mapped", size(file.mappedSize));
		this.#fact("Backend", file.backend ?? "–");
		const access = settings.access ?? (file.writable ? "read-write" : "read-only");
		this.#fact("Access", access);
		this.#fact("Lock", settings.lock ?? (this.kind === "journal" && access !== "read-only" ? "exclusive" : "none"));
		this.#showLastSync();
		this.#fact("Flushes", integer(this.#syncs?.count ?? 0));
		this.#fact("Shared a flush", integer(events.coalescedSyncs ?? 0));
		this.#fact("Failures", integer(["faults", "failedSyncs", "failedWrites", "failedAppends"]
			.reduce((sum, name) => sum + (events[name] ?? 0), 0)));
		const writable = file.writable ?? true;
		this.flush.hidden = !writable;
		this.drop.hidden = this.fill.hidden = file.backend !== "native";
	}

	#showLastSync() {
		const last = this.#file.events?.lastSync;
		this.#fact("Last flush", last ? ago(last) : (this.#file.writable ?? true) ? "none yet" : "never needed");
	}

	#fact(name, value) {
		let dd = this.#facts.get(name);
		if (!dd) {
			dd = create("dd");
			dd.dataset.fact = name.toLowerCase().replaceAll(" ", "-");
			this.#facts.set(name, dd);
			this.facts.append(create("div", {}, create("dt", {}, name), dd));
		}
		setText(dd, value);
		dd.title = value;
	}

	showStrip(strip) {
		if (!strip) {
			this.strip.replaceChildren();
			this.#cells = [];
			setText(this.stripText, "The operating system does not tell what of this file is in memory.");
			return;
		}
		while (this.#cells.length < strip.cells.length) {
			const cell = this.strip.appendChild(create("i"));
			this.#cells.push(cell);
		}
		while (this.#cells.length > strip.cells.length) {
			this.#cells.pop().remove();
		}
		const sums = [0, 0, 0, 0];
		strip.cells.forEach((cell, index) => {
			cell.forEach((pages, kind) => sums[kind] += Math.max(0, pages));
			const [cached, dirty, writeback, evicted] = cell;
			const pages = Math.min(strip.pagesPerCell, strip.pages - index * strip.pagesPerCell);
			const state = writeback > 0 ? "writeback" : dirty > 0 ? "dirty" : cached > 0 ? "cached" : evicted > 0 ? "evicted" : "none";
			// At least a quarter: one page of many must be seen, too.
			const fill = cached > 0 ? Math.max(25, Math.min(100, Math.round(100 * cached / pages))) : 0;
			const element = this.#cells[index];
			if (element.dataset.state !== state) {
				element.dataset.state = state;
			}
			if (element.dataset.fill !== String(fill)) {
				element.dataset.fill = fill;
				element.style.setProperty("--fill", fill);
			}
		});
		const [cached, dirty, writeback, evicted] = sums.map(integer);
		const text = `${cached} of ${count(strip.pages, "page", "pages")} cached, ${dirty} dirty, ${writeback} writeback, ${evicted} evicted`;
		setText(this.stripText, this.kind === "journal" ? `Newest segment: ${text}` : text);
		this.strip.setAttribute("aria-label", `Page cache: ${text}`);
		this.strip.title = `A cell stands for ${count(strip.pagesPerCell, "page", "pages")} of ${bytes(strip.pageSize)}`;
	}

	showSyncs(figures) {
		this.#syncs = figures;
		setText(this.p50, figures?.p50 ? nanos(figures.p50) : "–");
		setText(this.p99, figures?.p99 ? nanos(figures.p99) : "–");
		if (figures && this.#file) {
			this.#fact("Flushes", integer(figures.count));
		}
	}

	tickChart() {
		if (this.#file) {
			this.#showLastSync();
		}
		const shown = this.chart.add(this.#syncs);
		this.noPlot.hidden = shown;
		if (!shown) {
			setText(this.noPlot, (this.#file?.writable ?? true) ? "No flush in the last minute" : "Read-only: there is nothing to flush");
		}
		this.plot.setAttribute("role", "img");
		this.plot.setAttribute("aria-label", `Flush times: median ${this.p50.textContent}, 99th percentile ${this.p99.textContent}`);
	}
}
