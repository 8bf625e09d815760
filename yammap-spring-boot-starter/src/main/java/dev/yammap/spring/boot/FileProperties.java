package dev.yammap.spring.boot;

import java.time.Duration;

import dev.yammap.Advice;
import dev.yammap.Backend;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.unit.DataSize;

/**
 * How one file is opened.
 */
// Setters take a Boolean, as a blank value is none, which a boolean cannot be.
// Values of a map get no metadata of their own unless the type is a source of it.
@ConfigurationPropertiesSource
public class FileProperties {

	/**
	 * Whether the file is opened and becomes a bean.
	 */
	private boolean enabled = true;

	/**
	 * Path of the file, absolute or relative to the base directory, or its URL (file:).
	 */
	private @Nullable String path;

	/**
	 * What the application may do with the file.
	 */
	private Access access = Access.READ_WRITE;

	/**
	 * When the file is created. A file with read-only or private access is never created.
	 */
	private Create create = Create.IF_MISSING;

	/**
	 * Minimum size of the file. A new file gets this size, and a shorter file grows to
	 * it. At most the maximum size. If no unit is specified, bytes are used.
	 */
	private DataSize size = DataSize.ofBytes(0);

	/**
	 * Whether to empty the file when it is opened.
	 */
	private boolean truncate;

	/**
	 * Permissions of the file when it is created. The umask reduces them.
	 */
	private String permissions = "rw-------";

	/**
	 * Whether to allocate disk blocks when the file is created with a size or lengthened
	 * by truncate.
	 */
	private boolean preallocate = true;

	/**
	 * Maximum size of the file. A write past it is refused. Unlimited by default. If no
	 * unit is specified, bytes are used.
	 */
	private @Nullable DataSize maxSize;

	/**
	 * Lock to hold on the file while it is open. It keeps out only processes that ask for
	 * a lock, too.
	 */
	private Lock lock = Lock.AUTO;

	/**
	 * Whether to read and map all pages of the file when it is opened.
	 */
	private boolean populate;

	/**
	 * Whether to keep the pages of the file in memory.
	 */
	private boolean lockInMemory;

	/**
	 * How the application will use the pages of the file, as a hint for the kernel. Any
	 * value but normal needs the native backend.
	 */
	private Advice advice = Advice.NORMAL;

	/**
	 * How the file is opened and mapped.
	 */
	private Backend backend = Backend.AUTO;

	/**
	 * Whether to inject this file where several match. It then takes precedence over a
	 * file with the name of the parameter or field.
	 */
	private boolean primary;

	private final Sync sync = new Sync();

	/**
	 * Whether to switch to the new file when another one takes the place of this one.
	 * Needs read-only access.
	 */
	private boolean reloadOnUpdate;

	/**
	 * Whether to accept an empty file in place of one that is not empty when the file is
	 * reloaded.
	 */
	private boolean reloadEmpty;

	public boolean isEnabled() {
		return this.enabled;
	}

	public void setEnabled(Boolean enabled) {
		this.enabled = enabled;
	}

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

	public void setTruncate(Boolean truncate) {
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

	public void setPreallocate(Boolean preallocate) {
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

	public void setPopulate(Boolean populate) {
		this.populate = populate;
	}

	public boolean isLockInMemory() {
		return this.lockInMemory;
	}

	public void setLockInMemory(Boolean lockInMemory) {
		this.lockInMemory = lockInMemory;
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

	public void setPrimary(Boolean primary) {
		this.primary = primary;
	}

	public Sync getSync() {
		return this.sync;
	}

	public boolean isReloadOnUpdate() {
		return this.reloadOnUpdate;
	}

	public void setReloadOnUpdate(Boolean reloadOnUpdate) {
		this.reloadOnUpdate = reloadOnUpdate;
	}

	public boolean isReloadEmpty() {
		return this.reloadEmpty;
	}

	public void setReloadEmpty(Boolean reloadEmpty) {
		this.reloadEmpty = reloadEmpty;
	}

	/**
	 * When what was written to a file is made durable without being asked for.
	 */
	public static class Sync {

		/**
		 * Whether each write returns only when it is durable.
		 */
		private boolean onWrite;

		/**
		 * Whether to sync the file when the application stops.
		 */
		private boolean onShutdown = true;

		/**
		 * Time between two syncs of the file while the application runs. A sync is
		 * skipped if nothing was written. Without an interval there are no such syncs.
		 * Needs a unit; from 1ms to 365d.
		 */
		private @Nullable Duration interval;

		public boolean isOnWrite() {
			return this.onWrite;
		}

		public void setOnWrite(Boolean onWrite) {
			this.onWrite = onWrite;
		}

		public boolean isOnShutdown() {
			return this.onShutdown;
		}

		public void setOnShutdown(Boolean onShutdown) {
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
		PRIVATE

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
		 * When the application starts: the file must not exist.
		 */
		NEW

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
		EXCLUSIVE

	}

}
