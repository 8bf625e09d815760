package dev.yammap.spring.boot.lifecycle;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;

import dev.yammap.Backend;
import dev.yammap.spring.boot.autoconfigure.YammapAutoConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.OverridingClassLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Undeployment}.
 */
class UndeploymentTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	@Test
	void nothingIsMappedAndNoThreadRunsWhenTheContextOfAWebApplicationHasClosed() throws Exception {
		// What other tests have closed goes first.
		Backend.awaitUnmapped();
		// The engine of these tests may have files open, and so a thread of its own.
		Set<Thread> others = unmappers();
		ClassLoader loader = new WebApplicationClassLoader();
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			context.setClassLoader(loader);
			TestPropertyValues
				.of("yammap.base-dir=" + this.directory, "yammap.files.counters.path=counters",
						"yammap.files.counters.size=100KB", "yammap.files.counters.backend=native")
				.applyTo(context);
			context.register(loader.loadClass(YammapAutoConfiguration.class.getName()));
			context.refresh();
			assertThat(context.getBean("counters").getClass().getClassLoader()).isSameAs(loader);
			assertThat(mappings()).contains(this.directory.toString());
		}
		assertThat(mappings()).doesNotContain(this.directory.toString()).doesNotContain("memfd:yammap");
		assertThat(unmappers()).isSubsetOf(others);
	}

	private static Set<Thread> unmappers() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().equals("yammap-unmapper"))
			.collect(Collectors.toSet());
	}

	private static String mappings() throws IOException {
		return Files.readString(Path.of("/proc/self/maps"), StandardCharsets.ISO_8859_1);
	}

	@Test
	void nobodyWaitsWhereTheVirtualMachineEndsWithTheApplication() throws IOException {
		assertThat(Undeployment.isTakenAway(ClassLoader.getSystemClassLoader())).isFalse();
		assertThat(Undeployment.isTakenAway(ClassLoader.getPlatformClassLoader())).isFalse();
		assertThat(Undeployment.isTakenAway(null)).isFalse();
		try (URLClassLoader loader = new URLClassLoader(new URL[0])) {
			assertThat(Undeployment.isTakenAway(loader)).isTrue();
		}
	}

	/** Has the classes of this project anew. */
	private static final class WebApplicationClassLoader extends OverridingClassLoader {

		WebApplicationClassLoader() {
			super(UndeploymentTests.class.getClassLoader());
		}

		@Override
		protected boolean isEligibleForOverriding(String className) {
			return className.startsWith("dev.yammap.");
		}

	}

}
