package dev.yammap.spring.boot.registry;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.spring.boot.Journals;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.support.Contexts;
import dev.yammap.spring.boot.support.Threads;
import dev.yammap.spring.boot.tracking.TrackedFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verifyNoInteractions;

/**
 * Tests for {@link PeriodicSyncs}: what its thread does of itself.
 */
class PeriodicSyncsTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private final List<Duration> syncs = new ArrayList<>();

	private ApplicationContextRunner contextRunner() {
		return Contexts.in(this.directory);
	}

	@Test
	void fileIsSyncedAtItsInterval() {
		contextRunner()
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.a.size=1KB", "yammap.files.a.sync.interval=5ms")
			.run((context) -> {
				Mmap file = context.getBean(Mmap.class);
				Threads.await(() -> !file.isDirty());
				file.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1);
				Threads.await(() -> !file.isDirty());
			});
	}

	@Test
	void fileToWhichNothingWasWrittenIsLeftAlone() {
		contextRunner().withBean(MmapBuilderCustomizer.class, this::countingSyncs)
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.a.size=1KB", "yammap.files.a.sync.interval=1h")
			.run((context) -> {
				Mmap file = context.getBean(Mmap.class);
				DefaultMmaps mmaps = context.getBean(DefaultMmaps.class);
				PeriodicSyncs periodic = new PeriodicSyncs(mmaps, context.getBean(Journals.class));
				TrackedFile tracked = mmaps.owned().values().iterator().next();
				syncOften(periodic, tracked);
				assertThat(this.syncs).hasSize(1);
				syncOften(periodic, tracked);
				assertThat(this.syncs).hasSize(1);
				file.set(ValueLayout.JAVA_BYTE, 7, (byte) 1);
				syncOften(periodic, tracked);
				assertThat(this.syncs).hasSize(3);
			});
	}

	@Test
	void fileThatTheApplicationClosedIsNotSynced() {
		contextRunner()
			.withPropertyValues("yammap.files.a.path=a", "yammap.files.a.size=1KB", "yammap.files.a.sync.interval=1h")
			.run((context) -> {
				context.getBean(Mmap.class).close();
				DefaultMmaps mmaps = context.getBean(DefaultMmaps.class);
				syncOften(new PeriodicSyncs(mmaps, context.getBean(Journals.class)),
						mmaps.owned().values().iterator().next());
				assertThat(context).hasNotFailed();
			});
	}

	@Test
	void nothingIsDoneForRegistryOfTheApplication() {
		Mmaps mmaps = mock(Mmaps.class);
		contextRunner().withBean(Mmaps.class, () -> mmaps).run((context) -> {
			assertThat(context.getBean(PeriodicSyncs.class).isRunning()).isTrue();
			verifyNoInteractions(mmaps);
		});
	}

	private static void syncOften(PeriodicSyncs periodic, TrackedFile file) {
		for (int i = 0; i < 5; i++) {
			periodic.sync(file);
		}
	}

	private MmapBuilderCustomizer countingSyncs() {
		return (name, path, builder) -> builder.listener(new MmapListener() {

			@Override
			public void synced(Mmap file, Duration duration, @Nullable IOException failure) {
				PeriodicSyncsTests.this.syncs.add(duration);
			}

		});
	}

}
