package dev.yammap.journal.internal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

import dev.yammap.Backend;
import dev.yammap.internal.fault.StackReserve;
import dev.yammap.journal.DamageAction;
import dev.yammap.journal.HeldUpAction;
import dev.yammap.journal.Journal;
import dev.yammap.journal.JournalListener;
import dev.yammap.journal.internal.file.JournalDirectory;
import dev.yammap.journal.internal.file.SegmentFile;
import dev.yammap.journal.internal.format.RecordFormat;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a journal that is to be opened.
 */
public final class JournalOpener implements Journal.Builder {

	/** Enough for an opening: a part of a journal cannot be closed. */
	private static final int STACK_LEVELS = 256;

	private static final Set<OpenOption> KNOWN = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE, StandardOpenOption.CREATE_NEW);

	private static final int UNIT = 4096;

	private static final long LEAST_SEGMENT = 2 * UNIT;

	private static final long MOST_SEGMENT = 8L << 30;

	private static final long USUAL_SEGMENT = 64L << 20;

	private static final int USUAL_RECORD = 16 << 20;

	/** Every virtual machine has arrays that are long enough for its frame. */
	private static final int LONGEST_RECORD = Integer.MAX_VALUE - UNIT;

	private final Path path;

	private Set<OpenOption> options = Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
			StandardOpenOption.CREATE);

	private long segmentSize = USUAL_SEGMENT;

	private int maxRecordLength = USUAL_RECORD;

	private long maxSize = Long.MAX_VALUE;

	private long sizeLimit = Long.MAX_VALUE;

	private @Nullable Duration maxAge;

	private HeldUpAction whenHeldUp = HeldUpAction.WARN;

	private DamageAction whenDamaged = DamageAction.REFUSE;

	private boolean syncOnAppend;

	private final List<JournalListener> listeners = new ArrayList<>();

	private Set<PosixFilePermission> permissions = PosixFilePermissions.fromString("rw-------");

	private Backend backend = Backend.AUTO;

	private InstantSource clock = InstantSource.system();

	private LongSupplier nanos = System::nanoTime;

	public JournalOpener(Path path) {
		this.path = Objects.requireNonNull(path, "path");
	}

	@Override
	public Journal.Builder options(OpenOption... options) {
		Set<OpenOption> given = Set.of(options);
		for (OpenOption option : given) {
			require(KNOWN.contains(option), "Option " + option, "one of READ, WRITE, CREATE, CREATE_NEW");
		}
		require(given.contains(StandardOpenOption.WRITE) || given.equals(Set.of(StandardOpenOption.READ)),
				"Opening with " + given, "READ alone, or WRITE, with CREATE or CREATE_NEW if need be");
		this.options = given;
		return this;
	}

	@Override
	public Journal.Builder segmentSize(long bytes) {
		require(LEAST_SEGMENT <= bytes && bytes <= MOST_SEGMENT, "A segment size of " + bytes,
				"from " + LEAST_SEGMENT + " to " + MOST_SEGMENT + " bytes");
		this.segmentSize = (bytes + UNIT - 1) / UNIT * UNIT;
		return this;
	}

	@Override
	public Journal.Builder maxRecordLength(int bytes) {
		require(bytes >= 0, "A maximum length of " + bytes, "0 or more");
		this.maxRecordLength = bytes;
		return this;
	}

	@Override
	public Journal.Builder maxSize(long bytes) {
		require(bytes > 0, "A maximum size of " + bytes, "more than 0");
		this.maxSize = bytes;
		return this;
	}

	@Override
	public Journal.Builder sizeLimit(long bytes) {
		require(bytes > 0, "A size limit of " + bytes, "more than 0");
		this.sizeLimit = bytes;
		return this;
	}

	@Override
	public Journal.Builder maxAge(Duration age) {
		require(age.isPositive(), "A maximum age of " + age, "longer than 0");
		this.maxAge = age;
		return this;
	}

	@Override
	public Journal.Builder whenHeldUp(HeldUpAction action) {
		this.whenHeldUp = Objects.requireNonNull(action, "action");
		return this;
	}

	@Override
	public Journal.Builder whenDamaged(DamageAction action) {
		this.whenDamaged = Objects.requireNonNull(action, "action");
		return this;
	}

	@Override
	public Journal.Builder syncOnAppend(boolean syncs) {
		this.syncOnAppend = syncs;
		return this;
	}

	@Override
	public Journal.Builder listener(JournalListener listener) {
		this.listeners.add(Objects.requireNonNull(listener, "listener"));
		return this;
	}

	@Override
	public Journal.Builder permissions(Set<PosixFilePermission> permissions) {
		this.permissions = Set.copyOf(permissions);
		return this;
	}

	@Override
	public Journal.Builder backend(Backend backend) {
		this.backend = Objects.requireNonNull(backend, "backend");
		return this;
	}

	/** Sets the clocks, for tests. */
	JournalOpener clock(InstantSource clock, LongSupplier nanos) {
		this.clock = clock;
		this.nanos = nanos;
		return this;
	}

	private static void require(boolean condition, String what, String expected) {
		if (!condition) {
			throw new IllegalArgumentException(what + " is not possible: it must be " + expected);
		}
	}

	@Override
	public Journal open() throws IOException {
		StackReserve.require(STACK_LEVELS);
		JournalEvents events = new JournalEvents(this.listeners);
		AbstractJournal journal = open(events);
		events.opened(journal);
		return journal;
	}

	private AbstractJournal open(JournalEvents events) throws IOException {
		JournalDirectory directory = new JournalDirectory(this.path, this.permissions, this.backend, events);
		if (!this.options.contains(StandardOpenOption.WRITE)) {
			return ReadingJournal.open(directory, this.whenDamaged, events);
		}
		boolean create = this.options.contains(StandardOpenOption.CREATE)
				|| this.options.contains(StandardOpenOption.CREATE_NEW);
		if (this.options.contains(StandardOpenOption.CREATE_NEW) && directory.exists()) {
			throw new FileAlreadyExistsException(this.path.toString(), null,
					"there is a journal already. Open it without CREATE_NEW");
		}
		if (!create && !directory.exists()) {
			throw new NoSuchFileException(this.path.toString(), null,
					"there is no journal in this directory. Check the path, or open it with CREATE");
		}
		if (create && !Files.isDirectory(this.path)) {
			directory.create();
		}
		return FileJournal.open(directory, create,
				new Settings(this.segmentSize, mostContent(this.segmentSize, this.maxRecordLength), this.maxSize,
						this.sizeLimit, this.maxAge, this.whenHeldUp, this.whenDamaged, this.syncOnAppend, events,
						this.clock, this.nanos));
	}

	/** Returns the greatest length of a record, which fits an empty segment. */
	static int mostContent(long segmentSize, int maxRecordLength) {
		long room = segmentSize - SegmentFile.DATA - RecordFormat.HEADER;
		return (int) Math.min(maxRecordLength, Math.min(room, LONGEST_RECORD));
	}

	/**
	 * The settings of the writer.
	 */
	record Settings(long segmentSize, int mostContent, long maxSize, long sizeLimit, @Nullable Duration maxAge,
			HeldUpAction whenHeldUp, DamageAction whenDamaged, boolean syncOnAppend, JournalEvents events,
			InstantSource clock, LongSupplier nanos) {

	}

}
