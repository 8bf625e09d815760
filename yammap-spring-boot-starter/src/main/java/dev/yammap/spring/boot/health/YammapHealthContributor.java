package dev.yammap.spring.boot.health;

import java.util.List;
import java.util.stream.Stream;

import dev.yammap.spring.boot.tracking.TrackedResource;
import dev.yammap.spring.boot.registry.TrackedResources;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;

/**
 * {@link HealthContributor} for mapped files and journals. Each has a contributor of its
 * own, so that a health group can include some of them. It is {@link Status#DOWN} if the
 * file or journal has a problem. A check makes some system calls for each that is open,
 * and syncs none.
 */
public class YammapHealthContributor implements CompositeHealthContributor {

	private final TrackedResources resources;

	public YammapHealthContributor(TrackedResources resources) {
		this.resources = resources;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		TrackedResource tracked = this.resources.find(name);
		return (tracked != null) ? contributor(tracked) : null;
	}

	@Override
	public Stream<Entry> stream() {
		return this.resources.all()
			.entrySet()
			.stream()
			.map((resource) -> new Entry(resource.getKey(), contributor(resource.getValue())));
	}

	private static HealthIndicator contributor(TrackedResource tracked) {
		return () -> health(tracked);
	}

	private static Health health(TrackedResource tracked) {
		List<String> problems = tracked.problems();
		Health.Builder health = problems.isEmpty() ? Health.up() : Health.down();
		health.withDetail("path", String.valueOf(tracked.path())).withDetail("open", tracked.isOpen());
		if (tracked.resource() != null) {
			health.withDetail("size", tracked.size());
		}
		List<String> warnings = tracked.warnings();
		if (!warnings.isEmpty()) {
			health.withDetail("warnings", warnings);
		}
		return (problems.isEmpty() ? health : health.withDetail("problems", problems)).build();
	}

}
