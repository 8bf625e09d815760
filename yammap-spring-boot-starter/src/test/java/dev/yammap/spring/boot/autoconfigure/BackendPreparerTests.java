package dev.yammap.spring.boot.autoconfigure;

import java.util.Set;

import dev.yammap.Backend;
import org.junit.jupiter.api.Test;

import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link BackendPreparer}.
 */
class BackendPreparerTests {

	private final MockEnvironment environment = new MockEnvironment();

	@Test
	void thereIsNothingToPrepareWithoutFiles() {
		assertThat(backends()).isEmpty();
	}

	@Test
	void eachBackendThatFilesNeedIsPreparedOnce() {
		this.environment.withProperty("yammap.files.a.path", "a")
			.withProperty("yammap.files.b.path", "b")
			.withProperty("yammap.files.c.path", "c")
			.withProperty("yammap.files.c.backend", "portable");
		assertThat(backends()).containsExactlyInAnyOrder(Backend.AUTO, Backend.PORTABLE);
	}

	@Test
	void whereOnlyThePortableBackendIsNeededNothingIsLinked() {
		this.environment.withProperty("yammap.files.a.path", "a").withProperty("yammap.files.a.backend", "PORTABLE");
		assertThat(backends()).containsExactly(Backend.PORTABLE);
	}

	@Test
	void valueThatIsNoBackendIsLeftToBeReportedWhenItIsBound() {
		this.environment.withProperty("yammap.files.a.path", "a")
			.withProperty("yammap.files.b.path", "b")
			.withProperty("yammap.files.b.backend", "quick");
		assertThat(backends()).isEmpty();
	}

	private Set<Backend> backends() {
		return BackendPreparer.backends(this.environment, new ConfiguredNames(this.environment));
	}

}
