const SILENCE = 10_000;
const DELAYS = [500, 1000, 2000, 3000];

// The server's events, for as long as the page is open: "state", "countries", "totals" and "pages" with what the server sent;
// "back" when it answers, first or again; "away" when it does not, with whether it had said goodbye.
export class Live extends EventTarget {
	#source;
	#watchdog;
	#failures = 0;
	#bye = false;
	#open = false;
	#away = false;

	start() {
		this.#connect();
		addEventListener("online", () => this.#retryNow());
		document.addEventListener("visibilitychange", () => document.hidden || this.#retryNow());
	}

	#connect() {
		this.#source = new EventSource("api/live/events");
		this.#source.addEventListener("error", () => this.#lost());
		this.#source.addEventListener("bye", () => {
			this.#bye = true;
			this.#lost();
		});
		for (const name of ["state", "countries", "totals", "pages", "beat"]) {
			this.#source.addEventListener(name, (event) => this.#heard(name, event.data));
		}
		this.#watch();
	}

	#heard(name, data) {
		this.#watch();
		if (!this.#open) {
			this.#open = true;
			this.#away = false;
			this.#failures = 0;
			this.#bye = false;
			this.dispatchEvent(new CustomEvent("back"));
		}
		if (name !== "beat") {
			this.dispatchEvent(new CustomEvent(name, { detail: JSON.parse(data) }));
		}
	}

	#watch() {
		clearTimeout(this.#watchdog);
		this.#watchdog = setTimeout(() => this.#lost(), SILENCE);
	}

	#lost() {
		this.#source.close();
		clearTimeout(this.#watchdog);
		this.#open = false;
		const delay = DELAYS[Math.min(this.#failures++, DELAYS.length - 1)];
		if (!this.#away) {
			this.#away = true;
			this.dispatchEvent(new CustomEvent("away", { detail: { bye: this.#bye } }));
		}
		this.#watchdog = setTimeout(() => this.#connect(), delay);
	}

	#retryNow() {
		if (this.#away && this.#source.readyState === EventSource.CLOSED) {
			clearTimeout(this.#watchdog);
			this.#connect();
		}
	}
}
