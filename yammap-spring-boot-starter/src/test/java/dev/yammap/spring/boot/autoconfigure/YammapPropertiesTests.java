package dev.yammap.spring.boot.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.HeldUpAction;
import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.settings.FileSettings;
import org.junit.jupiter.api.Test;

import org.springframework.boot.configurationmetadata.ConfigurationMetadataProperty;
import org.springframework.boot.configurationmetadata.ConfigurationMetadataRepositoryJsonBuilder;
import org.springframework.boot.configurationmetadata.ValueHint;
import org.springframework.boot.configurationmetadata.ValueProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link YammapProperties} and their metadata.
 */
class YammapPropertiesTests {

	private static final String METADATA = "META-INF/spring-configuration-metadata.json";

	private static final String FILE_METADATA = "META-INF/spring/configuration-metadata/"
			+ FileProperties.class.getName() + ".json";

	private static final String JOURNAL_METADATA = "META-INF/spring/configuration-metadata/"
			+ JournalProperties.class.getName() + ".json";

	@Test
	void defaults() {
		YammapProperties properties = bind(Map.of("yammap.files.journal.path", "journal.log"));
		assertThat(properties.isEnabled()).isTrue();
		assertThat(properties.getBaseDir()).isEqualTo(".");
		assertThat(properties.isObservationEnabled()).isFalse();
		assertThat(properties.getFiles()).containsOnlyKeys("journal");
		FileProperties file = file(properties);
		assertThat(file.getPath()).isEqualTo("journal.log");
		assertThat(file.getAccess()).isEqualTo(FileProperties.Access.READ_WRITE);
		assertThat(file.getCreate()).isEqualTo(FileProperties.Create.IF_MISSING);
		assertThat(file.getSize()).isEqualTo(DataSize.ofBytes(0));
		assertThat(file.isTruncate()).isFalse();
		assertThat(file.getPermissions()).isEqualTo("rw-------");
		assertThat(file.isPreallocate()).isTrue();
		assertThat(file.getMaxSize()).isNull();
		assertThat(file.isPopulate()).isFalse();
		assertThat(file.isLockInMemory()).isFalse();
		assertThat(file.getLock()).isEqualTo(FileProperties.Lock.AUTO);
		assertThat(file.getAdvice()).isEqualTo(Advice.NORMAL);
		assertThat(file.getBackend()).isEqualTo(Backend.AUTO);
		assertThat(file.isPrimary()).isFalse();
		assertThat(file.getSync().isOnWrite()).isFalse();
		assertThat(file.getSync().isOnShutdown()).isTrue();
		assertThat(file.getSync().getInterval()).isNull();
		assertThat(file.isReloadOnUpdate()).isFalse();
	}

	@Test
	void numbersAreBytesAndMilliseconds() {
		FileProperties file = file(bind(Map.of("yammap.files.journal.size", "8", "yammap.files.journal.max-size", "16",
				"yammap.files.journal.sync.interval", "5")));
		assertThat(file.getSize()).isEqualTo(DataSize.ofBytes(8));
		assertThat(file.getMaxSize()).isEqualTo(DataSize.ofBytes(16));
		assertThat(file.getSync().getInterval()).isEqualTo(Duration.ofMillis(5));
	}

	@Test
	void everyPropertyIsBound() {
		Map<String, String> values = Map.ofEntries(Map.entry("yammap.enabled", "false"),
				Map.entry("yammap.create-directories", "false"), Map.entry("yammap.reload-interval", "5s"),
				Map.entry("yammap.files.journal.reload-empty", "true"), Map.entry("yammap.observation-enabled", "true"),
				Map.entry("yammap.base-dir", "data"), Map.entry("yammap.files.journal.lock", "shared"),
				Map.entry("yammap.files.journal.advice", "will-need"),
				Map.entry("yammap.files.journal.backend", "native"), Map.entry("yammap.files.journal.primary", "true"),
				Map.entry("yammap.files.journal.path", "j"), Map.entry("yammap.files.journal.access", "append"),
				Map.entry("yammap.files.journal.create", "never"), Map.entry("yammap.files.journal.size", "1KB"),
				Map.entry("yammap.files.journal.truncate", "true"),
				Map.entry("yammap.files.journal.permissions", "rw-rw----"),
				Map.entry("yammap.files.journal.preallocate", "false"),
				Map.entry("yammap.files.journal.max-size", "8GB"), Map.entry("yammap.files.journal.populate", "true"),
				Map.entry("yammap.files.journal.lock-in-memory", "true"),
				Map.entry("yammap.files.journal.sync.on-write", "true"),
				Map.entry("yammap.files.journal.sync.on-shutdown", "false"),
				Map.entry("yammap.files.journal.sync.interval", "5s"),
				Map.entry("yammap.files.journal.reload-on-update", "true"));
		YammapProperties properties = bind(values);
		assertThat(properties.isEnabled()).isFalse();
		assertThat(properties.getBaseDir()).isEqualTo("data");
		assertThat(properties.isObservationEnabled()).isTrue();
		FileProperties file = file(properties);
		assertThat(file.getPath()).isEqualTo("j");
		assertThat(file.getAccess()).isEqualTo(FileProperties.Access.APPEND);
		assertThat(file.getCreate()).isEqualTo(FileProperties.Create.NEVER);
		assertThat(file.getSize()).isEqualTo(DataSize.ofKilobytes(1));
		assertThat(file.isTruncate()).isTrue();
		assertThat(file.getPermissions()).isEqualTo("rw-rw----");
		assertThat(file.isPreallocate()).isFalse();
		assertThat(file.getMaxSize()).isEqualTo(DataSize.ofGigabytes(8));
		assertThat(file.isPopulate()).isTrue();
		assertThat(file.isLockInMemory()).isTrue();
		assertThat(file.getLock()).isEqualTo(FileProperties.Lock.SHARED);
		assertThat(file.getAdvice()).isEqualTo(Advice.WILL_NEED);
		assertThat(file.getBackend()).isEqualTo(Backend.NATIVE);
		assertThat(file.isPrimary()).isTrue();
		assertThat(file.getSync().isOnWrite()).isTrue();
		assertThat(file.getSync().isOnShutdown()).isFalse();
		assertThat(file.getSync().getInterval()).isEqualTo(Duration.ofSeconds(5));
		assertThat(file.isReloadOnUpdate()).isTrue();
		assertThat(file.isReloadEmpty()).isTrue();
		assertThat(properties.isCreateDirectories()).isFalse();
		assertThat(properties.getReloadInterval()).isEqualTo(Duration.ofSeconds(5));
	}

	@Test
	void metadataHasEveryProperty() {
		assertThat(metadata(METADATA)).containsOnlyKeys("yammap.enabled", "yammap.base-dir", "yammap.files",
				"yammap.journals", "yammap.observation-enabled", "yammap.create-directories", "yammap.reload-interval",
				"management.endpoint.yammap.access", "management.endpoint.yammap.cache.time-to-live",
				"management.health.yammap.enabled", "management.info.yammap.enabled");
		assertThat(metadata(FILE_METADATA)).containsOnlyKeys("enabled", "path", "access", "create", "size", "truncate",
				"permissions", "preallocate", "max-size", "lock", "populate", "lock-in-memory", "advice", "backend",
				"primary", "sync.on-write", "sync.on-shutdown", "sync.interval", "reload-on-update", "reload-empty");
	}

	@Test
	void metadataHasEveryPropertyOfAJournal() {
		assertThat(metadata(JOURNAL_METADATA)).containsOnlyKeys("enabled", "path", "access", "create", "segment-size",
				"max-size", "max-record-size", "permissions", "backend", "recovery", "primary", "retention.size",
				"retention.age", "retention.held-up", "sync.on-append", "sync.on-shutdown", "sync.interval");
	}

	@Test
	void propertiesOfAJournalAreBound() {
		JournalProperties journal = Objects
			.requireNonNull(bind(Map.ofEntries(Map.entry("yammap.journals.orders.path", "o"),
					Map.entry("yammap.journals.orders.access", "read-only"),
					Map.entry("yammap.journals.orders.create", "never"),
					Map.entry("yammap.journals.orders.segment-size", "1MB"),
					Map.entry("yammap.journals.orders.max-size", "2GB"),
					Map.entry("yammap.journals.orders.max-record-size", "64KB"),
					Map.entry("yammap.journals.orders.permissions", "rw-r-----"),
					Map.entry("yammap.journals.orders.backend", "portable"),
					Map.entry("yammap.journals.orders.recovery", "keep-whole-prefix"),
					Map.entry("yammap.journals.orders.primary", "true"),
					Map.entry("yammap.journals.orders.retention.size", "1GB"),
					Map.entry("yammap.journals.orders.retention.age", "7d"),
					Map.entry("yammap.journals.orders.retention.held-up", "refuse-appends"),
					Map.entry("yammap.journals.orders.sync.on-append", "true"),
					Map.entry("yammap.journals.orders.sync.on-shutdown", "false"),
					Map.entry("yammap.journals.orders.sync.interval", "1s")))
				.getJournals()
				.get("orders"));
		assertThat(journal.getPath()).isEqualTo("o");
		assertThat(journal.getAccess()).isEqualTo(JournalProperties.Access.READ_ONLY);
		assertThat(journal.getCreate()).isEqualTo(FileProperties.Create.NEVER);
		assertThat(journal.getSegmentSize()).isEqualTo(DataSize.ofMegabytes(1));
		assertThat(journal.getMaxSize()).isEqualTo(DataSize.ofGigabytes(2));
		assertThat(journal.getMaxRecordSize()).isEqualTo(DataSize.ofKilobytes(64));
		assertThat(journal.getPermissions()).isEqualTo("rw-r-----");
		assertThat(journal.getBackend()).isEqualTo(Backend.PORTABLE);
		assertThat(journal.getRecovery()).isEqualTo(DamageAction.KEEP_WHOLE_PREFIX);
		assertThat(journal.isPrimary()).isTrue();
		assertThat(journal.getRetention().getSize()).isEqualTo(DataSize.ofGigabytes(1));
		assertThat(journal.getRetention().getAge()).isEqualTo(Duration.ofDays(7));
		assertThat(journal.getRetention().getHeldUp()).isEqualTo(HeldUpAction.REFUSE_APPENDS);
		assertThat(journal.getSync().isOnAppend()).isTrue();
		assertThat(journal.getSync().isOnShutdown()).isFalse();
		assertThat(journal.getSync().getInterval()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void metadataOfEveryPropertyHasTypeAndDescription() {
		assertThat(allProperties()).isNotEmpty().allSatisfy((property) -> {
			assertThat(property.getType()).isNotBlank();
			assertThat(property.getDescription()).matches("[A-Z].*\\.").doesNotContain("{@", "<");
			if ("java.lang.Boolean".equals(property.getType())) {
				assertThat(property.getDescription()).startsWith("Whether ");
			}
		});
	}

	@Test
	void metadataOfEveryPropertyButThoseWithoutOneHasDefault() {
		assertThat(allProperties()).filteredOn((property) -> property.getDefaultValue() == null)
			.extracting(ConfigurationMetadataProperty::getId)
			.containsExactlyInAnyOrder("yammap.files", "path", "max-size", "sync.interval", "yammap.journals", "path",
					"max-size", "retention.size", "retention.age", "sync.interval");
	}

	@Test
	void metadataHintsAtEveryValueOfEveryEnum() {
		assertThat(metadata(FILE_METADATA).values())
			.filteredOn((property) -> property.getHints().getValueProviders().isEmpty())
			.filteredOn((property) -> !property.getHints().getValueHints().isEmpty())
			.extracting(ConfigurationMetadataProperty::getId)
			.containsExactlyInAnyOrder("access", "create", "lock", "advice", "backend");
		assertThat(allProperties()).filteredOn((property) -> isEnum(property))
			.filteredOn((property) -> !property.getId().startsWith("management."))
			.hasSize(10)
			.allSatisfy((property) -> {
				assertThat(property.getHints().getValueHints()).extracting(ValueHint::getValue)
					.containsExactlyElementsOf(constants(property));
				assertThat(constants(property)).contains(property.getDefaultValue());
			});
	}

	@Test
	void metadataHintsAtEveryLevelOfAccessToTheEndpoint() {
		ConfigurationMetadataProperty access = Objects
			.requireNonNull(metadata(METADATA).get("management.endpoint.yammap.access"));
		assertThat(type(access)).isEqualTo(org.springframework.boot.actuate.endpoint.Access.class);
		assertThat(access.getHints().getValueHints()).extracting(ValueHint::getValue)
			.containsExactlyElementsOf(constants(access));
	}

	@Test
	void everyEnumHasHintsAndEveryOtherPropertyHasTypeThatIsKnown() {
		assertThat(allProperties()).filteredOn((property) -> !isEnum(property))
			.extracting(ConfigurationMetadataProperty::getType)
			.isSubsetOf(Boolean.class.getName(), String.class.getName(), Duration.class.getName(),
					DataSize.class.getName(), "java.util.Map<java.lang.String," + FileProperties.class.getName() + ">",
					"java.util.Map<java.lang.String," + JournalProperties.class.getName() + ">");
		assertThat(allProperties()).filteredOn((property) -> isEnum(property))
			.isNotEmpty()
			.allSatisfy((property) -> assertThat(property.getHints().getValueHints()).isNotEmpty());
	}

	@Test
	void descriptionOfEveryTimeAndSizeSaysItsRangeIfItHasOne() {
		Map<String, String> ranges = Map.of("yammap.reload-interval", "Needs a unit; from 1ms to 365d.",
				"sync.interval", "Needs a unit; from 1ms to 365d.", "retention.age", "Needs a unit; longer than 0.",
				"size", "At most the maximum size.", "segment-size", "From 8KB to 8GB.", "max-record-size",
				"Less than 2GB.", "retention.size", "From the size of a segment to the maximum size.");
		assertThat(allProperties()).filteredOn((property) -> ranges.containsKey(property.getId()))
			.hasSize(ranges.size() + 1)
			.allSatisfy((property) -> assertThat(property.getDescription()).contains(ranges.get(property.getId())));
		assertThat(metadata(JOURNAL_METADATA).get("max-size")).isNotNull()
			.satisfies((property) -> assertThat(property.getDescription()).contains("At least the size of a segment."));
		assertThat(allProperties())
			.filteredOn((property) -> Set.of(Duration.class, DataSize.class).contains(type(property)))
			.extracting(ConfigurationMetadataProperty::getId)
			.filteredOn((id) -> !id.startsWith("management.") && !id.equals("max-size"))
			.isSubsetOf(ranges.keySet());
	}

	@Test
	void everyHintHasDescription() {
		assertThat(allProperties()).flatExtracting((property) -> property.getHints().getValueHints())
			.isNotEmpty()
			.allSatisfy((hint) -> assertThat(hint.getDescription()).matches("[A-Z].*\\."));
	}

	@Test
	void metadataHintsAtPermissions() {
		ConfigurationMetadataProperty permissions = Objects.requireNonNull(metadata(FILE_METADATA).get("permissions"));
		assertThat(permissions.getHints().getValueHints()).isNotEmpty()
			.allSatisfy((hint) -> assertThat(PosixFilePermissions.fromString(hint.getValue().toString())).isNotEmpty());
		assertThat(permissions.getHints().getValueProviders()).extracting(ValueProvider::getName)
			.containsExactly("any");
	}

	private static boolean isEnum(ConfigurationMetadataProperty property) {
		return type(property).isEnum();
	}

	private static List<Object> constants(ConfigurationMetadataProperty property) {
		return Arrays.stream(type(property).getEnumConstants())
			.<Object>map((constant) -> FileSettings.canonical((Enum<?>) constant))
			.toList();
	}

	private static Class<?> type(ConfigurationMetadataProperty property) {
		return ClassUtils.resolveClassName(property.getType().replaceFirst("<.*", ""),
				YammapPropertiesTests.class.getClassLoader());
	}

	private List<ConfigurationMetadataProperty> allProperties() {
		return Stream.of(METADATA, FILE_METADATA, JOURNAL_METADATA)
			.flatMap((resource) -> metadata(resource).values().stream())
			.toList();
	}

	private Map<String, ConfigurationMetadataProperty> metadata(String resource) {
		try (InputStream in = getClass().getClassLoader().getResourceAsStream(resource)) {
			return ConfigurationMetadataRepositoryJsonBuilder.create(Objects.requireNonNull(in, resource))
				.build()
				.getAllProperties();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static FileProperties file(YammapProperties properties) {
		return Objects.requireNonNull(properties.getFiles().get("journal"));
	}

	private static YammapProperties bind(Map<String, String> values) {
		return new Binder(new MapConfigurationPropertySource(values)).bind("yammap", YammapProperties.class).get();
	}

}
