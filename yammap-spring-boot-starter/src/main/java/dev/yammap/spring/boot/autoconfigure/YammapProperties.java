package dev.yammap.spring.boot.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.util.unit.DataSize;

/**
 * {@link ConfigurationProperties Configuration properties} for mapped files.
 */
@ConfigurationProperties("yammap")
public class YammapProperties {

	/**
	 * Directory that relative paths resolve against. A relative one is relative to the
	 * working directory.
	 */
	private String baseDir = ".";

	/**
	 * Mapped files by name. Each name becomes the name of a bean.
	 */
	private final Map<String, File> files = new LinkedHashMap<>();

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
		 * Whether to read in and map all pages of the file when it is opened.
		 */
		private boolean populate;

		/**
		 * Whether to keep the pages of the file in memory.
		 */
		private boolean locked;

		@NestedConfigurationProperty
		private final Sync sync = new Sync();

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

		public Sync getSync() {
			return this.sync;
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

}
