import { $, announce, create, setText } from "./dom.js";
import { count, integer, millis, seconds, sentence } from "./format.js";

const connection = $("connection");
const banner = $("banner");

let last;
let awaySince;
let saidBye = false;

function showBanner(kind, title, text, closable) {
	banner.hidden = false;
	banner.dataset.kind = kind;
	setText($("banner-title"), title);
	setText($("banner-text"), text);
	$("banner-close").hidden = !closable;
	announce(`${title} ${text}`);
}

$("banner-close").addEventListener("click", () => banner.hidden = true);

$("kill-copy").addEventListener("click", async () => {
	try {
		await navigator.clipboard.writeText($("kill-command").textContent);
		setText($("kill-copy"), "Copied");
		announce("The command is copied.");
	}
	catch {
		getSelection().selectAllChildren($("kill-command"));
		announce("The command is selected: copy it.");
	}
	setTimeout(() => setText($("kill-copy"), "Copy"), 2000);
});

export async function showAway(bye) {
	awaySince = performance.now();
	saidBye = bye;
	connection.dataset.state = "away";
	setText($("connection-text"), "Away");
	showBanner("away", "The server is away.",
		bye ? "It was stopped in good order. This page tries again by itself; the figures are the last ones."
			: "It was killed, restarted, or cannot be reached. This page tries again by itself; the figures are the last ones.", false);
	const refusal = bye ? null : await refused();
	if (refusal && connection.dataset.state === "away") {
		showBanner("away", "The server does not serve this page now.", `${sentence(refusal)} This page tries again by itself.`, false);
	}
}

// Why the server refuses this page, in its own words; nothing if it does not answer, or not as this page expects.
async function refused() {
	const request = new AbortController();
	try {
		const answer = await fetch("api/live/events", { signal: request.signal });
		return answer.status === 503 ? (await answer.json()).detail : null;
	}
	catch {
		return null;
	}
	finally {
		request.abort();
	}
}

export function showProcess(state) {
	const { process } = state;
	connection.dataset.state = "live";
	setText($("connection-text"), `Live, process ${process.pid}`);
	setText($("kill-command"), `kill -9 ${process.pid}`);
	const other = last && (last.pid !== process.pid || last.started !== process.started);
	if (other) {
		showRecovery(process);
	}
	else if (awaySince !== undefined) {
		showBanner("back", "The server is back.", "It is the same process; nothing was restarted.", true);
	}
	awaySince = undefined;
	last = { pid: process.pid, started: process.started, visits: state.visits };
}

function showRecovery(process) {
	const lost = Math.max(0, last.visits - process.recoveredVisits);
	const away = awaySince === undefined ? null : performance.now() - awaySince;
	const outcome = lost === 0 ? "No durable visit was lost" : `${count(lost, "durable visit", "durable visits")} missing`;
	showBanner("back", "The server is back.", `Process ${process.pid} has taken over from ${last.pid}. ${outcome}.`, true);
	const row = (name, before, after) => create("tr", {}, create("th", { scope: "row" }, name), create("td", {}, before), create("td", {}, after));
	$("recovery").replaceChildren(
		create("p", { className: lost === 0 ? "big" : "big lost" }, outcome),
		create("table", { className: "compare" },
			create("thead", {}, create("tr", {}, create("th", { scope: "col" }, saidBye ? "Stopped in good order" : "Ended without notice"),
				create("th", { scope: "col" }, "seen before"), create("th", { scope: "col" }, "found after"))),
			create("tbody", {},
				row("Process", String(last.pid), String(process.pid)),
				row("Durable visits", integer(last.visits), integer(process.recoveredVisits)),
				row("Counters put right by the journal", "", integer(process.correctedCounters)),
				row("Half-written bytes put aside", "", integer(process.tornBytes)),
				row("Time", away === null ? "" : `away for ${seconds(away / 1000)}`, process.startMillis ? `started in ${millis(process.startMillis)}` : ""))));
}
