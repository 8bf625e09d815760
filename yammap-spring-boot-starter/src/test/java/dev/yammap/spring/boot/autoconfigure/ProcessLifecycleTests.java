package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.support.JavaProcess;
import jakarta.annotation.PostConstruct;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.devtools.restart.Restarter;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what can be seen only in an application that has a process of its own.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ProcessLifecycleTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void restartByDevtoolsClosesFilesAndOpensThemAgain() throws Exception {
		JavaProcess process = run(Restarted.class, List.of());
		assertThat(process.exitCode()).as(process::output).isZero();
		// Once for each start, by classes of its own, and the lock is not in the way.
		assertThat(process.output()).containsSubsequence("Opened file 'journal'",
				"Synced and closed file 'journal' (" + this.directory.resolve("journal.log") + "), append, 6 bytes",
				"Opened file 'journal'",
				"Synced and closed file 'journal' (" + this.directory.resolve("journal.log") + "), append, 12 bytes");
		assertThat(process.output()).doesNotContain("WARN", "ERROR", "Exception");
		assertThat(this.directory.resolve("journal.log")).hasContent("start start ");
	}

	@Test
	void exitOnRefreshKeepsWhatWasWrittenAndLeavesNoLock() throws Exception {
		for (int i = 0; i < 2; i++) {
			JavaProcess process = run(WritesAtStart.class, List.of("-Dspring.context.exit=onRefresh"));
			assertThat(process.exitCode()).as(process::output).isZero();
			assertThat(process.output()).contains("Opened file 'journal'").doesNotContain("runs");
		}
		assertThat(this.directory.resolve("journal.log")).hasContent("early early ");
		assertThat(run(WritesAtStart.class, List.of()).output()).contains("runs", "Synced and closed file 'journal'");
		assertThat(this.directory.resolve("journal.log")).hasContent("early early early ");
	}

	@Test
	void endOfTheProcessBySignalSyncsAndClosesFiles() throws Exception {
		JavaProcess process = run(Signalled.class, List.of());
		assertThat(process.exitCode()).as(process::output).isEqualTo(128 + 15);
		assertThat(process.output()).contains("Synced and closed file 'journal'");
		assertThat(this.directory.resolve("journal.log")).hasContent("early ");
	}

	private JavaProcess run(Class<?> program, List<String> options) throws Exception {
		return JavaProcess.run(options, program, "--spring.main.web-application-type=none",
				"--yammap.base-dir=" + this.directory, "--yammap.files.journal.path=journal.log",
				"--yammap.files.journal.access=append");
	}

	/**
	 * Restarts itself once, as it is restarted where classes change.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(YammapAutoConfiguration.class)
	static class Restarted {

		public static void main(String[] arguments) throws IOException {
			ConfigurableApplicationContext context = SpringApplication.run(Restarted.class, arguments);
			context.getBean(Mmap.class).write("start ".getBytes(StandardCharsets.UTF_8));
			if (Restarter.getInstance().getOrAddAttribute("starts", () -> Restarted.class) == Restarted.class) {
				Restarter.getInstance().restart();
			}
			else {
				context.close();
				// The exception by which devtools left the first main thread would make
				// it 1.
				System.exit(0);
			}
		}

	}

	/**
	 * Writes to its file before its context is refreshed.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(YammapAutoConfiguration.class)
	static class WritesAtStart {

		private final Mmaps mmaps;

		WritesAtStart(Mmaps mmaps) {
			this.mmaps = mmaps;
		}

		@PostConstruct
		void write() {
			try {
				this.mmaps.get("journal").write("early ".getBytes(StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		public static void main(String[] arguments) {
			System.setProperty("spring.devtools.restart.enabled", "false");
			try (ConfigurableApplicationContext context = SpringApplication.run(WritesAtStart.class, arguments)) {
				LogFactory.getLog(WritesAtStart.class)
					.info("The application runs with " + context.getBean(Mmaps.class).names());
			}
		}

	}

	/**
	 * Ends itself as an orchestrator does.
	 */
	static class Signalled {

		public static void main(String[] arguments) throws IOException, InterruptedException {
			System.setProperty("spring.devtools.restart.enabled", "false");
			SpringApplication.run(WritesAtStart.class, arguments);
			new ProcessBuilder("kill", String.valueOf(ProcessHandle.current().pid())).inheritIO().start();
			Thread.currentThread().join();
		}

	}

}
