package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.autoconfigure.metrics.YammapMetricsAutoConfiguration;
import dev.yammap.spring.boot.registry.DefaultMmaps;
import dev.yammap.spring.boot.support.EventLog;
import dev.yammap.spring.boot.support.Threads;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.config.SingletonBeanRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for files of an application context that does not just start and stop.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ContextLifecycleTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final EventLog log = new EventLog();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	@Test
	void refreshOfARefreshableContextClosesFilesAndOpensThemAgain() throws IOException {
		try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
			context.register(Application.class);
			prepare(context);
			context.refresh();
			Mmap first = context.getBean(Mmap.class);
			first.write(bytes("first "));
			context.refresh();
			assertThat(this.log.events).containsExactly("synced journal.log", "closed journal.log");
			Mmap second = context.getBean(Mmap.class);
			assertThat(first.isOpen()).isFalse();
			assertThat(second).isNotSameAs(first);
			second.write(bytes("second "));
			assertThat(this.meters.get("yammap.file.size").gauges()).hasSize(1);
			assertThat(this.meters.get("yammap.file.size").gauge().value()).isEqualTo(13);
			assertThat(this.meters.get("yammap.files.open").gauge().value()).isOne();
		}
		assertThat(this.directory.resolve("journal.log")).hasContent("first second ");
		assertThat(this.meters.getMeters()).isEmpty();
	}

	@Test
	void refreshableContextOpensFilesAgainAfterItWasClosed() throws IOException {
		AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();
		context.register(Application.class);
		prepare(context);
		for (int i = 0; i < 3; i++) {
			context.refresh();
			context.getBean(Mmap.class).write(bytes("again "));
			assertThat(context.getBean(DefaultMmaps.class).isRunning()).isTrue();
			context.close();
		}
		assertThat(this.directory.resolve("journal.log")).hasContent("again again again ");
		assertThat(this.meters.getMeters()).isEmpty();
	}

	@Test
	void refreshThatFailsLeavesNoFileOpen() {
		try (AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext()) {
			context.register(Application.class);
			prepare(context);
			context.refresh();
			Mmap journal = context.getBean(Mmap.class);
			TestPropertyValues.of("yammap.files.missing.path=missing", "yammap.files.missing.create=never")
				.applyTo(context);
			assertThatExceptionOfType(RuntimeException.class).isThrownBy(context::refresh)
				.withStackTraceContaining("ResourceOpenException");
			assertThat(journal.isOpen()).isFalse();
			assertThat(this.log.events).containsExactly("synced journal.log", "closed journal.log",
					"synced journal.log", "closed journal.log");
		}
	}

	@Test
	void closeOfOneContextMakesWayForTheNext() throws IOException {
		for (int i = 0; i < 3; i++) {
			try (ConfigurableApplicationContext context = start()) {
				context.getBean(Mmap.class).write(bytes("next "));
			}
		}
		assertThat(this.directory.resolve("journal.log")).hasContent("next next next ");
	}

	@Test
	void pausedContextKeepsFilesOpenAndUnsynced() throws IOException {
		try (ConfigurableApplicationContext context = start()) {
			Mmap journal = context.getBean(Mmap.class);
			journal.write(bytes("before"));
			context.pause();
			assertThat(this.log.events).isEmpty();
			assertThat(journal.isOpen()).isTrue();
			assertThat(context.getBean(DefaultMmaps.class).isRunning()).isTrue();
			journal.write(bytes(" while"));
			context.restart();
			journal.write(bytes(" after"));
			assertThat(this.log.events).isEmpty();
		}
		assertThat(this.directory.resolve("journal.log")).hasContent("before while after");
		assertThat(this.log.events).containsExactly("synced journal.log", "synced journal.log", "closed journal.log");
	}

	@Test
	void pausedContextHasNoThreadOfItsOwn() throws IOException {
		try (ConfigurableApplicationContext context = start("yammap.files.journal.sync.interval=1ms",
				"yammap.files.table.path=journal.txt", "yammap.files.table.access=read-only",
				"yammap.files.table.reload-on-update=true")) {
			Mmap journal = context.getBean("journal", Mmap.class);
			assertThat(threads()).containsExactlyInAnyOrder("yammap-sync", "yammap-reload");
			context.pause();
			assertThat(threads()).isEmpty();
			context.restart();
			assertThat(threads()).containsExactlyInAnyOrder("yammap-sync", "yammap-reload");
			journal.write(bytes("after"));
			Threads.await(() -> !journal.isDirty());
		}
	}

	@Test
	void fileWithIntervalIsSyncedOnceMoreBeforeAPause() throws IOException {
		try (ConfigurableApplicationContext context = start("yammap.files.journal.sync.interval=1h")) {
			Mmap journal = context.getBean(Mmap.class);
			journal.write(bytes("before"));
			context.pause();
			assertThat(this.log.events).containsExactly("synced journal.log");
		}
	}

	@Test
	void pausedContextIsClosedAsAnyOther() throws IOException {
		ConfigurableApplicationContext context = start();
		Mmap journal = context.getBean(Mmap.class);
		journal.write(bytes("content"));
		context.pause();
		context.close();
		assertThat(journal.isOpen()).isFalse();
		assertThat(this.log.events).containsExactly("synced journal.log", "synced journal.log", "closed journal.log");
	}

	private ConfigurableApplicationContext start(String... properties) throws IOException {
		Files.writeString(this.directory.resolve("journal.txt"), "table");
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(Application.class);
		prepare(context);
		TestPropertyValues.of(properties).applyTo(context);
		context.refresh();
		return context;
	}

	private void prepare(ConfigurableApplicationContext context) {
		// Before conditions look for them.
		context.addBeanFactoryPostProcessor((BeanDefinitionRegistryPostProcessor) (registry) -> {
			SingletonBeanRegistry beans = (SingletonBeanRegistry) registry;
			beans.registerSingleton("eventLog", this.log);
			beans.registerSingleton("meterRegistry", this.meters);
		});
		TestPropertyValues
			.of("yammap.base-dir=" + this.directory, "yammap.files.journal.path=journal.log",
					"yammap.files.journal.access=append")
			.applyTo(context);
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.equals("yammap-sync") || name.equals("yammap-reload"))
			.toList();
	}

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ YammapAutoConfiguration.class, YammapMetricsAutoConfiguration.class })
	static class Application {

	}

}
