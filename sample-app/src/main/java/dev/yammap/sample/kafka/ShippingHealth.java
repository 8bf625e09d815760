package dev.yammap.sample.kafka;

import dev.yammap.sample.kafka.ShippingStatus.Problem;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Tells how shipping goes. If the broker is away, nothing goes out of service: visits are
 * answered now and shipped later. So the status is {@code DEGRADED}, and health still
 * answers 200. {@code DOWN} means that somebody must act.
 */
final class ShippingHealth extends AbstractHealthIndicator {

	private static final Status DEGRADED = new Status("DEGRADED");

	private final AllVisits all;

	private final ShippingStatus status;

	ShippingHealth(AllVisits all, ShippingStatus status) {
		super("The state of shipping could not be found out");
		this.all = all;
		this.status = status;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) throws Exception {
		Problem problem = this.status.worst();
		if (problem == null) {
			builder.up();
		}
		else {
			builder.status(problem.isAlarm() ? Status.DOWN : DEGRADED).withDetail("problem", problem.sentence());
		}
		String instance = this.all.instance();
		builder.withDetail("instance", (instance != null) ? instance : "not known before the broker was met")
			.withDetail("notShipped", this.all.notShipped())
			.withDetail("counted", this.all.visits())
			.withDetail("instances", this.all.instances());
	}

}
