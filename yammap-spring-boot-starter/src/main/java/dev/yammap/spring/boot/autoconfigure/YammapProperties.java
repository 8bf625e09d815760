package dev.yammap.spring.boot.autoconfigure;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.yammap.Advice;
import dev.yammap.Backend;
import dev.yammap.LockMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

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
	 * Mapped files by name. Each name becomes the name of a bean.
	 */
	private final Map<String, File> files = new LinkedHashMap<>();

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

	public Map<String, File> getFiles() {
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
			settings.add(new FileSettings(name, directory, this.files.getOrDefault(name, new File())));
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

	/**
	 * How one file is opened.
	 */
	// Values of a map get no metadata of their own unless the type is a source of it.
	@ConfigurationPropertiesSource
	public static class File {

		/**
		 * Path of the file, absolute or relative to the base directory.
		 */
		private @Nullable String path;

		/**
		 * What the application may do with the file.
		 */
		private Access access = Access.READ_WRITE;

		/**
		 * When the file is created. A file with read-only or private access is never
		 * created.
		 */
		private Create create = Create.IF_MISSING;

		/**
		 * Least size of the file. A file that is created gets this size, a shorter one
		 * grows to it.
		 */
		private DataSize size = DataSize.ofBytes(0);

		/**
		 * Whether to empty the file when it is opened.
		 */
		private boolean truncate;

		/**
		 * Permissions of the file when it is created, less those taken away by the umask.
		 */
		private String permissions = "rw-------";

		/**
		 * Whether to allocate disk blocks when the file is created with a size or
		 * truncated to a greater one.
		 */
		private boolean preallocate = true;

		/**
		 * Size past which the file may not grow. Unlimited by default.
		 */
		private @Nullable DataSize maxSize;

		/**
		 * Lock to hold on the file as long as it is open, against other processes that
		 * ask for one.
		 */
		private Lock lock = Lock.AUTO;

		/**
		 * Whether to read in and map all pages of the file when it is opened.
		 */
		private boolean populate;

		/**
		 * Whether to keep the pages of the file in memory.
		 */
		private boolean locked;

		/**
		 * What the kernel is told of the use of the file's pages. Any other than normal
		 * needs the native backend.
		 */
		private Advice advice = Advice.NORMAL;

		/**
		 * How to get at the file and its memory.
		 */
		private Backend backend = Backend.AUTO;

		/**
		 * Whether this is the file for injection points that several would fit. It is
		 * then also injected where the name of a parameter or field would have told
		 * another.
		 */
		private boolean primary;

		@NestedConfigurationProperty
		private final Sync sync = new Sync();

		/**
		 * Whether to follow the file when another one takes its place. Needs read-only
		 * access.
		 */
		private boolean reloadOnUpdate;

		public @Nullable String getPath() {
			return this.path;
		}

		public void setPath(@Nullable String path) {
			this.path = path;
		}

		public Access getAccess() {
			return this.access;
		}

		public void setAccess(Access access) {
			this.access = access;
		}

		public Create getCreate() {
			return this.create;
		}

		public void setCreate(Create create) {
			this.create = create;
		}

		public DataSize getSize() {
			return this.size;
		}

		public void setSize(DataSize size) {
			this.size = size;
		}

		public boolean isTruncate() {
			return this.truncate;
		}

		public void setTruncate(boolean truncate) {
			this.truncate = truncate;
		}

		public String getPermissions() {
			return this.permissions;
		}

		public void setPermissions(String permissions) {
			this.permissions = permissions;
		}

		public boolean isPreallocate() {
			return this.preallocate;
		}

		public void setPreallocate(boolean preallocate) {
			this.preallocate = preallocate;
		}

		public @Nullable DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(@Nullable DataSize maxSize) {
			this.maxSize = maxSize;
		}

		public Lock getLock() {
			return this.lock;
		}

		public void setLock(Lock lock) {
			this.lock = lock;
		}

		public boolean isPopulate() {
			return this.populate;
		}

		public void setPopulate(boolean populate) {
			this.populate = populate;
		}

		public boolean isLocked() {
			return this.locked;
		}

		public void setLocked(boolean locked) {
			this.locked = locked;
		}

		public Advice getAdvice() {
			return this.advice;
		}

		public void setAdvice(Advice advice) {
			this.advice = advice;
		}

		public Backend getBackend() {
			return this.backend;
		}

		public void setBackend(Backend backend) {
			this.backend = backend;
		}

		public boolean isPrimary() {
			return this.primary;
		}

		public void setPrimary(boolean primary) {
			this.primary = primary;
		}

		public Sync getSync() {
			return this.sync;
		}

		public boolean isReloadOnUpdate() {
			return this.reloadOnUpdate;
		}

		public void setReloadOnUpdate(boolean reloadOnUpdate) {
			this.reloadOnUpdate = reloadOnUpdate;
		}

	}

	/**
	 * When what was written to a file is made durable without being asked for.
	 */
	public static class Sync {

		/**
		 * Whether each write returns only once it is durable.
		 */
		private boolean onWrite;

		/**
		 * Whether to sync the file when the application stops.
		 */
		private boolean onShutdown = true;

		/**
		 * Time between two syncs of the file while the application runs. A file to which
		 * nothing was written is left alone. Without an interval there is no such sync.
		 */
		private @Nullable Duration interval;

		public boolean isOnWrite() {
			return this.onWrite;
		}

		public void setOnWrite(boolean onWrite) {
			this.onWrite = onWrite;
		}

		public boolean isOnShutdown() {
			return this.onShutdown;
		}

		public void setOnShutdown(boolean onShutdown) {
			this.onShutdown = onShutdown;
		}

		public @Nullable Duration getInterval() {
			return this.interval;
		}

		public void setInterval(@Nullable Duration interval) {
			this.interval = interval;
		}

	}

	/**
	 * What an application may do with a file.
	 */
	public enum Access {

		/**
		 * Read.
		 */
		READ_ONLY,

		/**
		 * Read, write and grow.
		 */
		READ_WRITE,

		/**
		 * Read, and write at the end only.
		 */
		APPEND,

		/**
		 * Read, and write to a copy in memory that is gone when the file closes.
		 */
		PRIVATE;

		/**
		 * Tells whether the file on disk can be changed.
		 * @return whether what is written reaches the file
		 */
		boolean changesFile() {
			return this == READ_WRITE || this == APPEND;
		}

	}

	/**
	 * When a file is created.
	 */
	public enum Create {

		/**
		 * Never: the file has to exist.
		 */
		NEVER,

		/**
		 * When it does not exist.
		 */
		IF_MISSING,

		/**
		 * Always: the file must not exist.
		 */
		ALWAYS

	}

	/**
	 * Which lock is held on a file.
	 */
	public enum Lock {

		/**
		 * Exclusive if the file can be changed, none otherwise.
		 */
		AUTO,

		/**
		 * None.
		 */
		NONE,

		/**
		 * Any number of these, but none beside an exclusive one.
		 */
		SHARED,

		/**
		 * One at a time.
		 */
		EXCLUSIVE;

		/**
		 * Returns the lock to take.
		 * @param access what may be done with the file
		 * @return the lock in the words of the engine
		 */
		LockMode mode(Access access) {
			return switch (this) {
				case AUTO -> access.changesFile() ? LockMode.EXCLUSIVE : LockMode.NONE;
				case NONE -> LockMode.NONE;
				case SHARED -> LockMode.SHARED;
				case EXCLUSIVE -> LockMode.EXCLUSIVE;
			};
		}

	}

}
