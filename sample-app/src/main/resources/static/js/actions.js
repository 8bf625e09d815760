import { $, announce, create, setDisabled, showError, showResult, untilAnswered } from "./dom.js";
import { count, country, integer, millis, nanos, number } from "./format.js";
import { Away, BACK, get, post } from "./http.js";

function showFailure(element, failure) {
	showError(element, failure.message);
	if (failure instanceof Away) {
		untilAnswered(element, () => element.replaceChildren(create("p", { className: "fine" }, BACK)));
	}
}

const address = $("ip");
const addressResult = $("address-result");

async function lookUp() {
	const found = await get(`api/live/countries/${encodeURIComponent(address.value.trim())}`);
	const where = found.country ? `${country(found.country)} (${found.country})` : "No country is known";
	showResult(addressResult, where,
		`Found in ${nanos(found.firstNanos)} inside the server, among ${integer(found.ranges)} ranges.`,
		`The median of ${found.repeats} repeats: ${nanos(found.medianNanos)}.`);
	announce(`${where}, found in ${nanos(found.firstNanos)}.`);
}

async function visit() {
	const start = performance.now();
	const visit = await post("api/visits", { ip: address.value.trim() });
	const text = `Visit ${integer(visit.sequence)} is durable`;
	showResult(addressResult, text, `From ${visit.country === "ZZ" ? "an address of no known country" : country(visit.country)}, answered after ${millis(performance.now() - start)}.`);
	announce(`${text}.`);
}

$("address-form").addEventListener("submit", async (event) => {
	event.preventDefault();
	address.removeAttribute("aria-invalid");
	try {
		await (event.submitter?.value === "visit" ? visit() : lookUp());
	}
	catch (failure) {
		if (failure.message.includes("IPv4")) {
			address.setAttribute("aria-invalid", "true");
			address.focus();
		}
		showFailure(addressResult, failure);
	}
});

$("ip-random").addEventListener("click", () => {
	// Most addresses below 224.0.0.0 belong to a country.
	const part = (from, to) => from + Math.floor(Math.random() * (to - from + 1));
	address.value = [part(1, 223), part(0, 255), part(0, 255), part(0, 255)].join(".");
});

const burstResult = $("burst-result");
let burstShown;

$("burst-form").addEventListener("submit", async (event) => {
	event.preventDefault();
	try {
		// What is no number is the server's to refuse, in a sentence.
		showBurst(await post("api/live/burst", { visits: $("burst-visits").valueAsNumber, threads: $("burst-threads").valueAsNumber }));
		announce("The burst has begun.");
	}
	catch (failure) {
		showFailure(burstResult, failure);
	}
});

$("burst-cancel").addEventListener("click", async () => {
	try {
		showBurst(await post("api/live/burst/cancel"));
	}
	catch (failure) {
		showFailure(burstResult, failure);
	}
});

export function showBurst(burst) {
	const progress = $("burst-progress");
	setDisabled($("burst-cancel"), !burst?.running || burst.cancelled);
	setDisabled($("burst-start"), burst?.running ?? false);
	if (!burst || JSON.stringify(burst) === burstShown) {
		return;
	}
	const known = burstShown !== undefined;
	burstShown = JSON.stringify(burst);
	progress.max = burst.visits;
	progress.value = burst.done;
	const figures = `${count(burst.done, "visit", "visits")}, ${count(burst.flushes, "flush", "flushes")}, ${millis(burst.millis)}`;
	const shared = burst.flushes > 0 ? `${number(burst.done / burst.flushes)} visits shared each flush` : "";
	const rate = burst.millis > 0 ? `${integer(Math.round(1000 * burst.done / burst.millis))} durable visits a second` : "";
	if (burst.running) {
		showResult(burstResult, figures, burst.cancelled ? "Cancelling: what has begun is still recorded." : `${integer(burst.visits)} asked for, from ${count(burst.threads, "virtual thread", "virtual threads")}.`);
	}
	else {
		const end = burst.failed > 0 ? "It ended because a visit could not be recorded. The log of the server says why."
			: burst.cancelled ? `Cancelled after ${integer(burst.done)} of ${integer(burst.visits)}.` : `${shared}; ${rate}.`;
		showResult(burstResult, figures, end);
		if (known) {
			announce(`The burst has ended: ${figures}. ${end}`);
		}
	}
}

const swapResult = $("swap-result");
const STEPS = ["building", "switching", "switched"];
let swapShown;

$("swap-start").addEventListener("click", async () => {
	try {
		showSwap(await post("api/live/table"));
		announce("The table is being built.");
	}
	catch (failure) {
		showFailure(swapResult, failure);
	}
});

function fileOf(table) {
	return table.inode ? `inode ${table.inode}` : "a file";
}

function timeOf(table) {
	return table.built ? new Date(table.built).toLocaleTimeString("en", { hour12: false }) : "an unknown time";
}

export function showTable(table) {
	const now = $("swap-now");
	if (now) {
		now.textContent = `In use: ${fileOf(table)}, ${integer(table.ranges)} ranges, written at ${timeOf(table)}.`;
	}
}

export function showSwap(swap) {
	setDisabled($("swap-start"), swap?.running ?? false);
	if (!swap || JSON.stringify(swap) === swapShown) {
		return;
	}
	const known = swapShown !== undefined;
	swapShown = JSON.stringify(swap);
	const now = STEPS.indexOf(swap.phase);
	STEPS.forEach((step, index) => {
		const element = document.querySelector(`#swap-steps [data-step=${step}]`);
		element.dataset.state = swap.phase === "failed" ? "failed" : swap.phase === "late" ? (index === 2 ? "failed" : "done")
			: index < now || (!swap.running && index === now) ? "done" : index === now ? "now" : "";
		const time = [swap.buildMillis, 0, swap.switchMillis][index];
		element.querySelector("b").textContent = time > 0 ? millis(time) : "";
	});
	const lookUps = `${count(swap.lookUps, "look-up", "look-ups")} meanwhile, ${swap.errors === 0 ? "no error" : count(swap.errors, "error", "errors")}`;
	if (swap.running) {
		showResult(swapResult, lookUps, swap.phase === "building" ? "The new table is being built beside the old one."
			: "Renamed. The application looks at the path every second, and changes over when two looks find the same file.");
	}
	else if (swap.phase === "switched") {
		showResult(swapResult, lookUps, `From ${fileOf(swap.before)} to ${fileOf(swap.after)}, written at ${timeOf(swap.after)}. The slowest look-up took ${nanos(1000 * swap.slowestMicros)}.`);
		if (known) {
			announce(`The table was replaced: ${lookUps}.`);
		}
	}
	else {
		showError(swapResult, swap.phase === "late" ? "The application did not change over to the new file in time. The card of the file says why."
			: "The new table could not be built; the old one is still in use. The log of the server says why.");
	}
}
