import { showBurst, showSwap, showTable } from "./actions.js";
import { $, answered, setText } from "./dom.js";
import { refreshFiles, showStrips, showSyncs, tickCharts } from "./files.js";
import { count, integer, number } from "./format.js";
import { showAway, showProcess } from "./lifecycle.js";
import { Live } from "./live.js";
import { drawMap, showCountries, showTotals } from "./map.js";

const live = new Live();
let connected = false;

live.addEventListener("back", () => {
	connected = true;
	answered();
});
live.addEventListener("away", ({ detail }) => {
	connected = false;
	showAway(detail.bye);
	// A gap in the charts, not a line that nobody measured.
	showSyncs({});
});
live.addEventListener("state", ({ detail: state }) => {
	showProcess(state);
	showFigures(state);
	showSyncs(state.syncs);
	showBurst(state.burst);
	showSwap(state.swap);
	showTable(state.table);
});
live.addEventListener("countries", ({ detail }) => showCountries(detail));
live.addEventListener("totals", ({ detail }) => showTotals(detail));
live.addEventListener("pages", ({ detail }) => showStrips(detail));

function showFigures({ visits, process, syncs }) {
	const flushes = syncs.journal?.count ?? 0;
	const recorded = visits - process.recoveredVisits;
	setText($("figure-visits"), integer(visits));
	setText($("figure-visits-note"), `${count(recorded, "visit", "visits")} since this process started`);
	setText($("figure-flushes"), integer(flushes));
	setText($("figure-shared"), recorded > 0 && flushes > 0 ? number(recorded / flushes) : "–");
}

async function everySecond() {
	tickCharts();
	if (connected && !document.hidden) {
		try {
			await refreshFiles();
			// A request may have failed although the events went on.
			answered();
		}
		catch {
			// The banner tells when the server is away.
		}
	}
	setTimeout(everySecond, 1000);
}

live.start();
drawMap();
everySecond();
