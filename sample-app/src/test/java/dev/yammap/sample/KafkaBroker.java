package dev.yammap.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An Apache Kafka broker in a Java virtual machine of its own, which keeps its log when
 * it is stopped or killed. Its jars are on the class path of the tests with the Maven
 * profile {@code kafka}.
 */
public final class KafkaBroker implements AutoCloseable {

	private static final Pattern STARTED = Pattern.compile("Kafka Server started");

	private static final String LOGGING = """
			<configuration>
				<appender name="console" class="ch.qos.logback.core.ConsoleAppender">
					<encoder><pattern>%d %-5level %logger{20} - %msg%n</pattern></encoder>
				</appender>
				<logger name="kafka.server.KafkaRaftServer" level="INFO"/>
				<root level="ERROR"><appender-ref ref="console"/></root>
			</configuration>
			""";

	private final Path directory;

	private final int port = Ports.free();

	private @Nullable ChildProcess process;

	/**
	 * Prepares the log, and starts the broker.
	 */
	public KafkaBroker(Path directory) throws IOException, InterruptedException {
		this.directory = directory;
		Files.writeString(directory.resolve("logback.xml"), LOGGING);
		Files.writeString(directory.resolve("server.properties"), properties(Ports.free()));
		try (ChildProcess format = java("kafka.tools.StorageTool", "format", "--cluster-id",
				Uuid.randomUuid().toString(), "--config", "server.properties")) {
			assertThat(format.awaitEnd()).as(() -> String.join("\n", format.output())).isZero();
		}
		start();
	}

	private String properties(int controller) {
		return """
				process.roles=broker,controller
				node.id=1
				controller.quorum.voters=1@127.0.0.1:%2$d
				controller.listener.names=CONTROLLER
				listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
				listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
				log.dirs=log
				auto.create.topics.enable=false
				broker.session.timeout.ms=3000
				broker.heartbeat.interval.ms=500
				""".formatted(this.port, controller);
	}

	public String address() {
		return "127.0.0.1:" + this.port;
	}

	/** Starts the broker and waits until it serves requests. */
	public void start() throws IOException, InterruptedException {
		this.process = java("kafka.Kafka", "server.properties");
		this.process.awaitOutput(STARTED);
	}

	/** Ends the broker at once, as {@code kill -9} does. */
	public void kill() throws InterruptedException {
		Objects.requireNonNull(this.process).kill();
	}

	/** Asks the broker to end, and waits until it has. */
	void stop() throws InterruptedException {
		Objects.requireNonNull(this.process).terminate();
	}

	private ChildProcess java(String... arguments) throws IOException {
		List<String> all = new ArrayList<>(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m",
				"-Dlogback.configurationFile=logback.xml", "-cp", System.getProperty("java.class.path")));
		all.addAll(List.of(arguments));
		return new ChildProcess(this.directory, all);
	}

	@Override
	public void close() {
		if (this.process != null) {
			this.process.close();
		}
	}

}
