package dev.yammap.spring.boot;

import java.time.Duration;

import dev.yammap.Backend;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.HeldUpAction;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationPropertiesSource;
import org.springframework.util.unit.DataSize;

/**
 * How one journal is opened.
 */
// Setters take a Boolean, as a blank value is none, which a boolean cannot be.
// Values of a map get no metadata of their own unless the type is a source of it.
// What FileProperties has as well is written twice: the metadata takes the description of
// a property from its field, and each description names what it is about.
@ConfigurationPropertiesSource
public class JournalProperties {

	/**
	 * Whether the journal is opened and becomes a bean.
	 */
	private boolean enabled = true;

	/**
	 * Path of the journal's directory, absolute or relative to the base directory, or its
	 * URL (file:).
	 */
	private @Nullable String path;

	/**
	 * What the application may do with the journal.
	 */
	private Access access = Access.READ_WRITE;

	/**
	 * When the journal is created. A journal with read-only access is never created.
	 */
	private FileProperties.Create create = FileProperties.Create.IF_MISSING;

	/**
	 * Size of the segments, the files that hold the records. A change applies to new
	 * segments. From 8KB to 8GB. If no unit is specified, bytes are used.
	 */
	private DataSize segmentSize = DataSize.ofMegabytes(64);

	/**
	 * Maximum size of a record. A record must also fit into a segment. Less than 2GB. If
	 * no unit is specified, bytes are used.
	 */
	private DataSize maxRecordSize = DataSize.ofMegabytes(16);

	/**
	 * Maximum size of all segments together. Appends past it are refused. Unlimited by
	 * default. At least the size of a segment. If no unit is specified, bytes are used.
	 */
	private @Nullable DataSize maxSize;

	/**
	 * Permissions of the journal's files when they are created. The umask reduces them.
	 */
	private String permissions = "rw-------";

	/**
	 * How the files of the journal are opened and mapped.
	 */
	private Backend backend = Backend.AUTO;

	/**
	 * What to do if the journal is damaged: if a record that was durable is not whole. A
	 * crash or a power cut cannot cause that.
	 */
	private DamageAction recovery = DamageAction.REFUSE;

	/**
	 * Whether to inject this journal where several match. It then takes precedence over a
	 * journal with the name of the parameter or field.
	 */
	private boolean primary;

	private final Retention retention = new Retention();

	private final Sync sync = new Sync();

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

	public FileProperties.Create getCreate() {
		return this.create;
	}

	public void setCreate(FileProperties.Create create) {
		this.create = create;
	}

	public DataSize getSegmentSize() {
		return this.segmentSize;
	}

	public void setSegmentSize(DataSize segmentSize) {
		this.segmentSize = segmentSize;
	}

	public DataSize getMaxRecordSize() {
		return this.maxRecordSize;
	}

	public void setMaxRecordSize(DataSize maxRecordSize) {
		this.maxRecordSize = maxRecordSize;
	}

	public @Nullable DataSize getMaxSize() {
		return this.maxSize;
	}

	public void setMaxSize(@Nullable DataSize maxSize) {
		this.maxSize = maxSize;
	}

	public String getPermissions() {
		return this.permissions;
	}

	public void setPermissions(String permissions) {
		this.permissions = permissions;
	}

	public Backend getBackend() {
		return this.backend;
	}

	public void setBackend(Backend backend) {
		this.backend = backend;
	}

	public DamageAction getRecovery() {
		return this.recovery;
	}

	public void setRecovery(DamageAction recovery) {
		this.recovery = recovery;
	}

	public boolean isPrimary() {
		return this.primary;
	}

	public void setPrimary(Boolean primary) {
		this.primary = primary;
	}

	public Retention getRetention() {
		return this.retention;
	}

	public Sync getSync() {
		return this.sync;
	}

	/**
	 * How long records are kept. They are removed a segment at a time, the oldest first.
	 */
	public static class Retention {

		/**
		 * Size of all segments together past which the oldest ones are removed. Unlimited
		 * by default. From the size of a segment to the maximum size. If no unit is
		 * specified, bytes are used.
		 */
		private @Nullable DataSize size;

		/**
		 * Age at which a segment is removed, counted from when the next segment was
		 * begun. Unlimited by default. Needs a unit; longer than 0.
		 */
		private @Nullable Duration age;

		/**
		 * What happens when a named reader still needs the segments that would be
		 * removed.
		 */
		private HeldUpAction heldUp = HeldUpAction.WARN;

		public @Nullable DataSize getSize() {
			return this.size;
		}

		public void setSize(@Nullable DataSize size) {
			this.size = size;
		}

		public @Nullable Duration getAge() {
			return this.age;
		}

		public void setAge(@Nullable Duration age) {
			this.age = age;
		}

		public HeldUpAction getHeldUp() {
			return this.heldUp;
		}

		public void setHeldUp(HeldUpAction heldUp) {
			this.heldUp = heldUp;
		}

	}

	/**
	 * When records are made durable without being asked for.
	 */
	public static class Sync {

		/**
		 * Whether each append returns only when its record is durable.
		 */
		private boolean onAppend;

		/**
		 * Whether to sync the journal as soon as the application stops. It is synced in
		 * any case when it is closed, after all beans have been destroyed.
		 */
		private boolean onShutdown = true;

		/**
		 * Time between two syncs of the journal while the application runs. A sync is
		 * skipped if nothing was appended. Without an interval there are no such syncs.
		 * Needs a unit; from 1ms to 365d.
		 */
		private @Nullable Duration interval;

		public boolean isOnAppend() {
			return this.onAppend;
		}

		public void setOnAppend(Boolean onAppend) {
			this.onAppend = onAppend;
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
	 * What an application may do with a journal.
	 */
	public enum Access {

		/**
		 * Read, while another process may write.
		 */
		READ_ONLY,

		/**
		 * Read and append. Only one process may do so at a time.
		 */
		READ_WRITE

	}

}
