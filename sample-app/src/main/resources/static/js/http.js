import { sentence } from "./format.js";

const AWAY = "The server did not answer. This page tries again by itself; repeat this when it is back.";

// What went wrong, as a sentence for people.
export class Failure extends Error {
}

async function send(url, options) {
	let response;
	try {
		response = await fetch(url, { cache: "no-store", ...options });
	}
	catch {
		throw new Failure(AWAY);
	}
	if (response.status === 204) {
		return null;
	}
	let body;
	try {
		body = await response.json();
	}
	catch {
		throw new Failure(response.ok ? AWAY : `The server refused this (${response.status}).`);
	}
	if (!response.ok) {
		throw new Failure(sentence(body.detail ?? body.title ?? `The server refused this (${response.status})`));
	}
	return body;
}

export const get = (url) => send(url);

export const post = (url, body) => send(url, body === undefined ? { method: "POST" } : {
	method: "POST",
	headers: { "Content-Type": "application/json" },
	body: JSON.stringify(body)
});
