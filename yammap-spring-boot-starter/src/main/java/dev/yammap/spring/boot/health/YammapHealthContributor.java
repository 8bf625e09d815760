package dev.yammap.spring.boot.health;

import java.util.List;
import java.util.stream.Stream;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.registry.TrackedFile;
import dev.yammap.spring.boot.registry.TrackedFiles;
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

	private final TrackedFiles files;

	public YammapHealthContributor(TrackedFiles files) {
		this.files = files;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		TrackedFile tracked = this.files.find(name);
		return (tracked != null) ? contributor(tracked) : null;
	}

	@Override
	public Stream<Entry> stream() {
		return this.files.all()
			.entrySet()
			.stream()
			.map((file) -> new Entry(file.getKey(), contributor(file.getValue())));
	}

	private static HealthIndicator contributor(TrackedFile tracked) {
		return () -> health(tracked);
	}

	private static Health health(TrackedFile tracked) {
		List<String> problems = tracked.problems();
		Health.Builder health = problems.isEmpty() ? Health.up() : Health.down();
		health.withDetail("path", String.valueOf(tracked.path())).withDetail("open", tracked.isOpen());
		Mmap file = tracked.file();
		if (file != null) {
			health.withDetail("size", file.size());
		}
		return (problems.isEmpty() ? health : health.withDetail("problems", problems)).build();
	}

}
