package dev.yammap.spring.boot.test.autoconfigure;

import java.lang.foreign.ValueLayout;
import java.util.List;

import dev.yammap.Mmap;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the files of contexts that the cache of test contexts pauses while other tests
 * run.
 */
class PausedContextTests {

	@Test
	void filesStayOpenWhileTestsOfAnotherContextRunAndNothingIsDoneInTheBackground() throws Exception {
		TestContextManager manager = new TestContextManager(FirstCase.class);
		TestContext first = manager.getTestContext();
		ApplicationContext context = first.getApplicationContext();
		Mmap counters = context.getBean("counters", Mmap.class);
		counters.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, 1);
		assertThat(threads()).containsOnlyOnce("yammap-sync");
		manager.afterTestClass();
		TestContext second = new TestContextManager(SecondCase.class).getTestContext();
		assertThat(second.getApplicationContext()).isNotSameAs(context);
		assertThat(threads()).doesNotContain("yammap-sync");
		assertThat(counters.isOpen()).isTrue();
		counters.atomics().getAndAddLong(0, 1);
		TestContext again = new TestContextManager(FirstCase.class).getTestContext();
		assertThat(again.getApplicationContext()).isSameAs(context);
		assertThat(threads()).containsOnlyOnce("yammap-sync");
		assertThat(context.getBean("counters", Mmap.class).get(ValueLayout.JAVA_LONG_UNALIGNED, 0)).isEqualTo(2);
		again.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		second.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		assertThat(counters.isOpen()).isFalse();
		assertThat(threads()).doesNotContain("yammap-sync");
	}

	private static List<String> threads() {
		return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
	}

	@SpringBootTest(classes = MappedFilesApplication.class,
			properties = { "spring.config.name=two-files", "yammap.files.counters.path=counters.bin",
					"yammap.files.counters.size=64B", "yammap.files.counters.sync.interval=1h" })
	@AutoConfigureMappedFiles
	static class FirstCase {

	}

	@SpringBootTest(classes = MappedFilesApplication.class,
			properties = { "spring.config.name=two-files", "yammap.files.counters.path=counters.bin" })
	@AutoConfigureMappedFiles
	static class SecondCase {

	}

}
