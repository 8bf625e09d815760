package dev.yammap.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.yammap.Mmap;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthIndicator} for mapped files: {@link Status#DOWN} if there is a problem
 * with one of them. Costs three calls of the operating system for each file that is open,
 * and syncs none.
 */
class YammapHealthIndicator extends AbstractHealthIndicator {

	private final FileStates states;

	YammapHealthIndicator(FileStates states) {
		super("Mapped files health check failed");
		this.states = states;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		builder.up();
		this.states.all().forEach((name, state) -> {
			List<String> problems = state.problems();
			if (!problems.isEmpty()) {
				builder.down();
			}
			builder.withDetail(name, details(state, problems));
		});
	}

	private static Map<String, Object> details(FileState state, List<String> problems) {
		Map<String, Object> details = new LinkedHashMap<>();
		details.put("status", (problems.isEmpty() ? Status.UP : Status.DOWN).getCode());
		details.put("path", String.valueOf(state.path()));
		details.put("open", state.isOpen());
		Mmap file = state.file();
		if (file != null) {
			details.put("size", file.size());
		}
		if (!problems.isEmpty()) {
			details.put("problems", problems);
		}
		return details;
	}

}
