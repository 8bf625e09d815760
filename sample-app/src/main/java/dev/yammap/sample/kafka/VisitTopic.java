package dev.yammap.sample.kafka;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import org.springframework.kafka.core.KafkaAdmin;

/**
 * The topic that all instances ship their visits to. The first one that meets the broker
 * makes it.
 */
final class VisitTopic {

	private final ShippingProperties properties;

	private final Map<String, Object> admin;

	VisitTopic(ShippingProperties properties, KafkaAdmin admin) {
		this.properties = properties;
		this.admin = admin.getConfigurationProperties();
	}

	String name() {
		return this.properties.topic();
	}

	List<TopicPartition> partitions() {
		return IntStream.range(0, this.properties.partitions())
			.mapToObj((partition) -> new TopicPartition(name(), partition))
			.toList();
	}

	/**
	 * Makes the topic if it is not there. Spring's {@link KafkaAdmin} would do it while
	 * the application starts, wait for a broker that is away, and raise the number of
	 * partitions.
	 * @return the id of the topic
	 * @throws AlarmException if it has another number of partitions
	 * @throws KafkaException if the broker does not answer
	 */
	Uuid ensure() throws InterruptedException {
		try (Admin client = Admin.create(this.admin)) {
			TopicDescription description = describe(client);
			if (description.partitions().size() != this.properties.partitions()) {
				throw new AlarmException("The topic '" + name() + "' has " + description.partitions().size()
						+ " partitions, and visits.shipping.partitions is " + this.properties.partitions()
						+ ": the number must stay as it is");
			}
			return description.topicId();
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof KafkaException cause) ? cause : new KafkaException(ex.getCause());
		}
	}

	private TopicDescription describe(Admin client) throws InterruptedException, ExecutionException {
		try {
			return Objects.requireNonNull(client.describeTopics(List.of(name())).allTopicNames().get().get(name()));
		}
		catch (ExecutionException ex) {
			if (!(ex.getCause() instanceof UnknownTopicOrPartitionException)) {
				throw ex;
			}
			create(client);
			return Objects.requireNonNull(client.describeTopics(List.of(name())).allTopicNames().get().get(name()));
		}
	}

	private void create(Admin client) throws InterruptedException, ExecutionException {
		// Kept for ever: a new instance counts from the first visit on.
		NewTopic topic = new NewTopic(name(), Optional.of(this.properties.partitions()),
				Optional.of(this.properties.replicas()))
			.configs(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1", TopicConfig.CLEANUP_POLICY_CONFIG,
					TopicConfig.CLEANUP_POLICY_DELETE));
		try {
			client.createTopics(List.of(topic)).all().get();
		}
		catch (ExecutionException ex) {
			if (!(ex.getCause() instanceof TopicExistsException)) {
				throw ex;
			}
		}
	}

}
