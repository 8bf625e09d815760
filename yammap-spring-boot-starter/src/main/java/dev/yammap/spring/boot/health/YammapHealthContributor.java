package dev.yammap.spring.boot.health;

import java.util.List;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.registry.FileState;
import dev.yammap.spring.boot.registry.FileStates;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthContributor} for mapped files, with one for each, so that a health group
 * can have some of them: {@link Status#DOWN} if there is a problem with the file. Costs
 * three calls of the operating system for each file that is open, and syncs none.
 */
public class YammapHealthContributor implements CompositeHealthContributor {

	private final FileStates states;

	public YammapHealthContributor(FileStates states) {
		this.states = states;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		FileState state = this.states.find(name);
		return (state != null) ? contributor(state) : null;
	}

	@Override
	public Stream<Entry> stream() {
		return this.states.all()
			.entrySet()
			.stream()
			.map((file) -> new Entry(file.getKey(), contributor(file.getValue())));
	}

	private static HealthIndicator contributor(FileState state) {
		return () -> health(state);
	}

	private static Health health(FileState state) {
		List<String> problems = state.problems();
		Health.Builder health = problems.isEmpty() ? Health.up() : Health.down();
		health.withDetail("path", String.valueOf(state.path())).withDetail("open", state.isOpen());
		Mmap file = state.file();
		if (file != null) {
			health.withDetail("size", file.size());
		}
		return (problems.isEmpty() ? health : health.withDetail("problems", problems)).build();
	}

}
