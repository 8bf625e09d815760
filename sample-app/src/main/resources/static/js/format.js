const integers = new Intl.NumberFormat("en");
const short = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const names = new Intl.DisplayNames("en", { type: "region" });
const shortNames = new Intl.DisplayNames("en", { type: "region", style: "short" });

export const integer = (value) => integers.format(value);

export const number = (value) => short.format(value);

export function bytes(value) {
	const units = ["B", "KiB", "MiB", "GiB", "TiB"];
	let unit = 0;
	while (value >= 1024 && unit < units.length - 1) {
		value /= 1024;
		unit++;
	}
	return `${unit === 0 ? integers.format(value) : short.format(value)} ${units[unit]}`;
}

export function nanos(value) {
	if (value < 10_000) {
		return `${integers.format(Math.round(value))} ns`;
	}
	return value < 1_000_000 ? `${short.format(value / 1000)} µs` : millis(value / 1_000_000);
}

export const millis = (value) => value < 10_000 ? `${value < 10 ? short.format(value) : integers.format(Math.round(value))} ms`
	: seconds(value / 1000);

export function seconds(value) {
	if (value < 60) {
		return `${value < 10 ? (Math.round(value * 10) / 10) : Math.round(value)} s`;
	}
	if (value < 3600) {
		return `${Math.floor(value / 60)} min`;
	}
	return value < 86_400 ? `${Math.floor(value / 3600)} h ${Math.floor(value % 3600 / 60)} min` : `${Math.floor(value / 86_400)} d`;
}

export function ago(instant) {
	const age = Math.max(0, (Date.now() - Date.parse(instant)) / 1000);
	return age < 2 ? "just now" : `${seconds(Math.floor(age))} ago`;
}

export const count = (value, one, many) => `${integers.format(value)} ${value === 1 ? one : many}`;

function nameOf(names, code) {
	if (code === "ZZ") {
		return "Not known";
	}
	try {
		return names.of(code);
	}
	catch {
		return code;
	}
}

export const country = (code) => nameOf(names, code);

export const shortCountry = (code) => nameOf(shortNames, code);

export const sentence = (text) => /[.!?…]$/.test(text) ? text : `${text}.`;
