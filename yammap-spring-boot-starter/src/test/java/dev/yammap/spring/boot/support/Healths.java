package dev.yammap.spring.boot.support;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.yammap.spring.boot.health.YammapHealthContributor;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;

/**
 * The health of the files of a context.
 */
public final class Healths {

	private Healths() {
	}

	public static Map<String, Health> all(ApplicationContext context) {
		Map<String, Health> healths = new LinkedHashMap<>();
		context.getBean(YammapHealthContributor.class)
			.forEach((file) -> healths.put(file.name(),
					Objects.requireNonNull(((HealthIndicator) file.contributor()).health())));
		return healths;
	}

	public static Health of(ApplicationContext context, String name) {
		return Objects.requireNonNull(all(context).get(name));
	}

	/** Returns the worst status of all. */
	public static Status status(ApplicationContext context) {
		return all(context).values().stream().map(Health::getStatus).anyMatch(Status.DOWN::equals) ? Status.DOWN
				: Status.UP;
	}

}
