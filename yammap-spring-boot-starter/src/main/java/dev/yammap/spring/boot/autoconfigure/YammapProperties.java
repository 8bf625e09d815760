package dev.yammap.spring.boot.autoconfigure;

import java.beans.PropertyDescriptor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.yammap.spring.boot.FileProperties;
import dev.yammap.spring.boot.JournalProperties;
import dev.yammap.spring.boot.settings.FileSettings;
import dev.yammap.spring.boot.settings.Intervals;
import dev.yammap.spring.boot.settings.JournalSettings;
import dev.yammap.spring.boot.settings.PropertyPath;
import dev.yammap.spring.boot.settings.ResourceKind;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * {@link ConfigurationProperties Configuration properties} for mapped files and journals.
 */
@ConfigurationProperties("yammap")
public class YammapProperties implements InitializingBean {

	private static final Log logger = LogFactory.getLog(YammapProperties.class);

	private static final String RELOAD_INTERVAL = "yammap.reload-interval";

	/**
	 * Whether to open the files and journals and make them beans.
	 */
	private boolean enabled = true;

	/**
	 * Directory that relative paths resolve against. If it is relative itself, it
	 * resolves against the working directory.
	 */
	private String baseDir = ".";

	/**
	 * Whether to create missing directories for files and journals that may be created:
	 * below the working directory or an existing base directory. Directories on the way
	 * to an absolute path are never created.
	 */
	private boolean createDirectories = true;

	/**
	 * Time between two checks of the paths of files that are reloaded on update. Needs a
	 * unit; from 1ms to 365d.
	 */
	private Duration reloadInterval = Duration.ofSeconds(1);

	/**
	 * Whether each call that syncs a file or journal is an observation, for traces.
	 */
	private boolean observationEnabled;

	/**
	 * Mapped files by name. Each name becomes the name of a bean.
	 */
	private final Map<String, FileProperties> files = new LinkedHashMap<>();

	/**
	 * Journals by name. Each name becomes the name of a bean.
	 */
	private final Map<String, JournalProperties> journals = new LinkedHashMap<>();

	/** The names as they are configured, once they were asked for. */
	private @Nullable Map<String, FileProperties> filesInUse;

	private @Nullable Map<String, JournalProperties> journalsInUse;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(boolean enabled) {
		this.enabled = enabled;
	}

	public String getBaseDir() {
		return this.baseDir;
	}

	public void setBaseDir(String baseDir) {
		this.baseDir = baseDir;
	}

	public boolean isCreateDirectories() {
		return this.createDirectories;
	}

	public void setCreateDirectories(Boolean createDirectories) {
		this.createDirectories = createDirectories;
	}

	public Duration getReloadInterval() {
		return this.reloadInterval;
	}

	public void setReloadInterval(Duration reloadInterval) {
		this.reloadInterval = reloadInterval;
	}

	public boolean isObservationEnabled() {
		return this.observationEnabled;
	}

	public void setObservationEnabled(Boolean observationEnabled) {
		this.observationEnabled = observationEnabled;
	}

	public Map<String, FileProperties> getFiles() {
		return this.files;
	}

	public Map<String, JournalProperties> getJournals() {
		return this.journals;
	}

	/**
	 * Returns what the properties say about each file.
	 * @param names the names of the files; other entries are none
	 * @return checked settings, in the order of the names
	 * @throws InvalidConfigurationPropertyValueException if there are contradictions
	 */
	List<FileSettings> files(ConfiguredNames names) {
		names.requireKnown();
		Path directory = baseDirectory();
		Intervals.requireUnit(RELOAD_INTERVAL, names.text("reload-interval"));
		Intervals.requireSensible(RELOAD_INTERVAL, this.reloadInterval);
		this.filesInUse = Map.copyOf(this.files);
		List<FileSettings> settings = new ArrayList<>();
		for (String name : names.files().enabled()) {
			requireWellWritten(ResourceKind.FILE, names.files(), name, "sync.interval");
			// A name without any known property has an entry all the same, but no path.
			settings.add(new FileSettings(name, directory, this.files.getOrDefault(name, new FileProperties())));
		}
		return settings;
	}

	/**
	 * Returns what the properties say about each journal.
	 * @param names the names of the journals; other entries are none
	 * @return checked settings, in the order of the names
	 * @throws InvalidConfigurationPropertyValueException if there are contradictions
	 */
	List<JournalSettings> journals(ConfiguredNames names) {
		if (this.filesInUse == null) {
			// Then the registry of the files is the application's own.
			names.requireKnown();
		}
		Path directory = baseDirectory();
		this.journalsInUse = Map.copyOf(this.journals);
		List<JournalSettings> settings = new ArrayList<>();
		for (String name : names.journals().enabled()) {
			requireWellWritten(ResourceKind.JOURNAL, names.journals(), name, "sync.interval", "retention.age");
			settings
				.add(new JournalSettings(name, directory, this.journals.getOrDefault(name, new JournalProperties())));
		}
		return settings;
	}

	/**
	 * Returns the directory against which relative paths resolve.
	 * @throws InvalidConfigurationPropertyValueException if it is not the path of a
	 * directory
	 */
	Path baseDirectory() {
		return PropertyPath.parse("yammap.base-dir", this.baseDir);
	}

	/**
	 * Refuses a blank access, and times without a unit. Usually a blank value counts as
	 * not set; a blank access would then open the resource for writing.
	 */
	private static void requireWellWritten(ResourceKind kind, ResourceNames names, String name, String... times) {
		String access = names.text(name, "access");
		if (access != null && access.isBlank()) {
			throw new InvalidConfigurationPropertyValueException(kind.property(name, "access"), access,
					"A value is required, such as 'read-only'.");
		}
		for (String time : times) {
			Intervals.requireUnit(kind.property(name, time), names.text(name, time));
		}
	}

	/**
	 * Called when the properties are bound, and again whenever they are bound again while
	 * the application runs, for example by a context refresh of Spring Cloud.
	 */
	@Override
	public void afterPropertiesSet() {
		if (this.filesInUse != null) {
			this.filesInUse = warnOfChanges(ResourceKind.FILE, this.filesInUse, this.files);
		}
		if (this.journalsInUse != null) {
			this.journalsInUse = warnOfChanges(ResourceKind.JOURNAL, this.journalsInUse, this.journals);
		}
	}

	private static <P> Map<String, P> warnOfChanges(ResourceKind kind, Map<String, P> before, Map<String, P> now) {
		List<String> changed = now.keySet()
			.stream()
			.filter((name) -> !isSame(before.get(name), now.get(name)))
			.toList();
		if (changed.isEmpty()) {
			return before;
		}
		logger.warn("The properties of the " + kind.noun() + "s " + changed + " have changed, but no " + kind.word()
				+ " is opened again: each keeps the settings that the application was started with. Restart it to apply"
				+ " the new settings");
		return Map.copyOf(now);
	}

	private static boolean isSame(@Nullable Object before, @Nullable Object now) {
		if (before == null || now == null || !isProperties(before)) {
			return Objects.equals(before, now);
		}
		BeanWrapper old = PropertyAccessorFactory.forBeanPropertyAccess(before);
		BeanWrapper bound = PropertyAccessorFactory.forBeanPropertyAccess(now);
		return Arrays.stream(old.getPropertyDescriptors())
			.map(PropertyDescriptor::getName)
			.allMatch((name) -> isSame(old.getPropertyValue(name), bound.getPropertyValue(name)));
	}

	private static boolean isProperties(Object value) {
		return value instanceof FileProperties || value instanceof FileProperties.Sync
				|| value instanceof JournalProperties || value instanceof JournalProperties.Sync
				|| value instanceof JournalProperties.Retention;
	}

}
