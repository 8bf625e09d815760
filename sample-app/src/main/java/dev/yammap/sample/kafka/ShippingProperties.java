package dev.yammap.sample.kafka;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How visits are shipped.
 *
 * @param topic the topic that all instances share
 * @param partitions how many partitions it has. The number stays as it was first: another
 * one would send the next visit of an instance to another partition, past those before it
 * @param replicas on how many brokers each partition is kept
 * @param gapAlarm how long a visit may be missing while later ones are there
 */
@ConfigurationProperties("visits.shipping")
record ShippingProperties(@DefaultValue("visits") String topic, @DefaultValue("4") int partitions,
		@DefaultValue("1") short replicas, @DefaultValue("1m") Duration gapAlarm) {

}
