package dev.yammap.spring.boot.test.autoconfigure;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.yammap.Mmap;
import dev.yammap.MmapListener;
import dev.yammap.spring.boot.MmapBuilderCustomizer;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.test.autoconfigure.AutoConfigureMappedFiles.Content;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.test.annotation.DirtiesContext.HierarchyMode;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests {@link AutoConfigureMappedFiles} across test classes.
 */
class TemporaryFilesLifecycleTests {

	@Test
	void directoryIsDeletedWhenTheContextCloses() {
		TestContext test = test(FirstCase.class);
		Path directory = directory(test.getApplicationContext());
		assertThat(directory).isDirectory();
		test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		assertThat(directory).doesNotExist();
	}

	@Test
	void filesAreClosedWhileTheyAreThere() {
		TestContext test = test(ClosingCase.class);
		ClosingLog log = test.getApplicationContext().getBean(ClosingLog.class);
		test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		assertThat(log.pathsAtClose).hasSize(2);
		assertThat(log.missingAtClose).isEmpty();
	}

	@Test
	void contextAfterADirtyOneHasADirectoryOfItsOwn() {
		TestContext test = test(FirstCase.class);
		Path first = directory(test.getApplicationContext());
		test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		Path second = directory(test.getApplicationContext());
		assertThat(second).isNotEqualTo(first).isDirectory();
		test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
	}

	@Test
	void cachedContextKeepsItsDirectory() {
		TestContext first = test(FirstCase.class);
		Path directory = directory(first.getApplicationContext());
		TestContext second = test(SecondCase.class);
		assertThat(second.getApplicationContext()).isSameAs(first.getApplicationContext());
		assertThat(directory(second.getApplicationContext())).isEqualTo(directory).isDirectory();
		second.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
	}

	@Test
	void classWithOtherContentsHasAContextOfItsOwn() {
		TestContext first = test(FirstCase.class);
		TestContext other = test(OtherContentCase.class);
		assertThat(directory(other.getApplicationContext())).isNotEqualTo(directory(first.getApplicationContext()));
		first.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
		other.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
	}

	@Test
	void sliceGetsTheFiles() {
		TestContext test = test(SliceCase.class);
		assertThat(test.getApplicationContext().getBean(Mmaps.class).names()).contains("table");
		test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
	}

	@Test
	void sliceWithoutTheAnnotationHasNoFiles() {
		TestContext test = test(PlainSliceCase.class);
		assertThat(test.getApplicationContext().getBeanNamesForType(Mmaps.class)).isEmpty();
		assertThat(test.getApplicationContext().getBeanNamesForType(Mmap.class)).isEmpty();
		test.markApplicationContextDirty(HierarchyMode.EXHAUSTIVE);
	}

	@Test
	void classWithoutTheAnnotationIsLeftAlone() {
		assertThat(new TemporaryFilesContextCustomizerFactory().createContextCustomizer(String.class, List.of()))
			.isNull();
	}

	@Test
	void contentOfAnUnknownFileIsAFailureThatNamesTheFiles() {
		assertThatFailureOf(UnknownFileCase.class).contains("'tabel'", "[table, counters]");
	}

	@Test
	void contentThatIsNotThereIsAFailureThatNamesIt() {
		assertThatFailureOf(MissingContentCase.class).contains("missing.txt");
	}

	@Test
	void twoContentsForOneFileAreAFailure() {
		assertThatException().isThrownBy(() -> test(TwoContentsCase.class))
			.withStackTraceContaining("two contents for the file 'table'");
	}

	@Test
	void twoNamesOfOnePathAreStillAFailure() {
		assertThatFailureOf(TwoNamesCase.class).contains("'a' and 'b' have the same path");
	}

	private static AbstractStringAssert<?> assertThatFailureOf(Class<?> testClass) {
		TestContext test = test(testClass);
		return assertThat(assertThatException().isThrownBy(test::getApplicationContext).actual()).extracting(
				(failure) -> NestedExceptionUtils.getRootCause(failure).toString(), InstanceOfAssertFactories.STRING);
	}

	private static TestContext test(Class<?> testClass) {
		return new TestContextManager(testClass).getTestContext();
	}

	private static Path directory(ApplicationContext context) {
		return context.getBean("counters", Mmap.class).path().getParent();
	}

	@SpringBootTest(classes = MappedFilesApplication.class,
			properties = { "spring.config.name=two-files", "yammap.files.table.path=table.bin",
					"yammap.files.counters.path=counters.bin" })
	@AutoConfigureMappedFiles
	static class FirstCase {

	}

	static class SecondCase extends FirstCase {

	}

	@AutoConfigureMappedFiles(contents = @Content(file = "table", resource = "table.txt"))
	static class OtherContentCase extends FirstCase {

	}

	@OverrideAutoConfiguration(enabled = false)
	static class SliceCase extends FirstCase {

	}

	@SpringBootTest(classes = MappedFilesApplication.class,
			properties = { "spring.config.name=two-files", "yammap.files.table.path=/production/table.bin" })
	@OverrideAutoConfiguration(enabled = false)
	static class PlainSliceCase {

	}

	@Import(ClosingConfiguration.class)
	static class ClosingCase extends FirstCase {

	}

	@AutoConfigureMappedFiles(contents = @Content(file = "tabel", resource = "table.txt"))
	static class UnknownFileCase extends FirstCase {

	}

	@AutoConfigureMappedFiles(contents = @Content(file = "table", resource = "missing.txt"))
	static class MissingContentCase extends FirstCase {

	}

	@AutoConfigureMappedFiles(contents = { @Content(file = "table", resource = "table.txt"),
			@Content(file = "table", resource = "table.txt") })
	static class TwoContentsCase extends FirstCase {

	}

	@SpringBootTest(classes = MappedFilesApplication.class,
			properties = { "spring.config.name=two-files", "yammap.files.a.path=/production/same.bin",
					"yammap.files.b.path=/production/x/../same.bin" })
	@AutoConfigureMappedFiles
	static class TwoNamesCase {

	}

	@Configuration(proxyBeanMethods = false)
	static class ClosingConfiguration {

		@Bean
		static ClosingLog closingLog() {
			return new ClosingLog();
		}

	}

	/**
	 * Records which files still exist when they are closed.
	 */
	static class ClosingLog implements MmapBuilderCustomizer {

		final List<Path> pathsAtClose = new ArrayList<>();

		final List<Path> missingAtClose = new ArrayList<>();

		@Override
		public void customize(String name, Path path, Mmap.Builder builder) {
			builder.listener(new MmapListener() {

				@Override
				public void closed(Mmap file) {
					ClosingLog.this.pathsAtClose.add(path);
					if (!Files.exists(path)) {
						ClosingLog.this.missingAtClose.add(path);
					}
				}

			});
		}

	}

}
