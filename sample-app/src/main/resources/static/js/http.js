import { sentence } from "./format.js";

const AWAY = "The server did not answer. This page tries again by itself; repeat this when it is back.";

export const BACK = "The server answers again. Repeat what you asked for.";

// What went wrong, as a sentence for people.
export class Failure extends Error {
}

// The server did not answer: the message is out of date once it does.
export class Away extends Failure {
	constructor() {
		super(AWAY);
	}
}

async function send(url, options) {
	let response;
	try {
		response = await fetch(url, { cache: "no-store", ...options });
	}
	catch {
		throw new Away();
	}
	if (response.status === 204) {
		return null;
	}
	let body;
	try {
		body = await response.json();
	}
	catch {
		throw response.ok ? new Away() : new Failure(`The server refused this (${response.status}).`);
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
