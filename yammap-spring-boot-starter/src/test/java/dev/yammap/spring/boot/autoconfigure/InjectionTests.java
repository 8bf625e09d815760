package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import dev.yammap.Mmap;
import dev.yammap.spring.boot.MappedFile;
import dev.yammap.spring.boot.Mmaps;
import dev.yammap.spring.boot.support.Contexts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests for the ways to have a file injected.
 */
class InjectionTests {

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path directory;

	private ApplicationContextRunner contextRunner;

	@BeforeEach
	void configureFiles() {
		this.contextRunner = Contexts.in(this.directory, "yammap.files.journal.path=journal.log",
				"yammap.files.counters.path=counters.bin");
	}

	@ParameterizedTest
	@ValueSource(classes = { ByParameterName.class, ByFieldName.class, ByQualifier.class, ByMappedFile.class,
			ByMetaAnnotation.class, BySetter.class })
	void fileIsInjected(Class<? extends Holder> type) {
		this.contextRunner.withUserConfiguration(type)
			.run((context) -> assertThat(context.getBean(Holder.class).file())
				.isSameAs(context.getBean("journal", Mmap.class)));
	}

	@Test
	void severalFilesForOneParameterOfAnotherNameFailStartUp() {
		this.contextRunner.withUserConfiguration(ByOtherName.class)
			.run((context) -> assertThat(context).getFailure().hasMessageContaining("journal,counters"));
	}

	@Test
	void oneFileNeedsNoName() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(YammapAutoConfiguration.class))
			.withUserConfiguration(ByOtherName.class)
			.withPropertyValues("yammap.files.journal.path=" + this.directory.resolve("journal.log"))
			.run((context) -> assertThat(context.getBean(Holder.class).file()).isSameAs(context.getBean("journal")));
	}

	@Test
	void allFilesAreInjectedByNameAndInOrder() {
		this.contextRunner.withUserConfiguration(AllFiles.class).run((context) -> {
			AllFiles all = context.getBean(AllFiles.class);
			Mmap journal = context.getBean("journal", Mmap.class);
			Mmap counters = context.getBean("counters", Mmap.class);
			assertThat(all.byName).containsExactly(Map.entry("journal", journal), Map.entry("counters", counters));
			assertThat(all.list).containsExactly(journal, counters);
		});
	}

	@Test
	void objectProviderOpensFileWhenAsked() {
		lazily().withUserConfiguration(Provided.class).run((context) -> {
			Provided provided = context.getBean(Provided.class);
			assertThat(context.getBean(Mmaps.class).openFiles()).isEmpty();
			assertThat(provided.journal.getObject()).isSameAs(context.getBean("journal"));
			assertThat(context.getBean(Mmaps.class).openFiles()).containsOnlyKeys("journal");
			assertThat(provided.all.stream()).hasSize(2);
		});
	}

	@Test
	void objectProviderIsEmptyWhereFilesAreNotEnabled() {
		this.contextRunner.withUserConfiguration(Provided.class)
			.withPropertyValues("yammap.enabled=false")
			.run((context) -> {
				assertThat(context.getBean(Provided.class).journal.getIfAvailable()).isNull();
				assertThat(context).doesNotHaveBean(Mmap.class).doesNotHaveBean(Mmaps.class);
				assertThat(this.directory).isEmptyDirectory();
			});
	}

	@Test
	void lazyFileIsProxyThatOpensItAtTheFirstCall() {
		lazily().withUserConfiguration(Lazily.class).run((context) -> {
			Mmap proxy = context.getBean(Lazily.class).file;
			assertThat(AopUtils.isJdkDynamicProxy(proxy)).isTrue();
			assertThat(this.directory).isEmptyDirectory();
			proxy.write("visit".getBytes(StandardCharsets.UTF_8));
			assertThat(proxy.size()).isEqualTo(5);
			assertThat(context.getBean("journal", Mmap.class).size()).isEqualTo(5);
			assertThat(Files.readString(this.directory.resolve("journal.log"))).isEqualTo("visit");
		});
	}

	@Test
	void lazyProxyThrowsWhatTheFileThrows() {
		lazily().withUserConfiguration(Lazily.class).run((context) -> {
			Mmap proxy = context.getBean(Lazily.class).file;
			proxy.close();
			assertThat(proxy.isOpen()).isFalse();
			assertThatIOException().isThrownBy(() -> proxy.write(new byte[1]));
		});
	}

	@Test
	void primaryFileIsInjectedWhereSeveralFit() {
		this.contextRunner.withPropertyValues("yammap.files.counters.primary=true")
			.withUserConfiguration(ByOtherName.class)
			.run((context) -> {
				assertThat(context.getBean(Holder.class).file()).isSameAs(context.getBean("counters"));
				assertThat(context.getBean(Mmap.class)).isSameAs(context.getBean("counters"));
			});
	}

	@Test
	void primaryFileIsInjectedAlsoWhereTheParameterHasTheNameOfAnother() {
		this.contextRunner.withPropertyValues("yammap.files.counters.primary=true")
			.withUserConfiguration(ByParameterName.class)
			.run((context) -> assertThat(context.getBean(Holder.class).file()).isSameAs(context.getBean("counters")));
	}

	@ParameterizedTest
	@ValueSource(classes = { ByQualifier.class, ByMappedFile.class })
	void qualifierTakesPrecedenceOverPrimaryFile(Class<? extends Holder> type) {
		this.contextRunner.withPropertyValues("yammap.files.counters.primary=true")
			.withUserConfiguration(type)
			.run((context) -> assertThat(context.getBean(Holder.class).file()).isSameAs(context.getBean("journal")));
	}

	@Test
	void twoPrimaryFilesFailStartUp() {
		this.contextRunner.withPropertyValues("yammap.files.counters.primary=true", "yammap.files.journal.primary=true")
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidConfigurationPropertyValueException.class, (ex) -> {
					assertThat(ex.getName()).isEqualTo("yammap.files.counters.primary");
					assertThat(ex.getReason()).isEqualTo(
							"Only one file can be primary, and 'yammap.files.journal.primary' is 'true' already.");
				}));
	}

	@Test
	void primaryFileWhoseNameIsTakenByOwnBeanIsNone() {
		this.contextRunner.withPropertyValues("yammap.files.journal.primary=true")
			.withUserConfiguration(OwnPrimary.class)
			.run((context) -> assertThat(context.getBean(Mmap.class)).isSameAs(context.getBean("own")));
	}

	/** Another bean asks that was created earlier, and so is destroyed later. */
	@ParameterizedTest
	@CsvSource({ "OwnFile, false", "FileOfTheRegistry, false", "FileOfTheRegistryThatIsKept, true" })
	void fileOfAnOwnMethodIsClosedInTheOrderOfBeansUnlessItHasNoDestroyMethod(String method, boolean open)
			throws ClassNotFoundException {
		AtomicReference<Mmap> table = new AtomicReference<>();
		List<Boolean> openAtTheEnd = new ArrayList<>();
		this.contextRunner.withBean("early", DisposableBean.class, () -> () -> openAtTheEnd.add(table.get().isOpen()))
			.withUserConfiguration(Class.forName(InjectionTests.class.getName() + "$" + method))
			.run((context) -> table.set(context.getBean("table", Mmap.class)));
		assertThat(openAtTheEnd).containsExactly(open);
		assertThat(table.get().isOpen()).isFalse();
	}

	private ApplicationContextRunner lazily() {
		return this.contextRunner.withInitializer(
				(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()));
	}

	interface Holder {

		Mmap file();

	}

	record ByParameterName(Mmap journal) implements Holder {

		@Override
		public Mmap file() {
			return this.journal;
		}

	}

	static class ByFieldName implements Holder {

		@Autowired
		@SuppressWarnings("NullAway.Init")
		private Mmap journal;

		@Override
		public Mmap file() {
			return this.journal;
		}

	}

	record ByQualifier(@Qualifier("journal") Mmap file) implements Holder {

	}

	record ByMappedFile(@MappedFile("journal") Mmap file) implements Holder {

	}

	record ByMetaAnnotation(@Journal Mmap file) implements Holder {

	}

	record ByOtherName(Mmap file) implements Holder {

	}

	static class BySetter implements Holder {

		@SuppressWarnings("NullAway.Init")
		private Mmap file;

		@Autowired
		void setFile(@MappedFile("journal") Mmap file) {
			this.file = file;
		}

		@Override
		public Mmap file() {
			return this.file;
		}

	}

	@MappedFile("journal")
	@Retention(RetentionPolicy.RUNTIME)
	@interface Journal {

	}

	static class AllFiles {

		private final Map<String, Mmap> byName;

		private final List<Mmap> list;

		AllFiles(Map<String, Mmap> byName, List<Mmap> list) {
			this.byName = byName;
			this.list = list;
		}

	}

	static class Provided {

		private final ObjectProvider<Mmap> journal;

		private final ObjectProvider<Mmap> all;

		Provided(@MappedFile("journal") ObjectProvider<Mmap> journal, ObjectProvider<Mmap> all) {
			this.journal = journal;
			this.all = all;
		}

	}

	static class Lazily {

		private final Mmap file;

		Lazily(@Lazy @MappedFile("journal") Mmap file) {
			this.file = file;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnFile {

		@Bean
		Mmap table(YammapProperties properties) throws IOException {
			return Mmap.create(Path.of(properties.getBaseDir(), "own.log"), 0);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FileOfTheRegistry {

		@Bean
		Mmap table(Mmaps mmaps) {
			return mmaps.get("journal");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FileOfTheRegistryThatIsKept {

		@Bean(destroyMethod = "")
		Mmap table(Mmaps mmaps) {
			return mmaps.get("journal");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnPrimary {

		@Bean
		@Primary
		Mmap own(YammapProperties properties) throws IOException {
			return Mmap.create(Path.of(properties.getBaseDir(), "own.log"), 0);
		}

		@Bean
		Mmap journal(YammapProperties properties) throws IOException {
			return Mmap.create(Path.of(properties.getBaseDir(), "journal.log"), 0);
		}

	}

}
