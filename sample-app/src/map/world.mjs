// Writes the map of the page: the shapes of Natural Earth (by way of the package world-atlas), projected once, so that
// the browser has only to draw paths. The scale 1:110m has no small countries; these become dots, at the centre of
// their largest part at 1:50m.
//
//	npm install --no-save world-atlas@2.0.2 topojson-client@3.1.0 i18n-iso-countries@7.14.0
//	node world.mjs > ../main/resources/static/world.json

import { readFileSync } from "node:fs";
import countries from "i18n-iso-countries";
import { feature } from "topojson-client";

const WIDTH = 1000;
// Without Antarctica, where nobody has an address.
const SOUTH = -57;
const NORTH = 84;

// Equal Earth: B. Šavrič, T. Patterson, B. Jenny (2018), "The Equal Earth map projection".
const A = [1.340264, -0.081106, 0.000893, 0.003796];
const M = Math.sqrt(3) / 2;

function equalEarth(longitude, latitude) {
	const theta = Math.asin(M * Math.sin(latitude * Math.PI / 180));
	const t2 = theta * theta;
	const t6 = t2 * t2 * t2;
	const x = longitude * Math.PI / 180 * Math.cos(theta)
		/ (M * (A[0] + 3 * A[1] * t2 + t6 * (7 * A[2] + 9 * A[3] * t2)));
	return [x, theta * (A[0] + A[1] * t2 + t6 * (A[2] + A[3] * t2))];
}

const scale = WIDTH / (2 * equalEarth(180, 0)[0]);
const top = equalEarth(0, NORTH)[1];

// The middle of the map: its edge then lies in the Bering Strait and cuts no country.
const MIDDLE = 11.5;

function project([longitude, latitude]) {
	const east = longitude < MIDDLE - 180 ? longitude + 360 : longitude;
	const [x, y] = equalEarth(east - MIDDLE, latitude);
	return [Math.round(10 * (WIDTH / 2 + x * scale)), Math.round(10 * (top - y) * scale)];
}

// Integers in tenths of a unit, each relative to the one before: a third of the size of absolute numbers.
function path(ring) {
	let [x, y] = project(ring[0]);
	let text = `M${x} ${y}l`;
	let first = true;
	for (const point of ring.slice(1, -1)) {
		const [nextX, nextY] = project(point);
		if (nextX !== x || nextY !== y) {
			const dx = nextX - x;
			const dy = nextY - y;
			text += (first || dx < 0 ? "" : " ") + dx + (dy < 0 ? "" : " ") + dy;
			[x, y, first] = [nextX, nextY, false];
		}
	}
	return first ? "" : text + "z";
}

function polygons(geometry) {
	return geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
}

function area(ring) {
	let sum = 0;
	for (let i = 1; i < ring.length; i++) {
		sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
	}
	return Math.abs(sum / 2);
}

function centre(geometry) {
	const ring = polygons(geometry).map((rings) => rings[0]).sort((a, b) => area(b) - area(a))[0];
	const bounds = [0, 1].map((axis) => ring.map((point) => point[axis]));
	return project(bounds.map((values) => (Math.min(...values) + Math.max(...values)) / 2));
}

function read(name) {
	const file = new URL(import.meta.resolve(`world-atlas/countries-${name}.json`));
	const topology = JSON.parse(readFileSync(file));
	return feature(topology, topology.objects.countries).features;
}

// Natural Earth gives Kosovo no number of ISO 3166-1, as ISO gives it none; XK is the usual code.
function code(country) {
	return country.properties.name === "Kosovo" ? "XK" : countries.numericToAlpha2(country.id);
}

const shapes = {};
// Drawn, but of no code: land that no country of ISO 3166-1 has to itself.
let rest = "";
for (const country of read("110m")) {
	const shape = polygons(country.geometry)
		.filter((rings) => rings[0].some((point) => point[1] > SOUTH))
		.flatMap((rings) => rings.map(path))
		.join("");
	if (country.properties.name === "Antarctica") {
		continue;
	}
	if (code(country)) {
		shapes[code(country)] = (shapes[code(country)] ?? "") + shape;
	}
	else {
		rest += shape;
	}
}
const dots = {};
for (const country of read("50m")) {
	const small = code(country);
	if (small && !shapes[small] && small !== "AQ") {
		const [x, y] = centre(country.geometry);
		if (y / 10 < (top - equalEarth(0, SOUTH)[1]) * scale) {
			dots[small] = [x, y];
		}
	}
}
const sorted = (object) => Object.fromEntries(Object.entries(object).sort());
console.log(JSON.stringify({
	width: 10 * WIDTH,
	height: Math.round(10 * (top - equalEarth(0, SOUTH)[1]) * scale),
	shapes: sorted(shapes),
	dots: sorted(dots),
	rest
}));
