package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

/**
 * {@link ConfigurationProperties Configuration properties} for mapped files.
 */
@ConfigurationProperties("yammap")
public class YammapProperties {

	/**
	 * Whether to make the files beans. If not, none is opened.
	 */
	private boolean enabled = true;

	/**
	 * Directory that relative paths resolve against. A relative one is relative to the
	 * working directory.
	 */
	private String baseDir = ".";

	/**
	 * Whether to observe the calls that sync a file, for traces.
	 */
	private boolean observationEnabled;

	/**
	 * Mapped files by name. Each name becomes the name of a bean.
	 */
	private final Map<String, FileProperties> files = new LinkedHashMap<>();

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

	public boolean isObservationEnabled() {
		return this.observationEnabled;
	}

	public void setObservationEnabled(boolean observationEnabled) {
		this.observationEnabled = observationEnabled;
	}

	public Map<String, FileProperties> getFiles() {
		return this.files;
	}

	/**
	 * Returns what the properties say of each file.
	 * @param names the names of the files; other entries are none
	 * @return checked settings, in the order of the names
	 * @throws InvalidConfigurationPropertyValueException if there are contradictions
	 */
	List<FileSettings> settings(FileNames names) {
		Path directory = baseDirectory();
		List<FileSettings> settings = new ArrayList<>();
		for (String name : names.all()) {
			// One of which no property is known has an entry all the same, but no path.
			settings.add(new FileSettings(name, directory, this.files.getOrDefault(name, new FileProperties())));
		}
		return settings;
	}

	private Path baseDirectory() {
		try {
			return Path.of(this.baseDir);
		}
		catch (InvalidPathException ex) {
			throw new InvalidConfigurationPropertyValueException("yammap.base-dir", this.baseDir,
					"This is no path: " + ex.getReason() + ".");
		}
	}

}
