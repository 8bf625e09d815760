package dev.yammap.sample.kafka;

import java.io.IOException;

import dev.yammap.journal.Journal;
import dev.yammap.sample.kafka.ShippingStatus.Part;
import dev.yammap.sample.visits.VisitCounters;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Ships visits and counts those of all instances, with the profile {@code kafka}.
 */
@Configuration(proxyBeanMethods = false)
@Profile("kafka")
@EnableConfigurationProperties(ShippingProperties.class)
class KafkaConfiguration {

	@Bean
	ShippingStatus shippingStatus() {
		return new ShippingStatus();
	}

	@Bean
	VisitTopic visitTopic(ShippingProperties properties, KafkaAdmin admin) {
		return new VisitTopic(properties, admin);
	}

	@Bean
	Totals visitTotals(@Qualifier("totals") Journal journal) throws IOException {
		return new Totals(journal);
	}

	@Bean
	TotalsReader totalsReader(Totals totals, VisitTopic topic, ConsumerFactory<String, byte[]> consumers,
			ShippingStatus status, ShippingProperties properties) {
		return new TotalsReader(totals, topic, consumers, status, properties);
	}

	@Bean
	Identity identity(@Qualifier("journal") Journal journal, VisitTopic topic,
			ConsumerFactory<String, byte[]> consumers, Totals totals) {
		return new Identity(journal, topic, consumers, totals);
	}

	@Bean
	VisitRelay visitRelay(@Qualifier("journal") Journal journal, Identity identity, TotalsReader totals,
			VisitTopic topic, ProducerFactory<String, byte[]> producers, ShippingStatus status) {
		return new VisitRelay(journal, identity, totals, topic, producers, status);
	}

	@Bean
	BackgroundLoop relayLoop(VisitRelay relay, ShippingStatus status) {
		return new BackgroundLoop(Part.RELAY, status, relay::run);
	}

	@Bean
	BackgroundLoop totalsLoop(TotalsReader reader, ShippingStatus status) {
		return new BackgroundLoop(Part.TOTALS, status, reader::run);
	}

	@Bean
	AllVisits allVisits(VisitCounters counters, Identity identity, VisitRelay relay, Totals totals,
			ShippingStatus status) {
		return new AllVisits(counters, identity, relay, totals, status);
	}

	@Bean
	ShippingHealth shippingHealthIndicator(AllVisits all, ShippingStatus status) {
		return new ShippingHealth(all, status);
	}

}
