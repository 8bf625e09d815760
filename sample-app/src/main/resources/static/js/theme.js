// Runs before the first paint, so that the page never flashes in the other colours.
(() => {
	const root = document.documentElement;
	const read = () => {
		try {
			return localStorage.getItem("theme");
		}
		catch {
			return null;
		}
	};
	const apply = (theme) => {
		if (theme === "light" || theme === "dark") {
			root.dataset.theme = theme;
		}
		else {
			delete root.dataset.theme;
		}
	};
	apply(read());

	document.addEventListener("DOMContentLoaded", () => {
		const chosen = document.querySelector(`#theme input[value="${root.dataset.theme ?? "auto"}"]`);
		chosen.checked = true;
		document.getElementById("theme").addEventListener("change", (event) => {
			apply(event.target.value);
			try {
				localStorage.setItem("theme", event.target.value);
			}
			catch {
				// The choice then holds for this page alone.
			}
			document.dispatchEvent(new Event("themechange"));
		});
	});
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
		() => document.dispatchEvent(new Event("themechange")));
})();
