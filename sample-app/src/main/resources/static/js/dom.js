export const $ = (id) => document.getElementById(id);

export function create(tag, properties = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(properties)) {
		if (name.startsWith("data-") || name.startsWith("aria-") || name === "role" || name === "scope") {
			element.setAttribute(name, value);
		}
		else {
			element[name] = value;
		}
	}
	element.append(...children);
	return element;
}

// Leaves alone what has not changed: a text that is set anew loses the user's selection.
export function setText(element, text) {
	if (element.textContent !== text) {
		element.textContent = text;
	}
}

const unfocused = new WeakSet();

// A button that is disabled loses the focus. It gets it back, unless the user has gone elsewhere meanwhile.
export function setDisabled(button, disabled) {
	if (disabled && document.activeElement === button) {
		unfocused.add(button);
	}
	button.disabled = disabled;
	if (!disabled && unfocused.delete(button) && document.activeElement === document.body) {
		button.focus();
	}
}

// One region for all that a screen reader is to say without being asked.
export function announce(text) {
	$("announcement").textContent = text;
}

export function showResult(element, big, ...fine) {
	element.replaceChildren(create("p", { className: "big" }, big),
		...fine.map((text) => create("p", { className: "fine" }, text)));
}

const unanswered = new Map();

// For an element that now says that the server did not answer: what to do when it answers again, unless the element says
// something else by then.
export function untilAnswered(element, then) {
	unanswered.set(element, { text: element.textContent, then });
}

export function answered() {
	for (const [element, { text, then }] of unanswered) {
		if (element.textContent === text) {
			then();
		}
	}
	unanswered.clear();
}

export function showError(element, text) {
	element.replaceChildren(create("p", { className: "error" }, text));
	announce(text);
}
